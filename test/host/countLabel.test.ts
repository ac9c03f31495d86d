import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePrice } from '../../src/core/pricing.ts';
import {
  type Counted,
  countHover,
  countingLabel,
  countLabel,
  shortCount,
} from '../../src/host/countLabel.ts';

const gpt: Counted = {
  tokens: 1420,
  modelId: 'openai/gpt-5',
  exactness: 'exact',
  price: { input: 1.25, output: 10, source: { kind: 'user', matchedId: 'openai/*' } },
};
const claude: Counted = { tokens: 1, modelId: 'anthropic/claude-sonnet-5', exactness: 'estimate' };

test('a count says for which model it is and what it costs as input', () => {
  assert.equal(countLabel(gpt), '1,420 tok · gpt-5 · $0.0018');
  assert.equal(shortCount(gpt), '1,420 tok');
});

test('an estimate carries its mark, also at its price', () => {
  assert.equal(
    countLabel({
      ...claude,
      price: { input: 3, output: 15, source: { kind: 'user', matchedId: 'anthropic/*' } },
    }),
    '~1 tok · claude-sonnet-5 · ~$0.0000030',
  );
});

test('a price that is not known is not shown, and one of nothing is', () => {
  assert.equal(countLabel(claude), '~1 tok · claude-sonnet-5');
  assert.equal(countLabel({ ...gpt, modelId: 'local/demo', price: freePrice }), '1,420 tok · demo · $0');
});

test('a text that is charged by its length costs all of the higher rate', () => {
  const tiered: Counted = {
    ...gpt,
    tokens: 300_000,
    price: {
      input: 1,
      output: 2,
      tiers: [{ above: 200_000, input: 4, output: 8 }],
      source: { kind: 'user', matchedId: 'openai/*' },
    },
  };
  assert.equal(countLabel(tiered), '300,000 tok · gpt-5 · $1.20');
  assert.match(countHover(tiered, 'the selection', ''), /\$1\.20 as input, at \$4\.00 per million tokens/);
});

test('a hover tells how it was counted', () => {
  assert.equal(
    countHover(gpt, 'the selection', 'Exact, counted with o200k_base, the tokenizer of openai/gpt-5.'),
    '1,420 tokens in the selection\n' +
      'Exact, counted with o200k_base, the tokenizer of openai/gpt-5.\n' +
      '$0.0018 as input, at $1.25 per million tokens\n' +
      'Click to inspect the tokens or to choose another model.',
  );
  assert.equal(
    countHover(claude, 'the whole file', 'Estimated.'),
    '~1 token in the whole file\nEstimated.\nClick to inspect the tokens or to choose another model.',
  );
});

test('progress is told in whole percent and never ends before the end', () => {
  assert.equal(countingLabel(0.999), '$(loading~spin) Counting tokens… 99%');
});

test('the status bar shows what the user wants to see', () => {
  const counted = { tokens: 142, modelId: 'openai/gpt-5', exactness: 'exact', price: undefined } as const;
  assert.equal(countLabel(counted, []), '142 tok');
  assert.equal(countLabel(counted, ['model']), '142 tok · gpt-5');
});
