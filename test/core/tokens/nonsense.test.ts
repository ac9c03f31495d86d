/** Vocabularies that no model has: what a damaged file may say must cost no more than an error or a wrong count. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LlmError } from '../../../src/core/errors.ts';
import { mergeSteps } from '../../../src/core/tokens/mergeSteps.ts';
import { modelEncoding, type ModelVocabulary } from '../../../src/core/tokens/modelEncoding.ts';
import { StreamCount } from '../../../src/core/tokens/streamCount.ts';
import { textCount, textList } from '../../../src/core/tokens/textList.ts';
import { adversarialTexts, type Random, seeded } from './corpus.ts';

const texts = ['', 'Hello world', ' \n\t', '\u0000\ud800', '中文 👩‍💻 größe', ...adversarialTexts(4, 7)];

for (const model of ['gpt2', 'llama']) {
  test(
    `a vocabulary of nonsense for ${model} gives counts or an error, and never stalls`,
    { timeout: 60_000 },
    () => {
      const random = seeded(11);
      const refused = new Set<string>();
      for (let attempt = 0; attempt < 400; attempt++) {
        const vocabulary = nonsense(model, random);
        const size = textCount(vocabulary.tokens);
        try {
          const encoding = modelEncoding(vocabulary);
          for (const text of texts) {
            const { ids, ends } = encoding.encode(text);
            assert.equal(encoding.count(text), ids.length);
            assert.ok(
              ids.every((id) => id >= 0 && id < size),
              `${attempt}: ${ids.join()}`,
            );
            assert.ok(ends.every((end, at) => end >= (ends[at - 1] ?? 0) && end <= text.length));
            for (const id of ids) encoding.bytesOf(id);
            const stream = new StreamCount(encoding);
            for (const character of text) stream.append(character);
            assert.ok(stream.tokens >= 0);
            if (text !== '') mergeSteps(encoding, text, true);
          }
        } catch (error) {
          if (!(error instanceof LlmError)) throw error;
          assert.equal(error.kind, 'bad-request');
          refused.add(error.message);
        }
      }
      assert.ok(model === 'llama' || [...refused].some((message) => /lacks its merges/.test(message)));
    },
  );
}

test('a token or a merge of a length that no model has is damage, whatever else is said', () => {
  const long = 'a'.repeat(1_000_000);
  const small = textList(['a', 'b']);
  const refusal = (vocabulary: ModelVocabulary): string => {
    try {
      modelEncoding(vocabulary);
      return '';
    } catch (error) {
      assert.ok(error instanceof LlmError && error.kind === 'bad-request', String(error));
      return error.message;
    }
  };
  assert.match(
    refusal({ model: 'gpt2', tokens: small, merges: textList([`${long} b`]) }),
    /is damaged: a merge of its vocabulary takes 1000002 bytes\. Download it again/,
  );
  assert.match(
    refusal({ model: 'llama', tokens: textList(['a', long]), token_type: Int32Array.of(1, 4) }),
    /is damaged: a token of its vocabulary takes 1000000 bytes/,
  );
});

/** Tokens that are empty, twice, cut in a character or far too long; merges of what is not there; scores that are none. */
function nonsense(model: string, random: Random): ModelVocabulary {
  const tokens = Array.from({ length: random(60) }, () => word(random));
  const maybe = <Value>(value: Value): Value | undefined => (random(4) === 0 ? undefined : value);
  const types = maybe(Int32Array.from(tokens, () => random(9) - 1));
  const scores = maybe(Float32Array.from(tokens, () => [NaN, Infinity, -1e38, 0, random(9)][random(5)] ?? 0));
  const merges = maybe(textList(Array.from({ length: random(80) }, () => `${word(random)} ${word(random)}`)));
  const pre = maybe(['gpt-2', 'qwen2', 'llama-bpe', 'nobody'][random(4)] ?? 'default');
  const prefix = maybe(random(2) === 0);
  return {
    model,
    tokens: textList(tokens),
    ...(types ? { token_type: types } : {}),
    ...(scores ? { scores } : {}),
    ...(merges ? { merges } : {}),
    ...(pre === undefined ? {} : { pre }),
    ...(prefix === undefined ? {} : { add_space_prefix: prefix }),
  };
}

function word(random: Random): string {
  const pieces = [
    '',
    'a',
    'b',
    'He',
    'llo',
    ' ',
    'Ġ',
    '▁',
    '<0x0A>',
    '<0xZZ>',
    '<0x',
    'é',
    '中',
    '\ufffd',
    'l'.repeat(300),
  ];
  return Array.from({ length: random(4) }, () => pieces[random(pieces.length)] ?? '').join('');
}
