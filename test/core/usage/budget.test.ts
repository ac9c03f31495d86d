import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PromptEstimate } from '../../../src/core/tokens/estimate.ts';
import { budgetVerdict } from '../../../src/core/usage/budget.ts';
import { promptEstimate } from './promptEstimate.ts';

const nothing = { cost: 0, unpricedRuns: 0 };

function run(changes: Partial<PromptEstimate> = {}): PromptEstimate {
  return promptEstimate({ cost: { input: 0.01, atMost: 0.2 }, ...changes });
}

function unpriced(): PromptEstimate {
  return promptEstimate({ modelId: 'x/y' });
}

describe('a run', () => {
  test('goes where there is no budget, whatever it costs', () => {
    assert.deepEqual(budgetVerdict({}, nothing, [run(), unpriced()]), { type: 'go' });
  });

  test('is asked about when it may cost more than the budget of a run', () => {
    assert.deepEqual(budgetVerdict({ perRun: 0.1 }, nothing, [run()]), {
      type: 'ask',
      reasons: [
        'The run on openai/gpt-5 may cost $0.2000, with an answer of 1,024 tokens, which is assumed; the budget is $0.1000 a run.',
      ],
    });
    assert.deepEqual(budgetVerdict({ perRun: 0.2 }, nothing, [run()]), { type: 'go' });
  });

  test('of unknown price is asked about, once for each model', () => {
    const verdict = budgetVerdict({ perRun: 1 }, nothing, [unpriced()]);
    assert.deepEqual(verdict, {
      type: 'ask',
      reasons: [
        'What x/y costs is not known, so the budget cannot be held. Set its price in llmPlayground.prices.',
      ],
    });
    assert.deepEqual(budgetVerdict({ perRun: 1 }, nothing, [unpriced()], new Set(['x/y'])), { type: 'go' });
  });

  test('is asked about when it takes more tokens than the budget, its own limit included', () => {
    const limited = run({ output: { tokens: 50, isAssumed: false } });
    assert.deepEqual(budgetVerdict({ tokensPerRun: 149 }, nothing, [limited]), {
      type: 'ask',
      reasons: ['The run on openai/gpt-5 may take 150 tokens; the budget is 149 tokens a run.'],
    });
    assert.deepEqual(budgetVerdict({ tokensPerRun: 100 }, nothing, [run()]), { type: 'go' });
  });
});

describe('the month', () => {
  test('warns from 80 % on, with the runs whose cost is not known', () => {
    assert.deepEqual(budgetVerdict({ perMonth: 10 }, { cost: 8, unpricedRuns: 2 }, [run()]), {
      type: 'go',
      warning: 'This month’s runs have cost $8.00 and 2 runs of unknown cost, 80 % of the budget of $10.00.',
    });
    assert.deepEqual(budgetVerdict({ perMonth: 10 }, { cost: 7.9, unpricedRuns: 0 }, [run()]), {
      type: 'go',
    });
  });

  test('asks before a run that may go over', () => {
    assert.deepEqual(budgetVerdict({ perMonth: 10 }, { cost: 9.9, unpricedRuns: 0 }, [run()]), {
      type: 'ask',
      reasons: [
        'This may cost $0.2000. This month’s runs have cost $9.90, and the budget is $10.00 a month.',
      ],
    });
  });

  test('stops at 100 %, and not what is free', () => {
    const spent = { cost: 10, unpricedRuns: 0 };
    assert.equal(budgetVerdict({ perMonth: 10 }, spent, [run()]).type, 'stop');
    assert.equal(budgetVerdict({ perMonth: 10 }, spent, [unpriced()]).type, 'stop');
    assert.deepEqual(budgetVerdict({ perMonth: 10 }, spent, [run({ cost: { input: 0, atMost: 0 } })]), {
      type: 'go',
    });
  });
});
