import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shown } from '../../src/cli/terminal.ts';

test('on a terminal escapes, C1 controls and direction marks are visible, and lines and tabs stay', () => {
  const hostile = 'a\u001b]0;title\u0007\u009b31m\tb\r\nc\rd\u007f\u202ee';
  assert.equal(shown(hostile, { isTTY: true }), 'a␛]0;title␇\\u{9b}31m\tb\ncd␡\\u{202e}e');
});

test('elsewhere the text stays as it is', () => {
  assert.equal(shown('\u001b[31m', {}), '\u001b[31m');
});
