import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../src/core/run/fold.ts';
import { EventBatch } from '../../src/host/eventBatch.ts';
import type { RunEvents } from '../../src/protocol.ts';

const start: RunEvent = { type: 'start', model: 'm', warnings: [] };
const usage: RunEvent = { type: 'usage', usage: { inputTokens: 1, outputTokens: 0 } };
const text = (value: string): RunEvent => ({ type: 'text', text: value });
const of = (runId: string, ...events: RunEvent[]): RunEvents => ({ runId, events });

test('the first token is sent at once, and what follows within a frame in one message', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const sent: (readonly RunEvents[])[] = [];
  const batch = new EventBatch((runs) => sent.push(runs));
  for (const event of [start, usage, text('a'), text('b'), text('c')]) batch.add('1', event);
  assert.deepEqual(sent, [[of('1', start)], [of('1', usage)], [of('1', text('a'))]]);
  context.mock.timers.tick(40);
  assert.deepEqual(sent.at(-1), [of('1', text('bc'))]);
});

test('runs that stream at once share one message a frame', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const sent: (readonly RunEvents[])[] = [];
  const batch = new EventBatch((runs) => sent.push(runs));
  batch.add('1', text('a'));
  for (const piece of ['b', 'c']) for (const run of ['1', '2']) batch.add(run, text(piece));
  context.mock.timers.tick(40);
  assert.deepEqual(sent, [[of('1', text('a'))], [of('1', text('bc')), of('2', text('bc'))]]);
});

test('what is held when a run ends is sent', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const sent: (readonly RunEvents[])[] = [];
  const batch = new EventBatch((runs) => sent.push(runs));
  for (const event of [text('a'), text('b')]) batch.add('1', event);
  batch.flush();
  assert.deepEqual(sent, [[of('1', text('a'))], [of('1', text('b'))]]);
});
