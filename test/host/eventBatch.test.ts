import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../src/core/run/fold.ts';
import { EventBatch } from '../../src/host/eventBatch.ts';

const start: RunEvent = { type: 'start', model: 'm', warnings: [] };
const usage: RunEvent = { type: 'usage', usage: { inputTokens: 1, outputTokens: 0 } };
const text = (value: string): RunEvent => ({ type: 'text', text: value });

test('the first token is sent at once, and what follows within a frame in one message', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const sent: RunEvent[][] = [];
  const batch = new EventBatch((events) => sent.push(events));
  for (const event of [start, usage, text('a'), text('b'), text('c')]) batch.add(event);
  assert.deepEqual(sent, [[start], [usage], [text('a')]]);
  context.mock.timers.tick(40);
  assert.deepEqual(sent.at(-1), [text('bc')]);
});

test('what is held when the run ends is sent', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const sent: RunEvent[][] = [];
  const batch = new EventBatch((events) => sent.push(events));
  for (const event of [text('a'), text('b')]) batch.add(event);
  batch.dispose();
  assert.deepEqual(sent, [[text('a')], [text('b')]]);
});
