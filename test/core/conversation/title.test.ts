import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { attachedPart } from '../../../src/core/attachment.ts';
import type { Part } from '../../../src/core/chat.ts';
import { autoTitle } from '../../../src/core/conversation/title.ts';

const titleOf = (text: string): string =>
  autoTitle([
    { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
    { role: 'user', content: [{ type: 'text', text }] },
  ]);

describe('the title of a conversation', () => {
  for (const [name, text, title] of [
    ['is the first line that the user wrote', '\n  \nWhat is a token?\nAnd a model?', 'What is a token?'],
    ['has no marks of Markdown', '## **Why** is `x` _so_ [slow](https://a.b)?', 'Why is x so slow?'],
    [
      'keeps what only looks like marks',
      'Why is snake_case_here 2 * 3 * 4?',
      'Why is snake_case_here 2 * 3 * 4?',
    ],
    ['drops the marks of lists and quotes', '> 1. First thing', 'First thing'],
    ['passes over fences and rules', '---\n```ts\nconst a = 1;\n```', 'const a = 1;'],
    ['has no control characters and no marks that turn text', 'a\u202eb\tc\0d', 'a b c d'],
    ['is a standing name where there is no text', ' \n```\n', 'New conversation'],
  ] as const) {
    test(name, () => assert.equal(titleOf(text), title));
  }

  test('is what was written beside an attachment, or else what was attached', () => {
    const attached = attachedPart({ path: 'src/a.ts', lines: [3, 4] }, 'x', 'ts');
    const titleWith = (...parts: readonly Part[]): string =>
      autoTitle([{ role: 'user', content: [attached, ...parts] }]);
    assert.equal(titleWith({ type: 'text', text: 'Why?' }), 'Why?');
    assert.equal(titleWith(), 'src/a.ts, lines 3–4');
  });

  test('has at most 60 characters, none of them cut', () => {
    const family = '👨‍👩‍👧‍👦';
    assert.equal(titleOf(family.repeat(60)), family.repeat(60));
    assert.equal(titleOf(family.repeat(61)), `${family.repeat(59)}…`);
    assert.equal(titleOf(`${'a'.repeat(58)} bcd`), `${'a'.repeat(58)}…`);
  });

  test('of a pasted file of 10 MB is found at once', () => {
    assert.equal(titleOf('*_['.repeat(3_000_000)).length <= 60, true);
    assert.equal(titleOf('\n'.repeat(10_000_000)), 'New conversation');
  });
});
