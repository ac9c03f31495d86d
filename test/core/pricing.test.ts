import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Usage } from '../../src/core/chat.ts';
import {
  costOf,
  formatPriceSource,
  freePrice,
  type ModelPrice,
  ownPriceOf,
  type PriceSource,
} from '../../src/core/pricing.ts';

const source: PriceSource = { kind: 'table', matchedId: 'one', date: '2026-09-23' };
const M = 1_000_000;

const price: ModelPrice = { input: 1, output: 2, cachedInput: 0.5, cacheWrite: 4, cacheWriteHour: 8, source };

describe('a cost', () => {
  test('has a part for each way in which tokens are charged, and they add up', () => {
    const usage: Usage = {
      inputTokens: 10 * M,
      cachedTokens: 4 * M,
      cacheWriteTokens: 3 * M,
      cacheWriteHourTokens: M,
      outputTokens: 5 * M,
      reasoningTokens: 2 * M,
    };
    assert.deepEqual(costOf(usage, price), {
      total: 31,
      input: 3, // 10 M − 4 M − 3 M at 1
      cacheRead: 2, // 4 M at 0.5
      cacheWrite: 16, // 2 M at 4, 1 M at 8
      output: 10, // 5 M at 2
      reasoning: 4, // 2 M of them
      source,
    });
  });

  test('adds up exactly for any figures, in the order of its parts', () => {
    for (let n = 1; n < 2_000; n += 7) {
      const usage = {
        inputTokens: 31 * n,
        cachedTokens: 7 * n,
        cacheWriteTokens: 3 * n,
        outputTokens: 13 * n,
        reasoningTokens: 5 * n,
      };
      const cost = costOf(usage, { ...price, input: 0.15, output: 0.6, reasoning: 0.7 });
      assert.ok(cost);
      assert.equal(cost.input + cost.cacheRead + cost.cacheWrite + cost.output, cost.total);
      assert.ok((cost.reasoning ?? 0) < cost.output);
    }
  });

  test('of cached input is that of input where the price knows no other', () => {
    const usage = { inputTokens: 3 * M, cachedTokens: M, cacheWriteTokens: M, outputTokens: 0 };
    assert.deepEqual(costOf(usage, { input: 1, output: 2, source }), {
      total: 3,
      input: 1,
      cacheRead: 1,
      cacheWrite: 1,
      output: 0,
      source,
    });
  });

  test('counts reasoning at its own rate where it has one', () => {
    const usage = { inputTokens: 0, outputTokens: 5 * M, reasoningTokens: 4 * M };
    const cost = costOf(usage, { ...price, reasoning: 3 });
    assert.deepEqual([cost?.output, cost?.reasoning], [14, 12]);
  });

  test('of a model of your own machine is nothing, and says why', () => {
    const cost = costOf({ inputTokens: 5, outputTokens: 5 }, freePrice);
    assert.deepEqual([cost?.total, cost?.source], [0, { kind: 'local' }]);
  });
});

describe('a price by length', () => {
  const tiered: ModelPrice = {
    ...price,
    tiers: [
      { above: 200, input: 10, output: 20, cachedInput: 5 },
      { above: 1000, input: 100, output: 200 },
    ],
  };
  const totals = (...lengths: number[]): (number | undefined)[] =>
    lengths.map((inputTokens) => costOf({ inputTokens: inputTokens, outputTokens: 0 }, tiered)?.total);

  test('charges the whole request at the rate of its length, from one token beyond the limit', () => {
    assert.deepEqual(totals(200, 201, 1000, 1001), [200 / M, 2_010 / M, 10_000 / M, 100_100 / M]);
  });

  test('goes by all input, cached input included, and holds for output too', () => {
    const cost = costOf({ inputTokens: 201, cachedTokens: 200, outputTokens: 100 }, tiered);
    assert.deepEqual([cost?.input, cost?.cacheRead, cost?.output], [10 / M, 1_000 / M, 2_000 / M]);
  });

  test('takes nothing from the rates of shorter requests', () => {
    const cost = costOf({ inputTokens: 1001, cachedTokens: 1001, outputTokens: 0 }, tiered);
    assert.equal(cost?.cacheRead, 100_100 / M);
  });
});

describe('a cost is unknown', () => {
  const none = (name: string, usage: Usage, at: ModelPrice | undefined = price): void => {
    test(name, () => assert.equal(costOf(usage, at), undefined));
  };

  test('when the price is', () =>
    assert.equal(costOf({ inputTokens: 1, outputTokens: 1 }, undefined), undefined));
  none('when more was cached than sent: cutting it down would invent a figure', {
    inputTokens: 10,
    cachedTokens: 11,
    outputTokens: 1,
  });
  none('when what was read from and written to the cache is more than was sent', {
    inputTokens: 10,
    cachedTokens: 6,
    cacheWriteTokens: 5,
    outputTokens: 1,
  });
  none('when more was written for an hour than was written', {
    inputTokens: 10,
    cacheWriteTokens: 1,
    cacheWriteHourTokens: 2,
    outputTokens: 1,
  });
  none('when there was more reasoning than output', {
    inputTokens: 1,
    outputTokens: 1,
    reasoningTokens: 2,
  });
  none('when a figure is negative', { inputTokens: -1, outputTokens: 1 });
  none('when a figure is no number', { inputTokens: Number.NaN, outputTokens: 1 });
  none(
    'when a cache kept input for an hour and the price does not say what that costs',
    { inputTokens: 9, cacheWriteTokens: 9, cacheWriteHourTokens: 1, outputTokens: 1 },
    { input: 1, output: 2, cacheWrite: 4, source },
  );
  none(
    'when reasoning has a rate of its own and was not counted',
    { inputTokens: 1, outputTokens: 1 },
    { ...price, reasoning: 1 },
  );
});

describe('the user’s own price', () => {
  const own = (matchedId: string): ModelPrice => ({
    input: 1,
    output: 1,
    source: { kind: 'user', matchedId },
  });
  const prices = { 'openai/gpt-5': own('openai/gpt-5'), 'openai/*': own('openai/*') };

  test('is that of the model itself, or else that of all models of its provider', () => {
    assert.equal(ownPriceOf(prices, 'openai/gpt-5'), prices['openai/gpt-5']);
    assert.equal(ownPriceOf(prices, 'openai/gpt-5-mini'), prices['openai/*']);
    assert.equal(ownPriceOf(prices, 'azure/gpt-5'), undefined);
  });

  test('is not found in what every object has', () => {
    assert.equal(ownPriceOf({}, 'constructor'), undefined);
  });
});

test('a price says whose it is', () => {
  assert.equal(formatPriceSource(source), 'one, table of 2026-09-23');
  assert.equal(formatPriceSource({ kind: 'user', matchedId: 'openai/*' }), 'openai/*, your settings');
  assert.equal(formatPriceSource({ kind: 'local' }), 'free, on your own machine');
});
