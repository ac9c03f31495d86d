import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  formatAge,
  formatDuration,
  formatElapsed,
  formatEntropy,
  formatProbability,
  formatSpeed,
  formatTokens,
  formatUsd,
} from '../../src/core/format.ts';

describe('figures', () => {
  test('ages are told in the largest unit that is full', () => {
    const day = 86_400_000;
    const ages = [-5, 0, 59_000, 60_000, 3_599_000, 3_600_000, day, 6 * day, 13 * day, 40 * day, 800 * day];
    assert.deepEqual(
      ages.map((age) => formatAge(1e13 - age, 1e13)),
      [
        'just now',
        'just now',
        'just now',
        '1 minute ago',
        '59 minutes ago',
        '1 hour ago',
        'yesterday',
        '6 days ago',
        'last week',
        'last month',
        '2 years ago',
      ],
    );
  });

  test('durations keep three digits and change unit without a jump', () => {
    assert.deepEqual(
      [0.4, 412, 999.4, 999.6, 2314, 9994, 9995.1, 59_940, 59_960, 65_000, 3_600_000].map(formatDuration),
      [
        '0 ms',
        '412 ms',
        '999 ms',
        '1.00 s',
        '2.31 s',
        '9.99 s',
        '10.0 s',
        '59.9 s',
        '1 min 00 s',
        '1 min 05 s',
        '60 min 00 s',
      ],
    );
  });

  test('elapsed time never runs backwards below zero', () => {
    assert.deepEqual([-5, 0, 3449, 61_000].map(formatElapsed), ['0.0 s', '0.0 s', '3.4 s', '1 min 01 s']);
  });

  test('costs keep two digits however small, without powers of ten', () => {
    assert.deepEqual([0, 1e-9, 0.0000012, 0.00083, 0.0042, 0.0123, 0.5, 1, 4.199].map(formatUsd), [
      '$0',
      '< $0.000001',
      '$0.0000012',
      '$0.00083',
      '$0.0042',
      '$0.0123',
      '$0.5000',
      '$1.00',
      '$4.20',
    ]);
  });

  test('tokens and speeds', () => {
    assert.deepEqual([1, 1234].map(formatTokens), ['1 token', '1,234 tokens']);
    assert.deepEqual([3.14159, 54.25, 1234.5].map(formatSpeed), ['3.1 tok/s', '54.3 tok/s', '1,235 tok/s']);
  });

  test('only certainty is 100%', () => {
    assert.deepEqual([0, -0.00001, Math.log(0.8314), Math.log(0.004), -30].map(formatProbability), [
      '100%',
      '> 99.9%',
      '83.1%',
      '0.40%',
      '< 0.01%',
    ]);
  });
});

test('an entropy is one figure where it is known, and two where it is not', () => {
  assert.equal(formatEntropy([Math.LN2, Math.LN2]), '1.00 bits');
  assert.equal(formatEntropy([Math.LN2, 2 * Math.LN2]), '1.0–2.0 bits');
});
