import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparisonTable, labelsOf, markdownTable, marksOf } from '../../../src/core/run/comparison.ts';
import type { Run } from '../../../src/core/store.ts';

function run(more: Partial<Run> & { readonly total?: number; readonly out?: number } = {}): Run {
  const { total = 1000, out = 10, ...rest } = more;
  return {
    id: 'run',
    startedAt: 0,
    variables: {},
    modelId: 'local/demo',
    request: { model: 'demo', messages: [], settings: {} },
    warnings: [],
    text: 'One | two\nthree',
    reasoning: '',
    toolCalls: [],
    logprobs: [],
    usage: { inputTokens: 5, outputTokens: out },
    timing: { timeToFirstTokenMs: 500, totalMs: total },
    outcome: { status: 'finished', reason: 'stop' },
    ...rest,
  };
}

const cost = (total: number): Pick<Run, 'cost'> => ({
  cost: { total, input: 0, cacheRead: 0, cacheWrite: 0, output: total, source: { kind: 'local' } },
});
const failed: Partial<Run> = {
  outcome: { status: 'failed', error: { kind: 'auth', message: 'No key.', retryable: false } },
};

test('the fastest, cheapest and shortest answers are marked', () => {
  assert.deepEqual(marksOf([run({ total: 900, out: 20, ...cost(2) }), run({ out: 10, ...cost(1) })]), [
    ['fastest'],
    ['cheapest', 'shortest'],
  ]);
});

test('nothing is marked while one still answers, or where only one has an answer', () => {
  assert.deepEqual(marksOf([run({ total: 9 }), run(), run({ outcome: { status: 'running' } })]), [
    [],
    [],
    [],
  ]);
  assert.deepEqual(marksOf([run({ total: 9 }), run({ total: 1, ...failed })]), [[], []]);
});

test('an answer that was cut off is not the shortest', () => {
  const cut = run({ out: 1, outcome: { status: 'finished', reason: 'length' } });
  assert.deepEqual(marksOf([run({ out: 20 }), run({ out: 10 }), cut]), [[], ['shortest'], []]);
});

test('what all share and what one does not report marks nobody', () => {
  assert.deepEqual(marksOf([run({ ...cost(0) }), run({ ...cost(0) })]), [[], []]);
  assert.deepEqual(marksOf([run({ ...cost(0) }), run()]), [[], []]);
});

test('runs of several versions of a prompt are told apart by these', () => {
  const of = (version: string) => run({ prompt: { uri: 'file:///a.prompt', name: 'a.prompt', version } });
  assert.deepEqual(labelsOf([of('c0ffee0011'), of('5eed5eed22')]), [
    'local/demo, version c0ffee00',
    'local/demo, version 5eed5eed',
  ]);
  assert.deepEqual(labelsOf([of('c0ffee0011'), of('c0ffee0011')]), ['local/demo', 'local/demo']);
});

test('runs of one model are told apart by the settings that differ', () => {
  const at = (settings: Run['request']['settings']) =>
    run({ request: { model: 'demo', messages: [], settings } });
  assert.deepEqual(
    labelsOf([at({ temperature: 0, seed: 1 }), at({ temperature: 1, seed: 1 }), at({ seed: 1 })]),
    ['local/demo, temperature 0', 'local/demo, temperature 1', 'local/demo'],
  );
});

test('the table has a row for each run, failed ones too', () => {
  assert.deepEqual(
    comparisonTable([run(cost(0)), run({ ...failed, usage: undefined, timing: undefined } as never)]),
    [
      ['Model', 'TTFT', 'Total', 'Speed', 'In', 'Out', 'Cost', 'Finish'],
      ['local/demo', '500 ms', '1.00 s', '20.0 tok/s', '5', '10', '$0', 'stop'],
      ['local/demo', '', '', '', '', '', 'unknown', 'failed'],
    ],
  );
});

test('an answer with bars and lines stays in its cell of the Markdown table', () => {
  assert.match(markdownTable([run()]), /\| stop \| One \\\| two<br>three \|$/);
});
