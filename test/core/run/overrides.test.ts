import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreparedRun } from '../../../src/core/run/prepareRun.ts';
import {
  choicesOnceApplied,
  type LaneChoice,
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

test('once a lane is written into the file, every other still calls what it called', () => {
  const file = { modelId: 'local/demo', settings: { temperature: 0.3 } };
  const applied = lane('1', { modelId: 'openai/gpt-5', settings: { temperature: 1 } });
  const lanes = [
    applied,
    lane('2'),
    lane('3', { modelId: 'openai/gpt-5', settings: { temperature: 1 } }),
    lane('4', { promptVersion: 'c0ffee' }),
  ];
  assert.deepEqual(Object.fromEntries(choicesOnceApplied(lanes, applied, file)), {
    1: { modelId: null, settings: {} },
    2: { modelId: 'local/demo', settings: { temperature: 0.3 } },
    3: { modelId: 'openai/gpt-5', settings: {} },
  });
});

function lane(id: string, more: Partial<LaneChoice> = {}): LaneChoice & { readonly id: string } {
  return { id, modelId: null, settings: {}, promptVersion: null, ...more };
}

test('the overrides for wanted settings make exactly those', () => {
  const [settings, wanted] = [
    { temperature: 0.3, seed: 1 },
    { temperature: 0.9, topP: 0.5 },
  ];
  assert.deepEqual(withOverrides(settings, overridesFor(settings, wanted)), wanted);
});
