import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenLogprob } from '../../src/core/chat.ts';
import { scoredSpans, shadeOf } from '../../src/host/scoredSpans.ts';

function token(bytes: Uint8Array | string, probability = 0.5): TokenLogprob {
  return { token: '', logprob: Math.log(probability), bytes: [...Buffer.from(bytes)], alternatives: [] };
}

test('tokens stand where their text does, those of one character together', () => {
  const fox = Buffer.from('🦊');
  const tokens = [token('a '), token(fox.subarray(0, 1)), token(fox.subarray(1)), token('é')];
  assert.deepEqual(
    scoredSpans(tokens, 3).map(({ start, end, token: one }) => [start, end, tokens.indexOf(one)]),
    [
      [3, 5, 0],
      [5, 7, 1],
      [5, 7, 2],
      [7, 8, 3],
    ],
  );
});

test('the less likely a token, the darker its shade', () => {
  assert.deepEqual(
    [1, 0.9, 0.5, 0.2, 0.01].map((probability) => shadeOf(token('x', probability))),
    [0, 0, 2, 3, 4],
  );
});
