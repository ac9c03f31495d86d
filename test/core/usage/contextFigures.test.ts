import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textMessage } from '../../../src/core/chat.ts';
import { surelyFits } from '../../../src/core/tokens/surelyFits.ts';
import { budgetVerdict, limitWarnings } from '../../../src/core/usage/budget.ts';
import { contextFigures } from '../../../src/core/usage/contextFigures.ts';
import { fitAdvice } from '../../../src/core/usage/fitAdvice.ts';
import { promptEstimate } from './promptEstimate.ts';

const estimate = promptEstimate({
  exactness: 'estimate',
  reasons: ['Counted with o200k_base, which is not the tokenizer of it.', 'An image is not counted.'],
  messages: [
    { role: 'system', tokens: 10 },
    { role: 'user', tokens: 20 },
    { role: 'assistant', tokens: 300 },
    { role: 'user', tokens: 40 },
  ],
  variables: [{ name: 'topic', tokens: 5 }],
  tools: 6,
  overhead: 24,
  correction: { ratio: 1.1, runs: 3 },
  inputTokens: 440,
  output: { tokens: 100, isAssumed: false },
  contextWindow: 1000,
});

describe('the figures of a context', () => {
  test('say what each part takes, and add up to what is used', () => {
    const { used, parts, roles, reserved, window } = contextFigures(
      estimate,
      { prompt: 2, hasFollowUp: true },
      [],
    );
    assert.deepEqual(
      roles.map(({ role, tokens }) => [role, tokens]),
      [
        ['System', 10],
        ['User', 20],
      ],
    );
    assert.deepEqual(parts, { prompt: 30, history: 300, followUp: 40, around: 30, correction: 40 });
    assert.equal(
      Object.values(parts).reduce((sum, part) => sum + part, 0),
      used,
    );
    assert.deepEqual({ used, reserved, window }, { used: 440, reserved: estimate.output, window: 1000 });
  });

  test('without a follow-up the last message is history', () => {
    const { parts } = contextFigures(estimate, { prompt: 2, hasFollowUp: false }, []);
    assert.deepEqual([parts.history, parts.followUp], [340, 0]);
  });

  test('warn of what does not fit and of what passes a limit of the user', () => {
    const full = { ...estimate, contextWindow: 400 };
    const limits = limitWarnings(full, { tokensPerRun: 500 });
    const { fit, warnings } = contextFigures(full, { prompt: 2, hasFollowUp: true }, limits);
    assert.equal(fit, 'too-long');
    assert.deepEqual(warnings, [
      '~440 tokens are too many for openai/gpt-5, whose window holds 400. Let older turns be left out or summarised or choose a model with a larger window.',
      'The run on openai/gpt-5 may take 540 tokens; the budget is 500 tokens a run.',
    ]);
  });
});

describe('what to do about a prompt that does not fit', () => {
  for (const [fact, changes, advice] of [
    [
      'shorten the variable that takes most of it',
      { contextWindow: 440, variables: [{ name: 'document', tokens: 400 }] },
      /Shorten “document” \(400 tokens\) or choose a model with a larger window\.$/,
    ],
    [
      'a larger window where one can be asked for',
      { contextWindow: 440, modelId: 'local/demo' },
      /Shorten what is sent, raise contextSize or choose a model with a larger window\.$/,
    ],
    [
      'a shorter answer where it takes the room',
      { contextWindow: 500 },
      /^Only ~60 tokens of the window of openai\/gpt-5 are left for the answer, not 100: it may be cut off\..*lower maxOutputTokens/,
    ],
    [
      'hardly any room is worth a word where the prompt sets no limit',
      { contextWindow: 460, output: { tokens: 20, isAssumed: true } },
      /^Only ~20 tokens of the window/,
    ],
  ] as const) {
    test(fact, () => assert.match(fitAdvice({ ...estimate, ...changes }, { history: 0 }) ?? '', advice));
  }

  test('there is nothing to do where it fits, or where nobody knows', () => {
    const { contextWindow: _, ...unknown } = estimate;
    assert.equal(fitAdvice(estimate, { history: 0 }), undefined);
    assert.equal(fitAdvice(unknown, { history: 0 }), undefined);
  });
});

test('a run that is too long is asked about, whatever the budget says', () => {
  const verdict = budgetVerdict({}, { cost: 0, unpricedRuns: 0 }, [{ ...estimate, contextWindow: 400 }]);
  assert.deepEqual(verdict.type === 'ask' && verdict.reasons.length, 1);
  assert.equal(budgetVerdict({}, { cost: 0, unpricedRuns: 0 }, [estimate]).type, 'go');
});

test('a short request surely fits, and a long one has to be counted', () => {
  const request = { model: 'x', messages: [textMessage('user', 'x'.repeat(1000))], settings: {} };
  assert.equal(surelyFits(request, 8192), true);
  assert.equal(surelyFits(request, 4096), false);
  assert.equal(surelyFits({ ...request, settings: { maxOutputTokens: 8000 } }, 8192), false);
});
