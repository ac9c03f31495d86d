/** What the inspector's page makes of tokens, without a page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ShownTokens } from '../../src/inspectorProtocol.ts';
import {
  searchTokens,
  tokenAt,
  tokenGroups,
  tokensIn,
  tokensJson,
  wordAround,
} from '../../webview/inspector/tokens.ts';
import { spokenText, visibleBytes, visibleText } from '../../webview/inspector/visible.ts';

test('white space and what else cannot be seen has marks', () => {
  assert.equal(visibleText('a b\t\r\n\u00A0\u200B\u0007é'), 'a·b⇥␍↵⍽⟨U+200B⟩⟨U+0007⟩é');
});

test('bytes are their text, or themselves where they are a part of a character', () => {
  assert.deepEqual([visibleBytes('20c3a9'), visibleBytes('a9')], ['·é', '⟨A9⟩']);
});

test('white space alone is read out by its names', () => {
  assert.deepEqual([' hello', '   ', ' \n\n\t'].map(spokenText), [
    "' hello'",
    '3 spaces',
    'space, 2 line breaks, tab',
  ]);
});

const text = 'unbelievable 中 x1';
const tokens = tokensOf(['un', 'bel', 'ievable', ' ', [0xe4, 0xb8], [0xad], ' x', '1']);

test('a token knows its place, its bytes and whether it is a part of a character', () => {
  assert.deepEqual(tokenAt(tokens, text, 4), {
    index: 4,
    id: 104,
    start: 13,
    end: 14,
    text: '中',
    bytes: 'e4b8',
    isPartial: true,
  });
  assert.deepEqual([tokenAt(tokens, text, 5).text, tokenAt(tokens, text, 7).bytes], ['', '31']);
});

test('a word is what the same letters or digits run through, whole characters always', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6, 7].map((index) => {
      const { start, end } = wordAround(tokens, text, index);
      return text.slice(start, end);
    }),
    ['unbelievable', 'unbelievable', 'unbelievable', ' ', '中', '中', ' x', '1'],
  );
});

test('a search finds ids, and texts that reach over tokens', () => {
  assert.deepEqual(searchTokens(tokens, text, '103'), { places: [3], tokens: new Set([3]) });
  assert.deepEqual(searchTokens(tokens, text, 'BELIEVA'), { places: [1], tokens: new Set([1, 2]) });
  assert.deepEqual(searchTokens(tokens, text, '1').places, [7]);
  assert.deepEqual(searchTokens(tokens, text, '').places, []);
});

test('a stretch of text is in the tokens that have a part of it', () => {
  assert.deepEqual(tokensIn(tokens, 3, 4), { first: 1, last: 1 });
  assert.deepEqual(tokensIn(tokens, 4, 6), { first: 1, last: 2 });
  assert.equal(tokensIn(tokens, 99, 100), undefined);
});

test('groups end at the ends of lines where they can', () => {
  const lines = tokensOf(Array.from({ length: 1000 }, (_, index) => (index % 50 === 49 ? '\n' : 'a')));
  const long = tokensOf(Array.from({ length: 1000 }, () => 'a'));
  const groupsOf = (list: ShownTokens) =>
    tokenGroups(list, Buffer.from(list.bytes, 'hex').toString()).map(({ start, end }) => [start, end]);
  assert.deepEqual(groupsOf(lines).slice(0, 2), [
    [0, 200],
    [200, 400],
  ]);
  assert.deepEqual(groupsOf(long), [
    [0, 600],
    [600, 1000],
  ]);
});

test('JSON has ids, texts and bytes, and says when it is not all', () => {
  const two = tokensOf(['a', 'é']);
  assert.deepEqual(JSON.parse(tokensJson({ name: 'o200k_base', tokens: two, total: 5 }, 'aébcd')), {
    tokenizer: 'o200k_base',
    count: 5,
    shown: 2,
    tokens: [
      { id: 100, text: 'a', bytes: [97] },
      { id: 101, text: 'é', bytes: [195, 169] },
    ],
  });
});

/** Tokens of these texts or bytes; a character belongs to the token that has its first byte. */
function tokensOf(parts: readonly (string | readonly number[])[]): ShownTokens {
  const bytes = parts.map((part) => Buffer.from(part as string));
  const sum = (list: readonly number[]) =>
    list.map((_, index) => list.slice(0, index + 1).reduce((a, b) => a + b, 0));
  const starts = bytes.map((part) => [...part].filter((byte) => (byte & 0xc0) !== 0x80).length);
  return {
    ids: parts.map((_, index) => 100 + index),
    ends: sum(starts),
    bytes: Buffer.concat(bytes).toString('hex'),
    byteEnds: sum(bytes.map(({ length }) => length)),
  };
}
