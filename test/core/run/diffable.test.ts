import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffables } from '../../../src/core/run/diffable.ts';
import type { Run } from '../../../src/core/store.ts';
import { run as runWith } from '../conversation/fixtures.ts';

const run = (id: string, text: string, modelId = 'local/demo'): Run =>
  runWith(id, { text, modelId, outcome: { status: 'finished', reason: 'stop' } });

const told = (...lanes: Parameters<typeof diffables>[0]): unknown =>
  diffables(lanes).map(({ laneId, run: { id }, label, isShown }) => [laneId, id, label, isShown]);

test('each lane has its answer, under what tells it from the others', () => {
  assert.deepEqual(
    told(
      { id: '1', run: run('a', 'Yes.'), samples: null },
      { id: '2', run: run('b', 'No.', 'openai/gpt-5'), samples: null },
      { id: '3', run: null, samples: null },
    ),
    [
      ['1', 'a', 'local/demo', true],
      ['2', 'b', 'openai/gpt-5', true],
    ],
  );
});

test('samples that differ are told apart as they are paged, and those that are identical are one', () => {
  const runs = [run('a', 'No.'), run('b', 'Yes.'), run('c', 'Yes.')];
  const [, , shown] = runs;
  assert.deepEqual(told({ id: '1', run: shown ?? null, samples: { runs, pending: 0 } }), [
    ['1', 'c', 'local/demo, answer 1 of 2', true],
    ['1', 'a', 'local/demo, answer 2 of 2', false],
  ]);
});

test('what has no text yet is held against nothing', () => {
  const runs = [run('a', 'Yes.'), run('b', '')];
  assert.deepEqual(told({ id: '1', run: runs[0] ?? null, samples: { runs, pending: 0 } }), [
    ['1', 'a', 'local/demo, answer 1 of 2', true],
  ]);
});
