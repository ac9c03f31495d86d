import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Encoding } from '../../../src/core/tokens/encoding.ts';
import { adversarialTexts } from './corpus.ts';
import { decoded, encodingOf } from './encodings.ts';

const o200k = await encodingOf('o200k_base');

test('the spans of the tokens are the text, in UTF-16 offsets', () => {
  assert.deepEqual(spans(o200k, "I don't like naïveté"), ['I', " don't", ' like', ' naï', 'vet', 'é']);
});

test('a character of several tokens belongs to the one that holds its first byte', () => {
  assert.deepEqual(spans(o200k, 'a👩\u200d👧b'), ['a', '👩', '', '\u200d', '👧', '', 'b']);
});

test('spans cover every text and tokens decode to it', () => {
  for (const text of adversarialTexts(2000, 5)) {
    const { ids } = o200k.encode(text);
    assert.equal(spans(o200k, text).join(''), text);
    assert.equal(decoded(o200k, ids), text.toWellFormed());
  }
});

test('spans go on across the slices in which a long text is encoded', () => {
  const text = adversarialTexts(20_000, 6).join('');
  assert.ok(text.length > 200_000);
  assert.equal(spans(o200k, text).join(''), text);
});

test('the first tokens of a text are those of all of it', () => {
  const text = adversarialTexts(20_000, 6).join('');
  const { ids, ends } = o200k.encode(text);
  for (const limit of [0, 1, 1000, ids.length, ids.length + 1]) {
    assert.deepEqual(o200k.encode(text, limit), { ids: ids.slice(0, limit), ends: ends.slice(0, limit) });
  }
});

test('an empty text has no tokens', () => {
  assert.deepEqual(o200k.encode(''), { ids: new Int32Array(), ends: new Int32Array() });
});

function spans(encoding: Encoding, text: string): string[] {
  const { ends } = encoding.encode(text);
  return Array.from(ends, (end, index) => text.slice(ends[index - 1] ?? 0, end));
}
