import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LlmError } from '../../../src/core/errors.ts';
import type { Encoding } from '../../../src/core/tokens/encoding.ts';
import { modelEncoding } from '../../../src/core/tokens/modelEncoding.ts';
import { StreamCount } from '../../../src/core/tokens/streamCount.ts';
import { textList } from '../../../src/core/tokens/textList.ts';
import { adversarialTexts } from './corpus.ts';
import { decoded } from './encodings.ts';
import { byteLevelLists, modelVocabulary, sentencePieceVocabulary } from './vocabularies.ts';

// That these are llama.cpp's own tokens is tested in test/node/tokenizerEngine.test.ts; here is what needs no
// engine.
const sentencePiece = modelEncoding(sentencePieceVocabulary());
const byteLevel = modelEncoding(modelVocabulary(await byteLevelLists(), { model: 'gpt2', pre: 'qwen2' }));

test('pairs join by their place in the list, not by what they make', () => {
  const encoding = modelEncoding({
    model: 'gpt2',
    pre: 'gpt-2',
    tokens: textList(['a', 'b', 'c', 'ab', 'bc', 'abc']),
    merges: textList(['b c', 'a b', 'ab c']),
  });
  assert.deepEqual(pieces(encoding, 'abc'), ['a', 'bc']);
});

test('a piece that is a token as a whole is not merged where the model says so', () => {
  const data = { model: 'gpt2', tokens: textList(['a', 'b', 'ab']), merges: textList([]) };
  assert.deepEqual(
    ['llama-bpe', 'qwen2'].map((pre) => modelEncoding({ ...data, pre }).count('ab')),
    [1, 2],
  );
});

test('the token with the highest score is made first, and of equal ones the leftmost', () => {
  const encoding = modelEncoding({
    model: 'llama',
    tokens: textList(['a', 'b', 'c', 'ab', 'bc', 'aa']),
    scores: Float32Array.of(0, 0, 0, -2, -1, -3),
    add_space_prefix: false,
  });
  assert.deepEqual(
    ['abc', 'aaa'].map((text) => pieces(encoding, text)),
    [
      ['a', 'bc'],
      ['aa', 'a'],
    ],
  );
});

test('a character without a token becomes its bytes, of which the first has the span', () => {
  assert.deepEqual(
    pieces(modelEncoding({ model: 'llama', tokens: textList(['<0xC3>', '<0xA9>', 'x', '▁']) }), 'éx'),
    ['', 'é', '', 'x'],
  );
});

test('added tokens are found in plain text, control tokens are not', () => {
  assert.deepEqual(pieces(byteLevel, 'x<tool_call>ab cd'), ['x', '<tool_call>', 'ab cd']);
  assert.ok(byteLevel.count('<|im_end|>') > 1);
});

test('tokens decode to the text', () => {
  for (const text of adversarialTexts(500, 3).map((raw) => raw.toWellFormed())) {
    assert.equal(decoded(byteLevel, byteLevel.encode(text).ids), text);
    // Only of its own blanks does SentencePiece write one more, in front.
    assert.equal(
      decoded(sentencePiece, sentencePiece.encode(`x${text}`).ids).replaceAll('▁', ' '),
      ` x${text.replaceAll('▁', ' ')}`,
    );
  }
});

test('streams count as whole texts do, added tokens across their borders included', () => {
  for (const encoding of [byteLevel, sentencePiece]) {
    for (const text of adversarialTexts(300, 12).map((raw, index) =>
      index % 3 === 0 ? `${raw}<tool_call>ab cd a b${raw}` : raw,
    )) {
      const stream = new StreamCount(encoding);
      for (const chunk of text.match(/[^]{1,3}/g) ?? []) stream.append(chunk);
      assert.equal(stream.tokens, encoding.count(text), JSON.stringify(text));
    }
  }
});

test('what is not counted exactly yet is refused in words for the user', () => {
  const tokens = textList(['a']);
  const messages = [
    { model: 'bert', tokens },
    { model: 'gpt2', pre: 'kimi-k2', tokens },
    { model: 'gpt2', tokens },
  ].map((data) => {
    try {
      return modelEncoding(data);
    } catch (error) {
      assert.ok(error instanceof LlmError && error.kind === 'bad-request');
      return error.message.split(',')[0];
    }
  });
  assert.deepEqual(messages, [
    'The model file has a tokenizer of the kind "bert"',
    'The model file has the pre-tokenizer "kimi-k2"',
    'The model file lacks its merges',
  ]);
});

function pieces(encoding: Encoding, text: string): string[] {
  const { ends } = encoding.encode(text);
  return Array.from(ends, (end, index) => text.slice(ends[index - 1] ?? 0, end));
}
