import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PreparedRun } from '../../../src/core/run/prepareRun.ts';
import {
  choicesOnceApplied,
  type LaneChoice,
  laneRun,
  overridesFor,
  overridesThatDiffer,
  type SettingOverrides,
  withOverrides,
} from '../../../src/core/run/overrides.ts';
import { overridesFrom } from '../../../src/core/run/overridesFrom.ts';

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

test('a response format of a lane stands in for that of the prompt, and null asks for free text', () => {
  const json = { type: 'json' } as const;
  const schema = { type: 'json-schema', name: 'answer', schema: { type: 'object' } } as const;
  const { input } = prepared;
  const asked = { ...prepared, input: { ...input, request: { ...input.request, responseFormat: json } } };
  const formatOf = (settings: SettingOverrides) =>
    laneRun(asked, { modelId: null, settings }).input.request.responseFormat;
  assert.deepEqual(formatOf({}), json);
  assert.deepEqual(formatOf({ responseFormat: schema }), schema);
  assert.equal(formatOf({ responseFormat: null }), undefined);
  assert.deepEqual(
    laneRun(asked, { modelId: null, settings: { responseFormat: schema } }).input.request.settings,
    {
      temperature: 0.3,
      seed: 1,
    },
  );
  assert.deepEqual(overridesThatDiffer({ responseFormat: json }, { responseFormat: { ...json } }), {});
  assert.deepEqual(overridesThatDiffer({}, { responseFormat: null }), {});
});

test('of overrides that come from outside only those that are some are taken', () => {
  const schema = { type: 'json-schema', name: 'answer', schema: { type: 'object' } };
  assert.deepEqual(overridesFrom({ temperature: 9, seed: null, nothing: null, responseFormat: schema }), {
    seed: null,
    responseFormat: schema,
  });
  assert.deepEqual(overridesFrom({ responseFormat: null }), { responseFormat: null });
  for (const responseFormat of [
    'json',
    { type: 'xml' },
    { ...schema, name: 'a b' },
    { ...schema, schema: [] },
  ])
    assert.deepEqual(overridesFrom({ responseFormat }), {});
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
