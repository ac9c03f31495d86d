import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EditableCount } from '../../../src/core/tokens/editableCount.ts';
import { encodingNames } from '../../../src/core/tokens/encodings.ts';
import type { Encoding } from '../../../src/core/tokens/encoding.ts';
import { modelEncoding } from '../../../src/core/tokens/modelEncoding.ts';
import { adversarialTexts, seeded } from './corpus.ts';
import { encodingOf } from './encodings.ts';
import { sentencePieceVocabulary } from './vocabularies.ts';

const o200k = await encodingOf('o200k_base');

for (const name of encodingNames) {
  test(`${name}: after every edit the count is that of the whole text`, async () => {
    editAtRandom(await encodingOf(name));
  });
}

test('also where a text starts with a blank that it does not have', () => {
  editAtRandom(modelEncoding(sentencePieceVocabulary()));
});

test('a text can be emptied and filled again', () => {
  const text = new EditableCount(o200k, 'hello world');
  text.edit({ start: 0, end: 11, text: '' });
  const emptied = [text.tokens, text.length];
  text.edit({ start: 0, end: 0, text: 'hello' });
  assert.deepEqual([emptied, text.tokens, text.length], [[0, 0], 1, 5]);
});

test('an edit beyond the text is refused and changes nothing', () => {
  const text = new EditableCount(o200k, 'hello world');
  assert.throws(() => text.edit({ start: 3, end: 12, text: '' }), RangeError);
  assert.throws(() => text.edit({ start: 3, end: 2, text: '' }), RangeError);
  assert.deepEqual([text.tokens, text.length], [2, 11]);
});

function editAtRandom(encoding: Encoding): void {
  const random = seeded(11);
  const texts = adversarialTexts(1000, 4);
  let expected = texts.join(' ');
  const edited = new EditableCount(encoding, expected);
  for (let edit = 0; edit < 150; edit++) {
    const start = random(5) === 0 ? 0 : random(expected.length + 1);
    const end = Math.min(expected.length, start + (random(3) === 0 ? random(4000) : random(20)));
    const text = random(3) === 0 ? '' : (texts[random(texts.length)] ?? '');
    expected = expected.slice(0, start) + text + expected.slice(end);
    edited.edit({ start, end, text });
    assert.deepEqual(
      [edited.tokens, edited.length],
      [encoding.count(expected), expected.length],
      `edit ${edit}`,
    );
  }
}
