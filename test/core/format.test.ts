import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMs, formatSpeed, formatTokens, formatUsd } from '../../src/core/format.ts';

test('durations keep two or three digits that mean something', () => {
  assert.deepEqual([0.42, 12.6, 412, 999.7, 3_440, 59_960, 125_000].map(formatMs), [
    '0.4 ms',
    '13 ms',
    '412 ms',
    '1.0 s',
    '3.4 s',
    '1 min 0 s',
    '2 min 5 s',
  ]);
});

test('counts have their plural and their thousands', () => {
  assert.deepEqual([0, 1, 12_345].map(formatTokens), ['0 tokens', '1 token', '12,345 tokens']);
});

test('no price rounds to nothing', () => {
  assert.deepEqual([0, 0.000_000_42, 0.000_42, 0.009, 0.0123, 0.5, 1.366, 12].map(formatUsd), [
    '$0',
    '$0.00000042',
    '$0.00042',
    '$0.009',
    '$0.0123',
    '$0.50',
    '$1.37',
    '$12.00',
  ]);
});

test('speeds have one digit below a hundred', () => {
  assert.deepEqual([17.26, 100, 1250.4].map(formatSpeed), ['17.3 tok/s', '100 tok/s', '1,250 tok/s']);
});
