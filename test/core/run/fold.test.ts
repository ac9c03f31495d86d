import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { emptyOutput, foldRun, joinEvents, type RunEvent } from '../../../src/core/run/fold.ts';

const token = (value: string) => ({ token: value, logprob: -1, alternatives: [] });

const events: RunEvent[] = [
  { type: 'start', model: 'm', responseId: 'r', warnings: [] },
  { type: 'reasoning', text: 'Think' },
  { type: 'reasoning', text: 'ing' },
  { type: 'text', text: 'Hel', logprobs: [token('Hel')] },
  { type: 'text', text: 'lo', logprobs: [token('lo')] },
  { type: 'tool-call', index: 0, id: 'a', name: 'now', arguments: '{"z' },
  { type: 'tool-call', index: 1, id: 'b', name: 'then', arguments: '{}' },
  { type: 'tool-call', index: 0, arguments: 'one":1}' },
  { type: 'usage', usage: { inputTokens: 1, outputTokens: 1 } },
  { type: 'usage', usage: { inputTokens: 1, outputTokens: 9 } },
  { type: 'finish', reason: 'tool-calls' },
  { type: 'end', outcome: { status: 'finished', reason: 'tool-calls' }, timing: { totalMs: 4 } },
];

const folded = {
  servedModel: 'm',
  responseId: 'r',
  warnings: [],
  text: 'Hello',
  reasoning: 'Thinking',
  toolCalls: [
    { type: 'tool-call', id: 'a', name: 'now', arguments: '{"zone":1}' },
    { type: 'tool-call', id: 'b', name: 'then', arguments: '{}' },
  ],
  logprobs: [token('Hel'), token('lo')],
  usage: { inputTokens: 1, outputTokens: 9 },
  outcome: { status: 'finished', reason: 'tool-calls' },
  timing: { totalMs: 4 },
};

describe('the fold of a run', () => {
  test('adds events up to the whole output', () => {
    assert.deepEqual(events.reduce(foldRun, emptyOutput), folded);
  });

  test('is the same for joined events', () => {
    assert.ok(joinEvents(events).length < events.length);
    assert.deepEqual(joinEvents(events).reduce(foldRun, emptyOutput), folded);
  });
});
