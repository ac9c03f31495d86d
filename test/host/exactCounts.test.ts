import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChatRequest, textMessage } from '../../src/core/chat.ts';
import { ExactCounts } from '../../src/host/exactCounts.ts';

const request: ChatRequest = { model: 'x', messages: [textMessage('user', 'Hi')], settings: {} };

test('a count holds for the very request and model, whatever the settings of the sampler', () => {
  const counts = new ExactCounts();
  assert.equal(counts.of('a/x', request), undefined);
  counts.remember('a/x', request, { tokens: 9, by: 'A' });
  assert.deepEqual(counts.of('a/x', { ...request, settings: { temperature: 1 } }), { tokens: 9, by: 'A' });
  assert.equal(counts.of('b/x', request), undefined);
  assert.equal(counts.of('a/x', { ...request, messages: [textMessage('user', 'Hi ')] }), undefined);
});

test('the newest counts are kept', () => {
  const counts = new ExactCounts();
  for (let tokens = 0; tokens <= 200; tokens++) counts.remember(`a/${tokens}`, request, { tokens, by: 'A' });
  assert.equal(counts.of('a/0', request), undefined);
  assert.deepEqual(counts.of('a/200', request), { tokens: 200, by: 'A' });
});
