import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { costOf } from '../../src/core/pricing.ts';
import { priceSettingOf } from '../../src/host/priceSetting.ts';

describe('the setting for prices', () => {
  test('gives each entry its source', () => {
    const entry = { input: 1.25, output: 10, cachedInput: 0.125, cacheWrite: 0 };
    assert.deepEqual(priceSettingOf({ 'openai/gpt-5': entry, 'acme/*': { input: 0, output: 0 } }), {
      prices: {
        'openai/gpt-5': { ...entry, source: { kind: 'user', matchedId: 'openai/gpt-5' } },
        'acme/*': { input: 0, output: 0, source: { kind: 'user', matchedId: 'acme/*' } },
      },
      problems: [],
    });
  });

  const bad: readonly (readonly [what: string, entries: unknown, problem: RegExp])[] = [
    ['that is no object', [], /^llmPlayground\.prices is not an object\. Write \{ "provider\/model"/],
    [
      'for no model id',
      { 'gpt-5': { input: 1, output: 1 } },
      /^The price of "gpt-5" .* is for no model id\./,
    ],
    ['that is a number', { 'a/b': 3 }, /^The price of "a\/b" in llmPlayground\.prices is not an object\./],
    ['without output', { 'a/b': { input: 1 } }, /lacks "output"\. Write .* in USD per million tokens/],
    [
      'with another rate',
      { 'a/b': { input: 1, output: 1, cached: 1 } },
      /a rate "cached", which there is not/,
    ],
    ['below 0', { 'a/b': { input: -1, output: 1 } }, /"input" that is no number from 0 up/],
    [
      'with a tier that does not rise',
      { 'a/b': { input: 1, output: 1, tiers: [{ above: 0, input: 1, output: 1 }] } },
      /"above" in tier 1/,
    ],
    [
      'with a tier without output',
      { 'a/b': { input: 1, output: 1, tiers: [{ above: 9, input: 1 }] } },
      /lacks "output" in tier 1/,
    ],
    [
      'with tiers that are no list',
      { 'a/b': { input: 1, output: 1, tiers: {} } },
      /"tiers" that are no list/,
    ],
    ['as text', { 'a/b': { input: 1, output: '1' } }, /"output" that is no number from 0 up/],
  ];
  for (const [what, entries, problem] of bad) {
    test(`leaves out what is ${what} and says so`, () => {
      const setting = priceSettingOf(entries);
      assert.deepEqual(setting.prices, {});
      assert.equal(setting.problems.length, 1);
      assert.match(setting.problems[0] ?? '', problem);
    });
  }

  test('has reasoning, caches for an hour and tiers, and they are charged', () => {
    const long = { input: 4, output: 8 };
    const { prices } = priceSettingOf({
      'a/b': { input: 1, output: 2, cacheWriteHour: 3, reasoning: 5, tiers: [{ above: 1000, ...long }] },
    });
    const usage = { inputTokens: 1000, outputTokens: 100, reasoningTokens: 100 };
    const hour = { cacheWriteTokens: 1000, cacheWriteHourTokens: 1000 };
    assert.equal(costOf({ ...usage, ...hour }, prices['a/b'])?.total, (1000 * 3 + 100 * 5) / 1e6);
    assert.equal(costOf({ ...usage, inputTokens: 2000 }, prices['a/b'])?.total, (2000 * 4 + 100 * 8) / 1e6);
  });

  test('loses nothing to a wrong entry beside it', () => {
    const { prices, problems } = priceSettingOf({ 'a/b': { input: 1, output: 1 }, 'a/c': null });
    assert.deepEqual([Object.keys(prices), problems.length], [['a/b'], 1]);
  });
});
