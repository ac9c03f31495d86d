/**
 * The history at the sizes that years of work make: opening a conversation of 1,000 messages, searching 100,000 messages,
 * the first page of 50,000 conversations, and adding a message while another program writes without a pause.
 *
 * SQLite by itself is the peer: what is asked for, as one bare statement over the same file.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { emptyOutput } from '../../src/core/run/fold.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import { median } from './median.ts';

const [role, path] = process.argv.slice(2);
if (role === 'writer' && path !== undefined) await writeWithoutPause(path);
else await measure();

async function measure(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'history-bench-'));
  try {
    const file = join(folder, 'history.sqlite');
    using store = new SqliteStore(file, Date.now);
    const { conversations } = store;
    const { id } = conversations.create();
    console.log(`  filled in ${(timed(() => fill(file, id)) / 1000).toFixed(1)} s`);
    using bare = new DatabaseSync(file, { readOnly: true });

    report(
      'open 1,000 messages',
      () => [conversations.get(id), conversations.answers(id)],
      () => bare.prepare('SELECT * FROM messages WHERE conversation_id = ?').all(id),
    );
    for (const words of ['needle', 'lorem', 'lorem ips', '"dolor sit" amet', 'nowhere']) {
      const match = words.replace(/ips$/, 'ips*');
      report(
        `search ${words}`,
        () => conversations.search(words, { limit: 20 }),
        () =>
          bare
            .prepare('SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT 20')
            .all(match),
      );
    }
    const page =
      'SELECT * FROM conversations WHERE deleted_at IS NULL AND archived = 0 ORDER BY updated_at DESC, id DESC LIMIT 50';
    report(
      'first page of 50,000',
      () => conversations.list({ limit: 50 }),
      () => bare.prepare(page).all(),
    );
    report(
      'page by model',
      () => conversations.list({ limit: 50 }, { modelId: 'local/rare' }),
      () => bare.prepare(page).all(),
    );
    report(
      'page by text',
      () => conversations.list({ limit: 50 }, { text: 'needle' }),
      () => bare.prepare(page).all(),
    );
    const { cursor } = conversations.changesSince(null);
    conversations.rename(id, 'Renamed');
    report(
      'changes since',
      () => conversations.changesSince(cursor),
      () => bare.prepare('SELECT value FROM change_counter').all(),
    );
    await measureAppend(store, file, id);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Adds messages one by one, alone and beside a program that writes all the time. */
async function measureAppend(store: SqliteStore, file: string, id: string): Promise<void> {
  const append = (): number =>
    timed(() =>
      store.conversations.append(id, {
        parentId: null,
        role: 'user',
        content: [{ type: 'text', text: 'lorem' }],
      }),
    );
  const alone = Array.from({ length: 100 }, append);
  const writer = spawn(process.execPath, [import.meta.filename, 'writer', file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(writer.stdout, 'data');
  const beside: number[] = [];
  for (let count = 0; count < 100; count++) {
    beside.push(append());
    await sleep(5);
  }
  writer.stdin.end();
  await once(writer, 'exit');
  console.log(
    `  append ${format(median(alone))} alone, ${format(median(beside))} (at most ${format(Math.max(...beside))}) beside a writer`,
  );
}

async function writeWithoutPause(file: string): Promise<void> {
  using store = new SqliteStore(file, Date.now);
  const { id } = store.conversations.create();
  const over = new AbortController();
  process.stdin.resume().on('end', () => over.abort());
  console.log('ready');
  while (!over.signal.aborted) {
    for (let count = 0; count < 10; count++) {
      store.conversations.append(id, {
        parentId: null,
        role: 'user',
        content: [{ type: 'text', text: 'ipsum' }],
      });
    }
    await sleep(0);
  }
}

/** 50,000 conversations of a message and its answer, and a long one of 1,000 messages, all in one transaction. */
function fill(file: string, id: string): void {
  using database = new DatabaseSync(file);
  const conversation = database.prepare(
    "INSERT INTO conversations (id, title, title_source, created_at, updated_at) VALUES (?, ?, 'auto', ?, ?)",
  );
  const message = database.prepare(
    'INSERT INTO messages (id, conversation_id, parent_id, role, text, created_at, run_id) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const run = database.prepare(
    `INSERT INTO runs (id, started_at, owner, status, model_id, input, sent, text, details)
     VALUES (?, ?, 'bench', 'finished', ?, ?, '[]', ?, ?)`,
  );
  const {
    text: _,
    logprobs: _logprobs,
    ...details
  } = { ...emptyOutput, outcome: { status: 'finished', reason: 'stop' } };
  const turn = (conversationId: string, parentId: string | null, at: number): string => {
    const key = `${conversationId}.${at}`;
    const rare = at % 10_007 === 0;
    const modelId = rare ? 'local/rare' : 'local/demo';
    const input = { variables: {}, modelId, request: { model: 'demo', settings: {} } };
    message.run(`${key}.u`, conversationId, parentId, 'user', textOf(at, rare), at, null);
    message.run(`${key}.a`, conversationId, `${key}.u`, 'assistant', '', at, key);
    run.run(key, at, modelId, JSON.stringify(input), textOf(at + 1, false), JSON.stringify(details));
    return `${key}.a`;
  };
  database.exec('BEGIN');
  for (let at = 1; at <= 50_000; at++) {
    const key = String(at).padStart(9, '0');
    conversation.run(key, `Title ${at}`, at, at);
    turn(key, null, at);
  }
  let parentId: string | null = null;
  for (let at = 1; at <= 500; at++) parentId = turn(id, parentId, at);
  database.exec('COMMIT');
}

/** About 400 characters, a few words of which are rare. */
function textOf(at: number, rare: boolean): string {
  const words = ['lorem', 'ipsum', 'dolor', 'sit', 'amet', 'token', 'model', 'prompt'];
  const text = Array.from({ length: 64 }, (_, place) => words[(at * 31 + place * place * 7) % 8]).join(' ');
  return `${text} ${rare ? 'needle ' : ''}number${at}`;
}

function report(name: string, ours: () => unknown, peer: () => unknown): void {
  const rounds = Array.from({ length: 15 }, () => [timed(ours), timed(peer)] as const);
  const [mine, theirs] = [median(rounds.map(([each]) => each)), median(rounds.map(([, each]) => each))];
  console.log(`  ${name.padEnd(24)} ${format(mine).padStart(8)}  (bare statement ${format(theirs)})`);
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function format(ms: number): string {
  return `${ms.toFixed(ms < 1 ? 3 : 1)} ms`;
}
