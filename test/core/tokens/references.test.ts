/**
 * Our tokens against those of three libraries. `TOKENS_FUZZ=50 node --test test/core/tokens/references.test.ts` tries 50
 * times as many texts, other ones, and takes some minutes.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodingNames, type EncodingName } from '../../../src/core/tokens/encodings.ts';
import { adversarialTexts, allAtoms, kindsOfText, oddCharacters, oneOfEachClass } from './corpus.ts';
import { encodingOf } from './encodings.ts';
import { references } from './references.ts';

const effort = Number(process.env['TOKENS_FUZZ'] ?? 1);

/** Where a library is wrong, and why. What tiktoken cannot do is at the end: tokens it always gives right. */
interface Fault {
  readonly why: string;
  /** What a text must hold to show it. */
  readonly character: string;
  /** A text that does show it. */
  readonly example: string;
}

const missesNextLine: Fault = {
  why: "Its patterns run as JavaScript's, whose \\s lacks U+0085. Rust's has it.",
  character: '\u0085',
  example: 'x \u0085y',
};

const faults: Readonly<Record<'js-tiktoken' | 'gpt-tokenizer', readonly Fault[]>> = {
  'js-tiktoken': [
    missesNextLine,
    {
      why: "Its patterns run as JavaScript's, whose \\s has U+FEFF. Rust's has not.",
      character: '\ufeff',
      example: '  \ufeffb',
    },
  ],
  'gpt-tokenizer': [
    missesNextLine,
    {
      why: 'Beside the same, it reads its table through a decoder that drops U+FEFF at the start of a token.',
      character: '\ufeff',
      example: 'a\ufeff b',
    },
  ],
};

/**
 * The letters, marks and numbers that Unicode 17 added: the engine that runs this knows them, the Rust that tiktoken was
 * built with does not yet. They are all that the two take differently.
 */
const newerThanTiktoken = charactersIn(
  '88f c5c cdc 1acf-1add 1ae0-1aeb a7ce-a7cf a7d2 a7d4 a7f1 10940-10959 10ec5-10ec7 10efa-10efb 11b60-11b67 ' +
    '11db0-11ddb 11de0-11de9 16ea0-16ed3 16ff2-16ff6 187f8-187ff 18d09-18d1e 18d80-18df2 1e6c0-1e6ff 2b73a-2b73f ' +
    '2cea2-2cead 323b0-33479',
);

for (const name of encodingNames) {
  const encoding = await encodingOf(name);
  const idsOf = (text: string): number[] => [...encoding.encode(text).ids];
  const tiktoken = references.tiktoken(name);

  test(`${name} gives the tokens of tiktoken for every text`, () => {
    // It takes minutes for larger ones of those kinds that have no place to split.
    for (const text of [...shortTexts(name), ...longTexts(4000 * Math.min(effort, 5))]) {
      if (newerThanTiktoken.test(text)) continue;
      const expected = Array.from(tiktoken(text));
      assert.deepEqual(idsOf(text), expected, JSON.stringify(text));
      assert.equal(encoding.count(text), expected.length, JSON.stringify(text));
    }
  });

  // o200k_base tells more kinds apart than the others, which have the same table.
  if (name === 'o200k_base' || effort > 1) {
    test(`${name} takes every character for what tiktoken takes it for`, () => {
      // Two planes hold nearly all that is assigned.
      for (let page = 0; page < (effort > 1 ? 0x1100 : 0x200); page++) {
        const text = Array.from({ length: 256 }, (_, index) => String.fromCodePoint(page * 256 + index))
          .filter((character) => !newerThanTiktoken.test(character))
          .map(inContext)
          .join('');
        assert.deepEqual(idsOf(text), Array.from(tiktoken(text)), `page ${page.toString(16)}`);
      }
    });
  }

  for (const library of ['js-tiktoken', 'gpt-tokenizer'] as const) {
    test(`${name} differs from ${library} only where that is known to be wrong`, async () => {
      const encode = await references[library](name);
      for (const text of [...shortTexts(name), ...longTexts(1000)]) {
        if (faults[library].some(({ character }) => text.includes(character))) continue;
        assert.deepEqual(idsOf(text), Array.from(encode(text)), JSON.stringify(text));
      }
      if (name !== 'o200k_base') return;
      for (const { example, why } of faults[library])
        assert.notDeepEqual(
          Array.from(encode(example)),
          Array.from(tiktoken(example)),
          `no longer so: ${why}`,
        );
    });
  }
}

test('tiktoken breaks off at a megabyte without a place to split, which is counted here', async () => {
  const text = '='.repeat(1_000_000);
  const encode = references.tiktoken('r50k_base');
  // Its regular expressions go back over a piece, and there is a limit to how far.
  assert.throws(() => encode(text), { name: 'RuntimeError', message: 'unreachable' });
  assert.equal((await encodingOf('r50k_base')).count(text), 15_625);
});

function shortTexts(name: EncodingName): string[] {
  const seed = effort * 10 + encodingNames.indexOf(name);
  return [
    ...['', '\0', '\ufeff', '\u0085', '<|endoftext|>', '\ud800'],
    ...adversarialTexts(1200 * effort, seed),
    ...adversarialTexts(600 * effort, seed, [...allAtoms, ...oddCharacters]),
  ];
}

function longTexts(length: number): string[] {
  return [
    ...Object.values(kindsOfText(length, effort)),
    ...oneOfEachClass.map((character) => character.repeat(length / 10)),
  ];
}

/** A character beside the other kinds of characters, twice in a row, after white space and before it. */
function inContext(it: string): string {
  return `A${it}b 1${it}2 ${it}${it}C  ${it}!\n${it}\n '${it}'re${it}`;
}

/** @param ranges of code points, in hexadecimal. */
function charactersIn(ranges: string): RegExp {
  const members = ranges.replaceAll(/[0-9a-f]+/g, (codePoint) => `\\u{${codePoint}}`).replaceAll(' ', '');
  return new RegExp(`[${members}]`, 'u');
}
