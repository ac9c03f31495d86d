import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LlmError } from '../../src/core/errors.ts';
import type { RunInput } from '../../src/core/store.ts';
import type { PromptEstimate } from '../../src/core/tokens/estimate.ts';
import { runEstimate } from '../../src/host/runEstimates.ts';
import { promptEstimate } from '../core/usage/promptEstimate.ts';

const run: RunInput = {
  variables: {},
  modelId: 'openai/gpt-5',
  request: { model: 'gpt-5', messages: [], settings: {} },
};

const made = promptEstimate({
  exactness: 'estimate',
  reasons: ['Not published.'],
  correction: { ratio: 1.1, runs: 4 },
  inputTokens: 33,
  cost: { input: 0.1, atMost: 1 },
});

async function kept(
  estimate: () => Promise<PromptEstimate | undefined>,
  signal = new AbortController().signal,
) {
  const warnings: string[] = [];
  const log = { warn: (line: string) => void warnings.push(line) };
  return { estimate: await runEstimate(run, estimate, log, signal), warnings };
}

test('of an estimate the figures are kept that a report can be held against', async () => {
  const { estimate } = await kept(() => Promise.resolve(made));
  assert.deepEqual(estimate, {
    inputTokens: 33,
    exactness: 'estimate',
    correction: { ratio: 1.1, runs: 4 },
    cost: { input: 0.1, atMost: 1 },
  });
});

test('where images are not counted nothing is expected', async () => {
  const { estimate } = await kept(() => Promise.resolve({ ...made, images: 1 }));
  assert.equal(estimate, undefined);
});

test('an estimate that fails stops no run, and one that was stopped says nothing', async () => {
  const fails = () => Promise.reject(new LlmError('provider', 'The worker died.'));
  assert.deepEqual(await kept(fails), {
    estimate: undefined,
    warnings: ['What a run of openai/gpt-5 will take was not counted: The worker died.'],
  });
  assert.deepEqual(await kept(fails, AbortSignal.abort()), { estimate: undefined, warnings: [] });
});
