import assert from 'node:assert/strict';
import test from 'node:test';
import type { GenerationSettings } from '../../../src/core/chat.ts';
import { settingsOf } from '../../../src/core/prompt/settings.ts';

const all: Required<GenerationSettings> = {
  temperature: 0.5,
  topP: 0.9,
  topK: 40,
  minP: 0.05,
  maxOutputTokens: 100,
  stop: ['END'],
  seed: 42,
  frequencyPenalty: -1,
  presencePenalty: 1,
  repeatPenalty: 1.1,
  xtcProbability: 0.5,
  xtcThreshold: 0.1,
  dryMultiplier: 0.8,
  dryBase: 1.75,
  dryAllowedLength: 2,
  reasoningEffort: 'low',
  logprobs: 5,
  logitBias: { '42': -100 },
  contextSize: 4096,
  keepAlive: '5m',
};

test('every setting can be written by its own name', () => {
  assert.deepEqual(settingsOf({ ...all }), { settings: all, warnings: [] });
});

test('snake_case and the usual other names are taken', () => {
  assert.deepEqual(settingsOf({ top_p: 1, max_tokens: 10, stopSequences: ['a', 'b'] }), {
    settings: { topP: 1, maxOutputTokens: 10, stop: ['a', 'b'] },
    warnings: [],
  });
});

test('a single stop text is a list of one', () => {
  assert.deepEqual(settingsOf({ stop: 'END' }).settings, { stop: ['END'] });
});

test('a key that is not known is a warning', () => {
  const { settings, warnings } = settingsOf({ temprature: 1 });
  assert.deepEqual(settings, {});
  assert.deepEqual(
    warnings.map(({ subject, message }) => [subject, message.split('.', 2).join('.')]),
    [['temprature', '"config.temprature" is not a setting']],
  );
});

test('a setting under two names is taken once, with a warning', () => {
  assert.deepEqual(settingsOf({ maxOutputTokens: 1, max_tokens: 2 }), {
    settings: { maxOutputTokens: 1 },
    warnings: [
      {
        subject: 'max_tokens',
        message: '"config.max_tokens" is left out: "maxOutputTokens" is set already under another name.',
      },
    ],
  });
});

const refused: readonly [name: string, config: Record<string, unknown>, expected: string][] = [
  ['a temperature above 2', { temperature: 2.1 }, 'a number from 0 to 2'],
  ['a temperature that is text', { temperature: '1' }, 'a number from 0 to 2'],
  ['a temperature that is not a number', { temperature: NaN }, 'a number from 0 to 2'],
  ['a negative topP', { topP: -0.1 }, 'a number from 0 to 1'],
  ['a negative topK', { topK: -1 }, 'a whole number of at least 0'],
  ['a broken topK', { topK: 1.5 }, 'a whole number of at least 0'],
  ['a seed of 2³²', { seed: 2 ** 32 }, 'a whole number from 0 to 4294967295'],
  ['an empty stop text', { stop: [''] }, 'a text or a list of texts, none of them empty'],
  ['an unknown effort', { reasoningEffort: 'max' }, 'one of none, low, medium, high'],
  ['logprobs that are true', { logprobs: true }, 'a whole number from 0 to 100'],
];

for (const [name, config, expected] of refused) {
  test(`${name} is left out with a warning`, () => {
    const [subject = ''] = Object.keys(config);
    assert.deepEqual(settingsOf(config), {
      settings: {},
      warnings: [{ subject, message: `"config.${subject}" is left out: it must be ${expected}.` }],
    });
  });
}
