import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleCounts, sampleGroups, samplesInWords } from '../../../src/core/run/samples.ts';
import type { Outcome, Run } from '../../../src/core/store.ts';

function run(id: string, text: string, status: 'finished' | 'running' | 'stopped' = 'finished'): Run {
  const outcome: Outcome = status === 'finished' ? { status, reason: 'stop' } : { status };
  return {
    id,
    startedAt: 0,
    variables: {},
    modelId: 'local/demo',
    request: { model: 'demo', messages: [], settings: {} },
    warnings: [],
    text,
    reasoning: '',
    toolCalls: [],
    logprobs: [],
    outcome,
  };
}

const idsOf = (runs: readonly Run[], pending = 0): readonly (readonly string[])[] =>
  sampleGroups({ runs, pending }).map((group) => group.map(({ id }) => id));
const words = (runs: readonly Run[], pending = 0): string => samplesInWords({ runs, pending });

test('samples with the same answer stand together, the largest group first', () => {
  const runs = [run('a', 'One'), run('b', 'Two'), run('c', 'Two\n'), run('d', 'Three')];
  assert.deepEqual(idsOf(runs), [['b', 'c'], ['a'], ['d']]);
});

test('groups keep their places while samples still run or are to begin', () => {
  const runs = [run('a', 'One'), run('b', 'Two'), run('c', 'Two')];
  assert.deepEqual(idsOf([...runs, run('d', 'Tw', 'running')]), [['a'], ['b', 'c'], ['d']]);
  assert.deepEqual(idsOf(runs, 1), [['a'], ['b', 'c']]);
});

test('how many are identical is told beside how many have answered', () => {
  const runs = [run('a', 'One'), run('b', 'Two'), run('c', 'Two\n'), run('d', 'Two', 'stopped')];
  assert.deepEqual(sampleCounts({ runs, pending: 1 }), { asked: 5, answered: 3, identical: 2 });
  assert.deepEqual(sampleCounts({ runs: runs.slice(3), pending: 0 }), {
    asked: 1,
    answered: 0,
    identical: 0,
  });
});

test('what has no whole answer is identical to nothing', () => {
  const runs = [run('a', 'One', 'stopped'), run('b', 'One', 'stopped'), run('c', 'One')];
  assert.deepEqual(idsOf(runs), [['a'], ['b'], ['c']]);
});

test('answers that call tools differ by what they call', () => {
  const call = (id: string, text: string): Run => ({
    ...run(id, ''),
    toolCalls: [{ type: 'tool-call', id, name: 'look', arguments: text }],
  });
  assert.deepEqual(idsOf([call('a', '{}'), call('b', '{"x":1}'), call('c', '{}')]), [['a', 'c'], ['b']]);
});

test('it is said how many are identical', () => {
  const one = run('a', 'One');
  assert.equal(words([one, run('b', 'Two'), run('c', 'One')]), '2 of 3 identical');
  assert.equal(words([one, run('b', 'One')]), 'All 2 identical');
  assert.equal(words([one, run('b', 'Two')]), '2 samples, all different');
  assert.equal(
    words([one, run('b', 'One'), run('c', '', 'stopped')]),
    '2 of 3 identical, 1 without an answer',
  );
  assert.equal(words([one, run('b', '', 'running')], 3), '1 of 5 answered');
  assert.equal(words([one, run('b', '', 'stopped')]), '1 of 2 answered');
});
