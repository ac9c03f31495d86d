import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costLimitProblem } from '../../../src/core/usage/costLimit.ts';
import { promptEstimate } from './promptEstimate.ts';

const estimate = promptEstimate({ cost: { input: 0.01, atMost: 0.5 } });
const unpriced = promptEstimate({ modelId: 'mine/model' });
const limited = { ...estimate, output: { tokens: 60, isAssumed: false } };
const free = { ...estimate, images: 1, cost: { input: 0, atMost: 0 } };

test('what keeps to the limit is sent, to the cent', () => {
  assert.equal(costLimitProblem([estimate], 0.5), undefined);
  assert.equal(costLimitProblem([estimate, estimate], 1), undefined);
  assert.equal(costLimitProblem([free], 0), undefined);
  assert.equal(costLimitProblem([], 0), undefined);
});

test('what may cost more is not, alone or together', () => {
  assert.equal(
    costLimitProblem([limited], 0.4),
    'The run on openai/gpt-5 may cost $0.5000, with an answer of 60 tokens: over the limit of $0.4000.',
  );
  assert.equal(
    costLimitProblem([limited, estimate], 0.9),
    'The 2 runs together may cost $1.00, with answers of up to 1,024 tokens, which is assumed: over the limit of $0.9000.',
  );
});

test('a price that is not known keeps to no limit, nor do images that nobody counts', () => {
  assert.equal(
    costLimitProblem([estimate, unpriced], 100),
    'The price of mine/model is not known, so a cost of $100.00 at most cannot be held.',
  );
  assert.match(
    costLimitProblem([{ ...estimate, images: 1 }], 100) ?? '',
    /^The images in the prompt are not counted/,
  );
});
