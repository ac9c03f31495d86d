import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatValue, visibleToken } from '../../webview/format.ts';

test('white space and bytes of a token can be seen', () => {
  assert.deepEqual(
    [' the', '\n\n', '\t', ''].map((token) => visibleToken({ token })),
    ['␣the', '↵↵', '⇥', '∅'],
  );
  assert.equal(visibleToken({ token: '\uFFFD', bytes: [0xe2, 0x0a] }), '⟨E2 0A⟩');
});

test('a value is one line', () => {
  assert.equal(formatValue('a\n  b\tc'), 'a b c');
  assert.equal(formatValue({ list: [1, null] }), '{"list":[1,null]}');
  assert.equal(formatValue('x'.repeat(99), 10), 'xxxxxxxxx…');
});
