/** `usage` as it is built: `npm test` builds it first. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { textMessage } from '../../src/core/chat.ts';
import { emptyOutput } from '../../src/core/run/fold.ts';
import type { Run } from '../../src/core/store.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import { runCli } from './cliFixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'cli-usage-'));
after(() => rmSync(folder, { recursive: true }));

const database = join(folder, 'history.sqlite');
{
  using store = new SqliteStore(database, Date.now);
  record(store, 'one', '2026-11-23', 'local/demo', 0);
  record(store, 'two', '2026-11-24', 'openai/gpt-5', 0.5);
  record(store, 'three', '2026-11-24', 'mine/unpriced', undefined);
}

test('prints a line for each day, the newest first, and the sum', () => {
  assert.deepEqual(run(), {
    status: 0,
    stdout:
      '2026-11-24\t2 runs\t2,000 in\t20 out\t$0.5000 and 1 of unknown cost\n' +
      '2026-11-23\t1 run\t1,000 in\t10 out\t$0\n' +
      'total\t3 runs\t3,000 in\t30 out\t$0.5000 and 1 of unknown cost\n',
    stderr: '',
  });
});

test('adds up by model or by prompt, from a day on', () => {
  assert.equal(
    run('--by', 'model', '--since', '2026-11-24').stdout,
    'openai/gpt-5\t1 run\t1,000 in\t10 out\t$0.5000\n' +
      'mine/unpriced\t1 run\t1,000 in\t10 out\t$0 and 1 of unknown cost\n' +
      'total\t2 runs\t2,000 in\t20 out\t$0.5000 and 1 of unknown cost\n',
  );
  assert.match(run('--by', 'prompt').stdout, /^a b\.prompt\t3 runs\t[^\n]*\n$/);
});

test('writes CSV and JSON', () => {
  assert.match(run('--csv').stdout, /^day,runs,[^\r]*\r\n2026-11-24,2,2000,0,20,0,0\.5,1\r\n/);
  const { rows, total } = JSON.parse(run('--json').stdout) as { rows: unknown[]; total: { runs: number } };
  assert.deepEqual([rows.length, total.runs], [2, 3]);
});

test('says what is wrong with its options, and where a history is missing', () => {
  for (const [args, message] of [
    [['--by', 'hour'], '--by hour is none of day, model, prompt.'],
    [['--since', 'May'], '--since May is not a date such as 2026-11-01.'],
    [['--csv', '--json'], 'Give --csv or --json, not both.'],
  ] as const) {
    const { status, stderr } = run(...args);
    assert.deepEqual([status, stderr.split('\n')[0]], [2, message]);
  }
  const { status, stderr } = run('--database', join(folder, 'none.sqlite'));
  assert.deepEqual([status, stderr.includes('There is no history at')], [1, true]);
});

function record(
  store: SqliteStore,
  id: string,
  day: string,
  modelId: string,
  total: number | undefined,
): void {
  const run: Run = {
    ...emptyOutput,
    id,
    startedAt: new Date(`${day}T12:00:00`).getTime(),
    prompt: { uri: 'file:///a%20b.prompt', name: 'a b.prompt', version: '1' },
    variables: {},
    modelId,
    request: { model: 'x', messages: [textMessage('user', 'Hi')], settings: {} },
    servedModel: 'x',
    usage: { inputTokens: 1000, outputTokens: 10 },
    outcome: { status: 'finished', reason: 'stop' },
    ...(total === undefined
      ? {}
      : { cost: { total, input: 0, cacheRead: 0, cacheWrite: 0, output: 0, source: { kind: 'local' } } }),
  };
  store.insert(run);
  store.update(id, run);
}

function run(...args: readonly string[]) {
  const named = args.includes('--database') ? args : [...args, '--database', database];
  return runCli(['usage', ...named]);
}
