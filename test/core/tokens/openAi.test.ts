import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Tiktoken } from 'js-tiktoken/lite';
import type { Encoding } from '../../../src/core/tokens/encoding.ts';
import { encodingNames, openAiEncoding } from '../../../src/core/tokens/encodings.ts';
import { adversarialTexts, kindsOfText } from './corpus.ts';
import { encodingOf, ranksOf } from './encodings.ts';

const o200k = await encodingOf('o200k_base');
const cl100k = await encodingOf('cl100k_base');

for (const name of encodingNames) {
  test(`${name} agrees with js-tiktoken`, async () => {
    const ranks = await ranksOf(name);
    const reference = new Tiktoken(ranks);
    const encoding = openAiEncoding(name, ranks);
    for (const text of [...adversarialTexts(1500, 1), ...Object.values(kindsOfText(2000)), '', ' ', '\n']) {
      const expected = reference.encode(text, [], []);
      assert.deepEqual([...encoding.encode(text).ids], expected, JSON.stringify(text));
      assert.equal(encoding.count(text), expected.length, JSON.stringify(text));
    }
  });
}

// js-tiktoken runs its patterns as JavaScript and gets these wrong; each is what OpenAI's own tiktoken 0.14
// gives.
test('U+FEFF is no white space, as in Rust', () => {
  assert.deepEqual(idsOf(o200k, 'a\ufeff b'), [64, 5574, 287]);
  assert.deepEqual(idsOf(cl100k, 'a \ufeff\ufeff b'), [64, 76880, 3305, 293]);
});

test('U+0085 is white space, as in Rust', () => {
  assert.deepEqual(idsOf(o200k, 'x \u0085\u0085 y'), [87, 1322, 227, 126, 227, 342]);
  assert.deepEqual(idsOf(cl100k, 'x \u0085y'), [87, 220, 126, 227, 88]);
});

test("U+017F stands for an s in a contraction, as in Rust's (?i:'s)", () => {
  assert.deepEqual(idsOf(o200k, "é'ſ's"), [377, 6, 70067, 885]);
});

test('text that looks like a special token is plain text', () => {
  assert.deepEqual(o200k.decode(idsOf(o200k, '<|endoftext|>')), '<|endoftext|>');
  assert.deepEqual(
    [o200k, cl100k].map((encoding) => encoding.count('<|endoftext|>')),
    [7, 7],
  );
});

test('a lone surrogate counts as U+FFFD', () => {
  assert.deepEqual(idsOf(o200k, 'a\ud800b\udc00'), idsOf(o200k, 'a\ufffdb\ufffd'));
});

test('a special token has its name as bytes, and an id that does not exist has none', () => {
  assert.equal(o200k.decode([199_999]), '<|endoftext|>');
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
