import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeSteps } from '../../../src/core/tokens/mergeSteps.ts';
import { modelEncoding } from '../../../src/core/tokens/modelEncoding.ts';
import { adversarialTexts } from './corpus.ts';
import { encodingOf } from './encodings.ts';
import { modelVocabulary } from './vocabularies.ts';

const o200k = await encodingOf('o200k_base');

test('each step joins two parts, the most urgent pair first', () => {
  const steps = mergeSteps(o200k, ' bananas').map(({ parts, merged }) => {
    return parts.map(({ bytes }, index) => (index === merged ? `[${text(bytes)}]` : text(bytes))).join('|');
  });
  assert.deepEqual(steps, [
    ' |b|a|n|a|n|a|s',
    ' |b|[an]|a|n|a|s',
    ' |b|an|[an]|a|s',
    '[ b]|an|an|a|s',
    ' b|an|an|[as]',
    '[ ban]|an|as',
    ' ban|[anas]',
    '[ bananas]',
  ]);
});

test('the last state is what the word is encoded to', () => {
  for (const word of adversarialTexts(500, 8)) {
    const last = mergeSteps(o200k, word).at(-1);
    assert.deepEqual(
      last?.parts.map(({ id }) => id),
      [...o200k.encode(word).ids],
      JSON.stringify(word),
    );
  }
});

test('a word of a SentencePiece model has its blank in front only where the text starts', () => {
  const encoding = modelEncoding(
    modelVocabulary(
      {
        tokens: ['<unk>', '▁', 'a', 'b', 'ab', '▁ab'],
        token_type: [2, 1, 1, 1, 1, 1],
        scores: [0, -4, -4, -4, -1, -2],
      },
      { model: 'llama' },
    ),
  );
  const tokensOf = (word: string, isStart: boolean) =>
    mergeSteps(encoding, word, isStart)
      .at(-1)
      ?.parts.map(({ bytes }) => text(bytes));
  assert.deepEqual(
    [tokensOf('ab', true), tokensOf('ab', false), tokensOf(' ab', false)],
    [['▁ab'], ['ab'], ['▁ab']],
  );
});

test('a word too long to show step by step is refused', () => {
  assert.throws(() => mergeSteps(o200k, 'a'.repeat(257)), RangeError);
});

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
