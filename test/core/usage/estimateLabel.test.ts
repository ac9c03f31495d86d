import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ModelPrice } from '../../../src/core/pricing.ts';
import { fitOf, type PromptEstimate } from '../../../src/core/tokens/estimate.ts';
import { breakdownOf, byCost, estimateLabel, modelLine } from '../../../src/core/usage/estimateLabel.ts';
import { promptEstimate } from './promptEstimate.ts';

const price: ModelPrice = {
  input: 1,
  output: 2,
  source: { kind: 'table', matchedId: 'gpt-5', date: '2026-09-23' },
};
const free: ModelPrice = { input: 0, output: 0, source: { kind: 'local' } };

const estimate = promptEstimate({
  messages: [
    { role: 'system', tokens: 100 },
    { role: 'user', tokens: 200 },
  ],
  variables: [{ name: 'topic', tokens: 150 }],
  overhead: 12,
  inputTokens: 312,
  contextWindow: 8192,
  price,
  cost: { input: 0.0008, atMost: 0.011 },
});

describe('the line above a prompt', () => {
  for (const [fact, changes, label] of [
    ['says tokens and cost', {}, '312 tokens · ≈ $0.00080'],
    ['marks an estimate', { exactness: 'estimate' }, '~312 tokens · ≈ $0.00080'],
    ['says what is missing', { missing: ['a', 'b'] }, '312 tokens + 2 variables · ≈ $0.00080'],
    ['tells an unknown price', { price: undefined, cost: undefined }, '312 tokens · cost unknown'],
    ['knows what is free', { price: free, cost: { input: 0, atMost: 0 } }, '312 tokens · free'],
    ['warns of what does not fit', { contextWindow: 312 }, '312 tokens · ≈ $0.00080 · $(warning) too long'],
    [
      'warns where the answer has no room',
      { contextWindow: 320 },
      '312 tokens · ≈ $0.00080 · $(warning) little room for the answer',
    ],
  ] as const) {
    test(fact, () => {
      const { price: _price, cost: _cost, ...rest } = { ...estimate, ...changes } as PromptEstimate;
      const full = { ...rest, ...(_price ? { price: _price } : {}), ...(_cost ? { cost: _cost } : {}) };
      assert.equal(estimateLabel([full]), label);
    });
  }

  test('adds up what several runs cost, and never with a price that is unknown', () => {
    assert.equal(estimateLabel([estimate, estimate]), '312 tokens · ≈ $0.0016 for 2 runs');
    const { price: _, cost: __, ...unpriced } = estimate;
    assert.equal(estimateLabel([estimate, unpriced]), '312 tokens · cost unknown for 2 runs');
  });
});

describe('the breakdown', () => {
  test('says where the tokens come from', () => {
    const sections = breakdownOf(estimate).map(({ title, lines }) => [
      title,
      ...lines.map(({ label, figure }) => `${label}: ${figure}`),
    ]);
    assert.deepEqual(sections, [
      [
        'openai/gpt-5',
        'Input: 312 tokens',
        'Cost: ≈ $0.00080, at most $0.0110',
        'Price: gpt-5, table of 2026-09-23',
        'Context window: 312 of 8,192 tokens, and 1,024 kept free for the answer',
      ],
      ['Messages', '1. system: 100 tokens · 32 %', '2. user: 200 tokens · 64 %'],
      ['Around them', 'Template of the model: 12 tokens · 4 %'],
      ['Variables, as part of the messages', 'topic: 150 tokens · 48 %'],
    ]);
  });

  test('says what the roles take where several messages have one, and what was said since', () => {
    const taught: PromptEstimate = {
      ...estimate,
      messages: [
        { role: 'system', tokens: 100 },
        { role: 'user', tokens: 30 },
        { role: 'assistant', tokens: 20 },
        { role: 'user', tokens: 150 },
      ],
    };
    const linesOf = (...asked: Parameters<typeof breakdownOf>) =>
      breakdownOf(...asked)
        .find(({ title }) => title === 'Roles')
        ?.lines.map(({ label, figure, detail }) => [label, figure, detail]);
    assert.deepEqual(linesOf(taught), [
      ['System', '100 tokens · 32 %', undefined],
      ['Examples', '50 tokens · 16 %', '2 messages'],
      ['User', '150 tokens · 48 %', undefined],
    ]);
    assert.equal(linesOf(estimate), undefined);
    assert.deepEqual(linesOf(estimate, { history: 240 })?.at(-1)?.slice(0, 2), ['History', '240 tokens']);
  });

  test('says what was learned, and how far the last run was off', () => {
    const learned: PromptEstimate = {
      ...estimate,
      exactness: 'estimate',
      reasons: ['Counted with o200k_base, which is not the tokenizer of x/y.'],
      correction: { ratio: 1.08, runs: 12 },
    };
    const sections = breakdownOf(learned, { lastRun: { counted: 300, reported: 312 } });
    assert.match(sections[0]?.lines[0]?.detail ?? '', /Corrected by 1\.08× learned from 12 runs\./);
    assert.deepEqual(sections.at(-1)?.lines, [
      {
        label: 'Reported by the service',
        figure: '312 tokens',
        detail: 'Counted here: 300 tokens, a difference of +12 (+4.0 %).',
      },
    ]);
  });

  test('puts the cheapest model first, and those of unknown price last', () => {
    const { price: _, cost: __, ...unpriced } = { ...estimate, modelId: 'a/unknown' };
    const dear = { ...estimate, modelId: 'a/dear', cost: { input: 1, atMost: 2 } };
    const sorted = [unpriced, dear, estimate].sort(byCost);
    assert.deepEqual(
      sorted.map(({ modelId }) => modelId),
      ['openai/gpt-5', 'a/dear', 'a/unknown'],
    );
    assert.deepEqual(modelLine(unpriced), { label: 'a/unknown', figure: '312 tokens · cost unknown' });
  });
});

test('what is reserved for the answer is told apart from what does not fit', () => {
  const output = { tokens: 1024, isAssumed: false };
  const fit = (contextWindow: number) => fitOf({ ...estimate, output, contextWindow });
  assert.deepEqual([fit(1336), fit(1335), fit(312)], ['fits', 'tight', 'too-long']);
  // Where the prompt sets no limit, any answer of some length will do.
  const assumed = (contextWindow: number) => fitOf({ ...estimate, contextWindow });
  assert.deepEqual([assumed(376), assumed(375), assumed(312)], ['fits', 'tight', 'too-long']);
});
