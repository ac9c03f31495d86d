import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreparedRun } from '../../../src/core/run/prepareRun.ts';
import {
  laneRun,
  overridesFor,
  overridesThatDiffer,
  withOverrides,
} from '../../../src/core/run/overrides.ts';

const prepared: PreparedRun = {
  warnings: [],
  input: {
    variables: {},
    modelId: 'local/demo',
    request: { model: 'demo', messages: [], settings: { temperature: 0.3, seed: 1 } },
  },
};

test('a lane of its own model and settings sends those, and the rest of the prompt', () => {
  const { input } = laneRun(prepared, {
    modelId: 'openai/gpt-5/mini',
    settings: { temperature: 1, seed: null },
  });
  assert.deepEqual(input, {
    ...prepared.input,
    modelId: 'openai/gpt-5/mini',
    request: { model: 'gpt-5/mini', messages: [], settings: { temperature: 1 } },
  });
});

test('a lane without any sends what the prompt says', () => {
  assert.deepEqual(laneRun(prepared, { modelId: null, settings: {} }), prepared);
});

test('only what differs from the prompt counts as modified', () => {
  const settings = { temperature: 0.3, stop: ['a'] };
  const overrides = { temperature: 0.3, stop: ['a', 'b'], topP: null, seed: 4 };
  assert.deepEqual(overridesThatDiffer(settings, overrides), { stop: ['a', 'b'], seed: 4 });
});

test('the overrides for wanted settings make exactly those', () => {
  const [settings, wanted] = [
    { temperature: 0.3, seed: 1 },
    { temperature: 0.9, topP: 0.5 },
  ];
  assert.deepEqual(withOverrides(settings, overridesFor(settings, wanted)), wanted);
});
