import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { exportHtml } from '../core/conversation/exportHtml.ts';
import { exportJson } from '../core/conversation/exportJson.ts';
import { exportMarkdown } from '../core/conversation/exportMarkdown.ts';
import { SqliteStore } from '../node/sqliteStore.ts';
import { type Command, UsageError } from './command.ts';
import { databaseOf } from './database.ts';
import { editorUri, recordOf, transcriptOf } from './historyRecord.ts';
import { entryLine, hitLines } from './historyLines.ts';
import { shown } from './terminal.ts';

/** Looks at the extension's history; nothing in it is changed but by `recover`. */
export const history: Command = {
  usage: `history list [--limit N] [--model PROVIDER/MODEL] [--prompt FILE] [--database FILE] [--json]
history search WORDS… [--limit N] [--database FILE] [--json]
history show ID [--database FILE] [--json]
history export ID --format json|md|html [--logprobs] [--out FILE] [--database FILE]
history recover DAMAGED-FILE [--database FILE]`,
  run(args) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const [name = '', ...words] = positionals;
    if (name === 'recover') return recover(words[0], values.database);
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!action)
      throw new UsageError('Say what to do with the history: list, search, show, export or recover.');
    using store = new SqliteStore(databaseOf(values.database), Date.now, { readOnly: true });
    action(store, words, values);
    return Promise.resolve(0);
  },
};

const options = {
  database: { type: 'string' },
  limit: { type: 'string' },
  model: { type: 'string' },
  prompt: { type: 'string' },
  format: { type: 'string' },
  out: { type: 'string' },
  logprobs: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

interface Options {
  readonly limit?: string;
  readonly model?: string;
  /** A file, or its address as the editor writes it. */
  readonly prompt?: string;
  readonly format?: string;
  readonly out?: string;
  readonly logprobs?: boolean;
  readonly json?: boolean;
}

type Action = (store: SqliteStore, words: readonly string[], options: Options) => void;

const actions: Readonly<Record<string, Action>> = {
  list({ conversations }, _words, { limit, model, prompt, json }) {
    const { entries, next } = conversations.list(
      { limit: limitOf(limit) },
      {
        ...(model === undefined ? {} : { modelId: model }),
        ...(prompt === undefined ? {} : { promptUri: editorUri(prompt) }),
      },
    );
    if (json) console.log(JSON.stringify(entries, undefined, 2));
    else for (const entry of entries) console.log(shown(entryLine(entry)));
    if (next !== undefined) console.error(`There is more. --limit ${limitOf(limit) * 2} shows more of it.`);
  },

  search({ conversations }, words, { limit, json }) {
    if (words.length === 0) throw new UsageError('Say which words to search for.');
    const { hits } = conversations.search(words.join(' '), { limit: limitOf(limit) });
    if (json) console.log(JSON.stringify(hits, undefined, 2));
    else for (const hit of hits) console.log(hitLines(hit));
    if (hits.length === 0) console.error('Nothing was found.');
  },

  show(store, [id], { json, logprobs }) {
    const record = recordOf(store, id);
    if (json) process.stdout.write(exportJson(record, record.runs, { logprobs: logprobs ?? false }));
    else process.stdout.write(shown(exportMarkdown(transcriptOf(record))));
  },

  export(store, [id], { format, out, logprobs }) {
    const record = recordOf(store, id);
    const text = {
      json: () => exportJson(record, record.runs, { logprobs: logprobs ?? false }),
      md: () => exportMarkdown(transcriptOf(record)),
      html: () => exportHtml(transcriptOf(record)),
    }[formatOf(format)]();
    if (out === undefined) process.stdout.write(shown(text));
    else writeFileSync(out, text);
  },
};

/** Adds what a damaged file still holds to the history, or to a file that is made for it. */
async function recover(damaged: string | undefined, database: string | undefined): Promise<number> {
  if (damaged === undefined) throw new UsageError('Name the damaged file.');
  const { salvage } = await import('../node/sqliteSalvage.ts');
  using store = new SqliteStore(database ?? databaseOf(undefined), Date.now);
  const { conversations, runs, isWhole } = salvage(damaged, store);
  console.log(`${conversations} conversations and ${runs} runs recovered`);
  if (!isWhole) console.error('Some of the file could not be read.');
  return 0;
}

function limitOf(text = '20'): number {
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > 100_000)
    throw new UsageError(`--limit ${text} is not a number from 1 to 100000.`);
  return limit;
}

function formatOf(text: string | undefined): 'json' | 'md' | 'html' {
  if (text === 'json' || text === 'md' || text === 'html') return text;
  throw new UsageError(
    text === undefined ? 'Name the format with --format.' : `There is no format "${text}".`,
  );
}
