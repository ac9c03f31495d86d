import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import { textMessage } from '../../src/core/chat.ts';
import { requestMessages } from '../../src/core/conversation/request.ts';
import { pathTo } from '../../src/core/conversation/tree.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import { run } from '../core/conversation/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'faults-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newFile = (): string => join(folder, String(++files), 'history.sqlite');

/** A file as the extension left it before there were conversations, with one run. */
function olderFile(): string {
  const file = newFile();
  mkdirSync(dirname(file));
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE migrations (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT;
    INSERT INTO migrations VALUES ('runs', 1), ('owners', 1), ('costs-by-cache', 1);
    CREATE TABLE runs (
      id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, owner TEXT NOT NULL, status TEXT NOT NULL, prompt_uri TEXT,
      model_id TEXT NOT NULL, input TEXT NOT NULL, text TEXT NOT NULL, details TEXT NOT NULL,
      logprobs TEXT NOT NULL DEFAULT '[]'
    ) STRICT;
    CREATE INDEX runs_newest ON runs (started_at DESC);
    CREATE INDEX runs_of_prompt ON runs (prompt_uri, started_at DESC);
    CREATE TABLE owners (id TEXT PRIMARY KEY, pid INTEGER NOT NULL, seen_at INTEGER NOT NULL) STRICT;
  `);
  const { id, startedAt, modelId, variables, request, text, warnings, reasoning, toolCalls, outcome } = older;
  database
    .prepare(`INSERT INTO runs VALUES (?, ?, 'nobody', 'finished', NULL, ?, ?, ?, ?, '[]')`)
    .run(
      id,
      startedAt,
      modelId,
      JSON.stringify({ variables, modelId, request }),
      text,
      JSON.stringify({ warnings, reasoning, toolCalls, outcome }),
    );
  database.close();
  return file;
}

const older = run('r1', { text: 'An older answer' });

describe('a history from before conversations', () => {
  test('keeps its runs, which can be searched and opened', () => {
    using store = new SqliteStore(olderFile(), Date.now);
    assert.deepEqual(store.get('r1'), older);
    assert.equal(store.conversations.search('older', { limit: 1 }).hits[0]?.runId, 'r1');
    assert.equal(store.conversations.openRun('r1')?.title, 'u1');
  });

  test('stays as it was when a step fails half way, and is brought up to date once it can be', () => {
    const file = olderFile();
    const database = new DatabaseSync(file);
    // The second table of the step is there already, so the step fails after its first one.
    database.exec('CREATE TABLE messages (something TEXT)');
    using store = new SqliteStore(file, Date.now);
    assert.throws(() => store.get('r1'), /history\.sqlite cannot be written: table messages already exists/);
    assert.equal(
      database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'conversations'").get(),
      undefined,
    );
    assert.equal(database.prepare('SELECT text FROM runs').get()?.['text'], 'An older answer');
    database.exec('DROP TABLE messages');
    database.close();
    assert.equal(store.get('r1')?.text, 'An older answer');
  });

  test('is not changed by being looked at', () => {
    const file = olderFile();
    using store = new SqliteStore(file, Date.now, { readOnly: true });
    assert.throws(
      () => store.get('r1'),
      /cannot be read: it is of an older version\. Open the history in VS Code/,
    );
  });
});

describe('a damaged history', () => {
  test('is set aside with a notice, and a new one is begun', () => {
    const file = newFile();
    {
      using store = new SqliteStore(file, Date.now);
      store.insert(run('r1'));
    }
    const rubbish = 'this is not a database, and it is longer than one header of a hundred bytes'.repeat(9);
    writeFileSync(file, rubbish);
    const told: string[] = [];
    using store = new SqliteStore(file, () => Date.UTC(2026, 10, 24), {
      tell: (notice) => told.push(notice),
    });
    store.insert(run('r2'));
    assert.deepEqual(
      store.list({ limit: 9 }).map(({ id }) => id),
      ['r2'],
    );
    const aside = `${file}.damaged-2026-11-24T00-00-00-000Z`;
    assert.deepEqual(told, [
      `The history was damaged and a new one was begun. The old file is kept as ${aside}.`,
    ]);
    assert.equal(readFileSync(aside, 'utf8'), rubbish);
  });

  test('is set aside where the damage shows only behind its first page', () => {
    const file = newFile();
    {
      using store = new SqliteStore(file, Date.now);
      store.insert(run('r1', { outcome: { status: 'running' } }));
    }
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xff, 4096 * 3, 4096 * 12));
    const told: string[] = [];
    using store = new SqliteStore(file, Date.now, { tell: (notice) => told.push(notice) });
    store.insert(run('r2'));
    assert.equal(told.length, 1);
  });

  test('that is damaged in its search alone makes that again from the texts', () => {
    const file = newFile();
    {
      using store = new SqliteStore(file, Date.now);
      store.insert(run('r1', { text: 'findable' }));
    }
    const database = new DatabaseSync(file);
    database.enableDefensive(false);
    database.exec("UPDATE search_data SET block = x'ff00ff00ff' WHERE id > 1");
    database.close();
    using store = new SqliteStore(file, Date.now);
    store.insert(run('r2', { text: 'also findable' }));
    store.update('r1', run('r1', { text: 'findable still' }));
    assert.equal(store.conversations.search('findable', { limit: 9 }).hits.length, 2);
  });

  test('is told, not set aside, where it is only looked at', () => {
    const file = join(folder, 'rubbish.sqlite');
    writeFileSync(file, 'this is not a database'.repeat(50));
    using store = new SqliteStore(file, Date.now, { readOnly: true });
    assert.throws(() => store.get('r1'), /rubbish\.sqlite cannot be read: file is not a database/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith(basename(file))),
      ['rubbish.sqlite'],
    );
  });
});

test('a history of a newer version can be read and not written, and the user is told', () => {
  const file = newFile();
  {
    using store = new SqliteStore(file, Date.now);
    store.insert(run('r1'));
  }
  const newer = new DatabaseSync(file);
  newer.exec("INSERT INTO migrations VALUES ('from-the-future', 0)");
  newer.close();
  const told: string[] = [];
  using store = new SqliteStore(file, Date.now, { tell: (notice) => told.push(notice) });
  assert.deepEqual(store.get('r1'), run('r1'));
  assert.throws(() => store.insert(run('r2')), /newer version of LLM Playground.*Update the extension/);
  assert.throws(() => store.conversations.create(), /newer version of LLM Playground/);
  assert.equal(store.conversations.list({ limit: 9 }).entries.length, 1);
  assert.equal(told.length, 1);
});

test('a locked history is an error that says so, and works again once it is free', () => {
  const file = newFile();
  using store = new SqliteStore(file, Date.now);
  const { id } = store.conversations.create();
  const other = new DatabaseSync(file);
  other.exec('BEGIN EXCLUSIVE');
  assert.throws(() => store.conversations.rename(id, 'x'), /is in use by another program. Try again/);
  assert.throws(() => store.insert(run('r1')), /is in use by another program/);
  assert.equal(store.conversations.get(id)?.conversation.title, 'New conversation');
  other.exec('COMMIT');
  other.close();
  store.conversations.rename(id, 'x');
  store.insert(run('r1'));
  assert.equal(store.conversations.get(id)?.conversation.title, 'x');
});

test('a clock that is put back marks no run of another window as interrupted', () => {
  const file = newFile();
  using store = new SqliteStore(file, () => 10_000_000);
  store.insert(run('r1', { outcome: { status: 'running' } }));
  using other = new SqliteStore(file, () => 1000);
  assert.deepEqual(other.get('r1')?.outcome, { status: 'running' });
});

test('a process that is killed in mid-answer leaves its run interrupted and its conversation whole', () => {
  const file = newFile();
  const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const program = `
    import { SqliteStore } from ${at('../../src/node/sqliteStore.ts')};
    import { emptyOutput } from ${at('../../src/core/run/fold.ts')};
    import { run } from ${at('../core/conversation/fixtures.ts')};
    const store = new SqliteStore(${JSON.stringify(file)}, Date.now);
    const { conversations } = store;
    const { id, lanes } = conversations.create();
    const user = { parentId: null, role: 'user', content: [{ type: 'text', text: 'Why?' }] };
    const { id: parentId } = conversations.append(id, user, lanes[0].id);
    store.insert(run('r1', { ...emptyOutput }));
    conversations.append(id, { parentId, role: 'assistant', content: [], runId: 'r1' }, lanes[0].id);
    const usage = { inputTokens: 3, outputTokens: 0 };
    store.update('r1', { ...emptyOutput, usage, text: 'Half an ans' });
    process.kill(process.pid, 'SIGKILL');
  `;
  const { signal } = spawnSync(
    process.execPath,
    [...process.execArgv, '--input-type=module', '-e', program],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  assert.equal(signal, 'SIGKILL');

  using store = new SqliteStore(file, Date.now);
  const [entry] = store.conversations.list({ limit: 1 }).entries;
  assert.ok(entry?.kind === 'conversation');
  const tree = store.conversations.get(entry.conversation.id);
  assert.ok(tree);
  const path = pathTo(tree.messages, tree.conversation.lanes[0]?.headId ?? null);
  const answers = store.conversations.answers(tree.conversation.id);
  assert.deepEqual(answers.get('r1')?.outcome, { status: 'interrupted' });
  assert.deepEqual(answers.get('r1')?.usage, { inputTokens: 3, outputTokens: 0, isPartial: true });
  assert.deepEqual(requestMessages(path, answers), {
    messages: [textMessage('user', 'Why?'), textMessage('assistant', 'Half an ans')],
    ids: path.map(({ id }) => id),
    brokenOff: [path.at(-1)?.id],
    continues: true,
  });
  assert.equal(store.conversations.search('half', { limit: 1 }).hits.length, 1);
});
