import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correctionOf, formatCorrection } from '../../../src/core/usage/correction.ts';

const sample = (reported: number, counted: number) => ({ reported, counted });

test('the ratio of all tokens is learned, so that long inputs weigh more', () => {
  const correction = correctionOf([sample(15, 10), sample(1050, 1000), sample(105, 100)]);
  assert.deepEqual(correction, { ratio: 1170 / 1110, runs: 3 });
  assert.equal(formatCorrection({ ratio: 1170 / 1110, runs: 3 }), '1.05× learned from 3 runs');
});

test('nothing is learned from two runs, or from runs that contradict each other', () => {
  assert.equal(correctionOf([sample(11, 10), sample(11, 10)]), undefined);
  assert.equal(correctionOf([sample(11, 10), sample(11, 10), sample(1000, 10)]), undefined);
});
