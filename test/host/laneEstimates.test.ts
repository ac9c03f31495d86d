import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreparedRun } from '../../src/core/run/prepareRun.ts';
import type { PromptEstimate } from '../../src/core/tokens/estimate.ts';
import type { EstimatedPrompt } from '../../src/core/usage/estimatedPrompt.ts';
import { laneEstimates } from '../../src/host/laneEstimates.ts';

const lane = { modelId: null, settings: {}, promptVersion: null };

test('each lane is estimated with its version and its model', async () => {
  const lanes = [lane, { ...lane, promptVersion: 'old', modelId: 'local/other' }];
  assert.deepEqual(await estimated(lanes), ['local/one of the file', 'local/other of old']);
});

test('a version that cannot be read and a model that is not there hide no other estimate', async () => {
  const lanes = [
    { ...lane, promptVersion: 'gone' },
    lane,
    { ...lane, modelId: 'local/none' },
    { ...lane, promptVersion: 'old' },
  ];
  assert.deepEqual(await estimated(lanes), ['local/one of the file', 'local/one of old']);
});

test('where nothing can be estimated, what is wrong with the first lane is thrown', async () => {
  const lanes = [
    { ...lane, promptVersion: 'gone' },
    { ...lane, modelId: 'local/none' },
  ];
  await assert.rejects(estimated(lanes), /Nobody has gone/);
});

async function estimated(lanes: Parameters<typeof laneEstimates>[0]): Promise<readonly string[]> {
  const rendered = async (version: string | null): Promise<EstimatedPrompt> => {
    if (version === 'gone') throw new Error('Nobody has gone.');
    const request = { model: 'one', messages: [], settings: {} };
    const input = { variables: { of: version ?? 'the file' }, modelId: 'local/one', request };
    return Promise.resolve({
      prepared: { warnings: [], input } satisfies PreparedRun,
      variables: [],
      missing: [],
    });
  };
  const estimates = await laneEstimates(lanes, rendered, ({ prepared: { input } }) =>
    input.modelId === 'local/none'
      ? Promise.reject(new Error('There is no such model.'))
      : Promise.resolve({
          modelId: `${input.modelId} of ${input.variables['of'] as string}`,
        } as PromptEstimate),
  );
  return estimates.map(({ modelId }) => modelId);
}
