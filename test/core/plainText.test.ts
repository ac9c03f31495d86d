import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainText } from '../../src/core/plainText.ts';

test('marks are left out, and what they mark stays', () => {
  assert.equal(
    plainText('# The *title*\n\nSome **bold `code`** and [a link](https://example.com).\nNext line.\n'),
    'The title\n\nSome bold code and a link.\nNext line.',
  );
});

test('code stays as it is, also within a fence that is not closed', () => {
  assert.equal(plainText('Run:\n```sh\nls **/*.ts\n```'), 'Run:\n\nls **/*.ts');
  assert.equal(plainText('```\na *b*'), 'a *b*');
});

test('lists keep their marks and depth, tables their cells', () => {
  assert.equal(
    plainText('3. three\n4. four\n   - in *it*\n\n- [x] done\n- [ ] open'),
    '3. three\n4. four\n   - in it\n\n- [x] done\n- [ ] open',
  );
  assert.equal(plainText('| A | B |\n|---|---|\n| *1* | 2 |'), 'A\tB\n1\t2');
});

test('what is no Markdown stays as it is', () => {
  for (const text of ['2 < 3 & 4 > 1', '<b>tag</b>', 'a_b_c * d', '']) assert.equal(plainText(text), text);
});
