import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { BatchItem } from 'node-llama-cpp';
import { BatchSchedule, type LanesAtWork } from '../../src/runtime/batchSchedule.ts';

const size = 512;

describe('a batch of several lanes', () => {
  test('waits until every lane has put in its token', () => {
    const { nextBatch } = scheduleOf({ count: 2, areHeld: false });
    assert.deepEqual(nextBatch({ items: [lane(2)], size }), []);
    assert.deepEqual(tokensByLane(nextBatch({ items: [lane(2), lane(1)], size })), [
      [1, 1],
      [2, 1],
    ]);
  });

  test('goes without a lane that does not come', () => {
    const { nextBatch } = scheduleOf({ count: 3, areHeld: false });
    const items = [lane(3), lane(1)];
    let rounds = 0;
    while (nextBatch({ items, size }).length === 0) rounds++;
    assert.ok(rounds > 10 && rounds < 1000, `${rounds} rounds`);
    // And waits anew for the next one.
    assert.deepEqual(nextBatch({ items, size }), []);
  });

  test('does not wait for lanes that are held back', () => {
    const { nextBatch } = scheduleOf({ count: 4, areHeld: true });
    assert.deepEqual(tokensByLane(nextBatch({ items: [lane(4)], size })), [[4, 1]]);
  });

  test('is in the order of the lanes, whatever the order in which they come', () => {
    const { nextBatch } = scheduleOf({ count: 4, areHeld: false });
    const items = [lane(4), lane(2), lane(1), lane(3)];
    assert.deepEqual(
      nextBatch({ items, size }).map(({ item }) => item.evaluationPriority),
      [1, 2, 3, 4],
    );
  });
});

describe('a prompt', () => {
  test('alone takes the whole batch', () => {
    const { nextBatch } = scheduleOf({ count: 1, areHeld: false });
    assert.deepEqual(tokensByLane(nextBatch({ items: [lane(1, 1000)], size })), [[1, 512]]);
  });

  test('beside an answer is evaluated in pieces that keep the answer going', () => {
    const { nextBatch, pass } = scheduleOf({ count: 2, areHeld: false });
    const items = [lane(1, 4000), lane(2)];
    const pieces = Array.from({ length: 4 }, () => {
      const [prompt] = nextBatch({ items, size });
      const tokens = prompt?.processAmount ?? 0;
      // A machine that evaluates 200 tokens a second.
      pass(tokens * 5);
      return tokens;
    });
    assert.deepEqual(pieces, [32, 20, 20, 20]);
  });

  test('on a fast machine takes all that is left of the batch, on a slow one a few tokens', () => {
    const after = (msPerToken: number): number | undefined => {
      const { nextBatch, pass } = scheduleOf({ count: 2, areHeld: false });
      const items = [lane(1, 4000), lane(2)];
      pass((nextBatch({ items, size })[0]?.processAmount ?? 0) * msPerToken);
      return nextBatch({ items, size })[0]?.processAmount;
    };
    assert.equal(after(0.01), 511);
    assert.equal(after(500), 8);
  });

  test('that is short leaves its share to the long ones', () => {
    const { nextBatch } = scheduleOf({ count: 3, areHeld: false });
    assert.deepEqual(tokensByLane(nextBatch({ items: [lane(1, 1000), lane(2, 4), lane(3, 1000)], size })), [
      [1, 14],
      [2, 4],
      [3, 14],
    ]);
  });
});

function scheduleOf(lanes: LanesAtWork): Pick<BatchSchedule, 'nextBatch'> & { pass: (ms: number) => void } {
  let now = 0;
  const { nextBatch } = new BatchSchedule(
    () => lanes,
    () => now,
  );
  return { nextBatch, pass: (ms) => void (now += ms) };
}

function lane(priority: BatchItem['evaluationPriority'], tokens = 1): BatchItem {
  return {
    tokens: Array.from({ length: tokens }, () => 7 as never),
    logits: [],
    evaluationPriority: priority,
  };
}

function tokensByLane(batch: ReturnType<BatchSchedule['nextBatch']>): number[][] {
  return batch.map(({ item, processAmount }) => [item.evaluationPriority, processAmount]);
}
