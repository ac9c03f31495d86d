import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { PromptVersion, VersionList } from '../core/prompt/versionList.ts';
import { shortVersion } from '../core/prompt/versions.ts';
import { SqliteStore } from '../node/sqliteStore.ts';
import { VersionHistory } from '../node/versionHistory.ts';
import { type Command, UsageError } from './command.ts';
import { databaseOf } from './database.ts';

/** Lists the versions of a prompt, newest first: a line each, or all that is known of them as JSON. */
export const versions: Command = {
  usage:
    'versions FILE.prompt [--database FILE] [--json]\n' +
    '  With the history of an editor, runs and tags are in the list too.',
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, database: { type: 'string' } },
    });
    const [file] = positionals;
    if (file === undefined) throw new UsageError('Name the prompt file.');
    const { versions: entries, note } = await versionsOf(resolve(file), values.database);
    if (values.json) console.log(JSON.stringify(entries.map(asJson), null, 2));
    else for (const entry of entries) console.log(lineOf(entry));
    if (note !== undefined) console.error(note);
    return 0;
  },
};

/** @param database the history's file; without it git alone is asked */
async function versionsOf(file: string, database: string | undefined): Promise<VersionList> {
  const text = await readFile(file, 'utf8');
  using store =
    database === undefined ? undefined : new SqliteStore(databaseOf(database), Date.now, { readOnly: true });
  const history = new VersionHistory({
    uri: pathToFileURL(file).href,
    file,
    uriOf: (path) => pathToFileURL(path).href,
    fileOf: (uri) => (uri.startsWith('file:') ? fileURLToPath(uri) : undefined),
    ...(store ? { versions: store.versions } : {}),
  });
  let list: VersionList = { versions: [], hasGit: false, hasMore: false };
  for await (const grown of history.read({ text, limit: Infinity }, new AbortController().signal))
    list = grown;
  return list;
}

/** `3f2a91bc  2026-11-24  Ann  1a2b3c4  Shorten the answer  3 runs  (v1.3, best)` */
function lineOf({ version, commits, names, runs, isWorkingCopy, isStaged }: PromptVersion): string {
  const [commit] = commits;
  const state = isWorkingCopy ? 'working copy' : isStaged ? 'staged' : '';
  return [
    shortVersion(version),
    commit && new Date(commit.at).toISOString().slice(0, 10),
    commit?.author,
    commit?.id.slice(0, 7),
    commit?.subject,
    runs && `${runs.count} ${runs.count === 1 ? 'run' : 'runs'}`,
    [state, ...names.map(({ name }) => name)].filter(Boolean).join(', ').replace(/.+/, '($&)'),
  ]
    .filter(Boolean)
    .join('  ');
}

/** The same with dates that other programs read. */
function asJson({ version, isWorkingCopy, isStaged, commits, names, runs }: PromptVersion): object {
  return {
    version,
    isWorkingCopy,
    isStaged,
    names,
    commits: commits.map(({ at, ...commit }) => ({ ...commit, at: new Date(at).toISOString() })),
    ...(runs && {
      runs: {
        count: runs.count,
        cost: runs.cost ?? null,
        isCostPartial: runs.isCostPartial,
        lastAt: new Date(runs.last.startedAt).toISOString(),
        lastStatus: runs.last.status,
      },
    }),
  };
}
