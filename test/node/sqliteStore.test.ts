import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import { textMessage } from '../../src/core/chat.ts';
import { emptyOutput } from '../../src/core/run/fold.ts';
import type { Run, RunOutput } from '../../src/core/store.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';

const folder = mkdtempSync(join(tmpdir(), 'store-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newFile = (): string => join(folder, String(++files), 'history.sqlite');

function runAt(startedAt: number, changes: Partial<Run> = {}): Run {
  return {
    ...emptyOutput,
    id: `run-${startedAt}`,
    startedAt,
    prompt: { uri: 'file:///a.prompt', name: 'a.prompt', version: 'abc' },
    variables: { topic: 'tokens' },
    modelId: 'local/scripted',
    request: { model: 'scripted', messages: [textMessage('user', 'Hi')], settings: { temperature: 0 } },
    ...changes,
  };
}

const finished: RunOutput = {
  servedModel: 'scripted-1',
  warnings: [{ subject: 'seed', message: 'Not taken.' }],
  text: 'Hello 🌍',
  reasoning: 'hm',
  toolCalls: [{ type: 'tool-call', id: '1', name: 'now', arguments: '{}' }],
  citations: [{ url: 'https://a.example', title: 'A' }],
  logprobs: [{ token: 'Hello', logprob: -0.1, alternatives: [{ token: 'Hi', logprob: -3 }] }],
  usage: { inputTokens: 3, outputTokens: 2 },
  timing: { timeToFirstTokenMs: 5, totalMs: 9 },
  cost: { total: 0, input: 0, cacheRead: 0, cacheWrite: 0, output: 0, source: { kind: 'local' } },
  outcome: { status: 'finished', reason: 'stop' },
};

describe('the run store', () => {
  test('gives a finished run back whole, also to another window', () => {
    const file = newFile();
    using store = new SqliteStore(file, Date.now);
    store.insert(runAt(1));
    store.update('run-1', finished);
    using other = new SqliteStore(file, Date.now);
    assert.deepEqual(other.get('run-1'), { ...runAt(1), ...finished });
  });

  test('lists the newest first, and those of one prompt', () => {
    using store = new SqliteStore(newFile(), Date.now);
    store.insert(runAt(1));
    store.insert(runAt(2, { prompt: { uri: 'file:///b.prompt', name: 'b.prompt', version: 'x' } }));
    store.insert(runAt(3));
    const ids = (options: { limit: number; promptUri?: string }) => store.list(options).map((run) => run.id);
    assert.deepEqual(ids({ limit: 2 }), ['run-3', 'run-2']);
    assert.deepEqual(ids({ limit: 9, promptUri: 'file:///a.prompt' }), ['run-3', 'run-1']);
  });

  test('does not have a run that nobody recorded', () => {
    using store = new SqliteStore(newFile(), Date.now);
    assert.equal(store.get('none'), undefined);
  });

  test('two windows write at once and neither touches the running runs of the other', async () => {
    const file = newFile();
    using first = new SqliteStore(file, Date.now);
    first.insert(runAt(1, { text: 'still going' }));
    const second = spawn(
      process.execPath,
      [...process.execArgv, '--input-type=module', '-e', writer(file, 200)],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    for (let count = 0; count < 200; count++) {
      first.update('run-1', { ...emptyOutput, text: `still going ${count}` });
      if (count % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const [code] = (await once(second, 'exit')) as [number];
    assert.equal(code, 0);
    assert.equal(first.list({ limit: 1000 }).length, 201);
    assert.deepEqual(first.get('run-1')?.outcome, { status: 'running' });
  });

  test('finds the run of a killed process interrupted, with its text', () => {
    const file = newFile();
    const died = spawnSync(
      process.execPath,
      [
        ...process.execArgv,
        '--input-type=module',
        '-e',
        `${writer(file, 1)}; process.kill(process.pid, 'SIGKILL')`,
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    assert.equal(died.signal, 'SIGKILL');
    using store = new SqliteStore(file, Date.now);
    const [run] = store.list({ limit: 1 });
    assert.deepEqual([run?.outcome, run?.text], [{ status: 'interrupted' }, 'Half an ans']);
  });

  test('finds the run of a process interrupted whose pid somebody else has now', () => {
    const file = newFile();
    using crashed = new SqliteStore(file, () => 1_000_000);
    crashed.insert(runAt(1));
    using store = new SqliteStore(file, () => 1_031_000);
    assert.deepEqual(store.get('run-1')?.outcome, { status: 'interrupted' });
  });

  test('a folder that cannot be written is an error that names the file', () => {
    const blocked = join(folder, 'a-file');
    writeFileSync(blocked, '');
    using store = new SqliteStore(join(blocked, 'history.sqlite'), Date.now);
    assert.throws(() => store.insert(runAt(1)), /The history in .*history\.sqlite cannot be written/);
  });

  test('a database that may only be read is an error, and works again once it may be written', () => {
    const file = newFile();
    {
      using store = new SqliteStore(file, Date.now);
      store.insert(runAt(1));
    }
    const seal = new DatabaseSync(file);
    seal.exec(
      "CREATE TRIGGER full BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
    );
    using store = new SqliteStore(file, Date.now);
    assert.throws(() => store.insert(runAt(2)), /disk is full/);
    seal.exec('DROP TRIGGER full');
    seal.close();
    store.insert(runAt(2));
    assert.equal(store.list({ limit: 5 }).length, 2);
  });

  test('a cost from before cache reads and writes were told apart is still a cost', () => {
    const file = newFile();
    {
      using store = new SqliteStore(file, Date.now);
      store.insert(runAt(1));
      store.update('run-1', finished);
      store.insert(runAt(2));
    }
    const older = new DatabaseSync(file);
    older.exec(`
      UPDATE runs SET details = json_set(details, '$.cost', json('{"total":0,"input":0,"cache":0,"output":0}'))
        WHERE id = 'run-1';
      DELETE FROM migrations WHERE name = 'costs-by-cache';
    `);
    older.close();
    using store = new SqliteStore(file, Date.now);
    assert.deepEqual(
      store.list({ limit: 2 }).map(({ cost }) => cost),
      [undefined, finished.cost],
    );
  });
});

/** A program that records `count` running runs in `file`, with half an answer each. */
function writer(file: string, count: number): string {
  const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  return `
    import { SqliteStore } from ${at('../../src/node/sqliteStore.ts')};
    import { emptyOutput } from ${at('../../src/core/run/fold.ts')};
    const store = new SqliteStore(${JSON.stringify(file)}, Date.now);
    for (let count = 0; count < ${count}; count++) {
      const id = 'child-' + count;
      store.insert({ ...emptyOutput, id, startedAt: 10 + count, variables: {}, modelId: 'local/scripted',
        request: { model: 'scripted', messages: [], settings: {} } });
      store.update(id, { ...emptyOutput, text: 'Half an ans' });
    }
  `;
}
