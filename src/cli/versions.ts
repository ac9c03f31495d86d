import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { PromptVersion, VersionList } from '../core/prompt/versionList.ts';
import { shortVersion } from '../core/prompt/versions.ts';
import { VersionHistory } from '../node/versionHistory.ts';
import { type Command, UsageError } from './command.ts';

/** Lists the versions of a prompt, newest first: a line each, or all that is known of them as JSON. */
export const versions: Command = {
  usage: 'versions FILE.prompt [--json]',
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false } },
    });
    const [file] = positionals;
    if (file === undefined) throw new UsageError('Name the prompt file.');
    const { versions: entries, note } = await versionsOf(resolve(file));
    if (values.json) console.log(JSON.stringify(entries.map(asJson), null, 2));
    else for (const entry of entries) console.log(lineOf(entry));
    if (note !== undefined) console.error(note);
    return 0;
  },
};

async function versionsOf(file: string): Promise<VersionList> {
  const text = await readFile(file, 'utf8');
  const history = new VersionHistory({ uri: pathToFileURL(file).href, file });
  let list: VersionList = { versions: [], hasGit: false, hasMore: false };
  for await (const grown of history.read({ text, limit: Infinity }, new AbortController().signal))
    list = grown;
  return list;
}

/** `3f2a91bc  2026-11-24  Ann  1a2b3c4  Shorten the answer  (v1.3, best)` */
function lineOf({ version, commits, names, isWorkingCopy, isStaged }: PromptVersion): string {
  const [commit] = commits;
  const state = isWorkingCopy ? 'working copy' : isStaged ? 'staged' : '';
  return [
    shortVersion(version),
    commit && new Date(commit.at).toISOString().slice(0, 10),
    commit?.author,
    commit?.id.slice(0, 7),
    commit?.subject,
    [state, ...names.map(({ name }) => name)].filter(Boolean).join(', ').replace(/.+/, '($&)'),
  ]
    .filter(Boolean)
    .join('  ');
}

/** The same with dates that other programs read. */
function asJson({ version, isWorkingCopy, isStaged, commits, names }: PromptVersion): object {
  return {
    version,
    isWorkingCopy,
    isStaged,
    names,
    commits: commits.map(({ at, ...commit }) => ({ ...commit, at: new Date(at).toISOString() })),
  };
}
