import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodingNames } from '../../../src/core/tokens/encodings.ts';
import { StreamCount } from '../../../src/core/tokens/streamCount.ts';
import { adversarialTexts, seeded } from './corpus.ts';
import { encodingOf } from './encodings.ts';

for (const name of encodingNames) {
  test(`${name}: at every moment a stream has the count of its text so far`, async () => {
    const encoding = await encodingOf(name);
    const random = seeded(3);
    for (const text of adversarialTexts(600, 2)) {
      const stream = new StreamCount(encoding);
      for (let at = 0; at < text.length;) {
        const end = Math.min(text.length, at + 1 + random(6));
        stream.append(text.slice(at, end));
        at = end;
        assert.equal(stream.tokens, encoding.count(text.slice(0, at)), JSON.stringify(text.slice(0, at)));
      }
    }
  });
}

// It took half a minute while each piece was searched as the tail of all that came before.
test('megabytes without a place to split are taken as they come', { timeout: 10_000 }, async () => {
  const stream = new StreamCount(await encodingOf('r50k_base'));
  for (let piece = 0; piece < 90; piece++) stream.append('='.repeat(65_536));
  assert.equal(stream.settledTokens, 0);
});

test('a stream of nothing has no tokens', async () => {
  const stream = new StreamCount(await encodingOf('r50k_base'));
  stream.append('');
  assert.equal(stream.tokens, 0);
});
