import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Encoding } from '../../../src/core/tokens/encoding.ts';
import { openAiEncoding } from '../../../src/core/tokens/encodings.ts';
import { adversarialTexts, oneOfEachClass } from './corpus.ts';
import { decoded, encodingOf } from './encodings.ts';

const o200k = await encodingOf('o200k_base');
const cl100k = await encodingOf('cl100k_base');

// What OpenAI's own tiktoken 0.14 gives. test/core/tokens/references.test.ts compares far more texts with it.
test('text that breaks others is counted as tiktoken counts it', () => {
  const texts = ['', '\0\0', 'a\ufeff b', 'x \u0085\u0085 y', "é'ſ's", '<|endoftext|>', 'a\ud800b\udc00'];
  assert.deepEqual(
    texts.map((text) => idsOf(o200k, text)),
    [
      [],
      [156344],
      [64, 5574, 287],
      [87, 1322, 227, 126, 227, 342],
      [377, 6, 70067, 885],
      [27, 91, 419, 1440, 919, 91, 29],
      [64, 3251, 65, 3251],
    ],
  );
  assert.deepEqual(idsOf(cl100k, 'a \ufeff\ufeff b'), [64, 76880, 3305, 293]);
});

test('a special token has its name as bytes, and an id that does not exist has none', () => {
  assert.equal(decoded(o200k, [199_999]), '<|endoftext|>');
  assert.deepEqual([o200k.bytesOf(300_000).length, o200k.bytesOf(-1).length], [0, 0]);
});

test('a limit is kept exactly, and nothing is said beyond it', () => {
  const text = 'one two three four '.repeat(5000);
  const count = o200k.count(text);
  assert.deepEqual(
    [count - 1, count, count + 1].map((limit) => o200k.countWithin(text, limit)),
    [undefined, count, count],
  );
  assert.deepEqual([o200k.countWithin('', 0), o200k.countWithin('a', 0)], [0, undefined]);
});

test('a limit gives what counting all of the text gives', () => {
  for (const [index, text] of adversarialTexts(1000, 14).entries()) {
    const count = o200k.count(text);
    assert.equal(
      o200k.countWithin(text, index % 12),
      count <= index % 12 ? count : undefined,
      JSON.stringify(text),
    );
  }
});

test('a hundred thousand equal characters of any class are counted at once', { timeout: 30_000 }, () => {
  for (const character of oneOfEachClass) {
    const text = character.repeat(100_000);
    const { ids, ends } = o200k.encode(text);
    assert.deepEqual([o200k.count(text), ends.at(-1)], [ids.length, text.length], JSON.stringify(character));
    assert.ok(decoded(o200k, ids) === text, JSON.stringify(character));
  }
});

test('megabytes without a place to split are counted', { timeout: 60_000 }, () => {
  const counts = Object.entries({
    a: 125_000,
    ' ': 7813,
    '\n': 62_500,
    '\0': 500_000,
    '=': 15_625,
    中: 1_000_000,
  }).map(([character, expected]) => [character, o200k.count(character.repeat(1_000_000)), expected]);
  assert.deepEqual(
    counts.filter(([, count, expected]) => count !== expected),
    [],
  );
});

test('rank data that is not in the format is refused', () => {
  assert.throws(
    () => openAiEncoding('o200k_base', { bpe_ranks: 'IQ== 0', special_tokens: {} }),
    /Not a line of ranks/,
  );
  assert.throws(
    () => openAiEncoding('o200k_base', { bpe_ranks: '! 0 I*==', special_tokens: {} }),
    /Not base64/,
  );
});

function idsOf(encoding: Encoding, text: string): number[] {
  return [...encoding.encode(text).ids];
}
