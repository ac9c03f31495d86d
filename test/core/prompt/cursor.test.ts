import assert from 'node:assert/strict';
import test from 'node:test';
import { type CursorContext, cursorContext } from '../../../src/core/prompt/cursor.ts';
import { openBlocks } from '../../../src/core/prompt/openBlocks.ts';

/** The context at the `|` of a text. */
function at(text: string): CursorContext {
  const before = text.slice(0, text.indexOf('|')).split('\n');
  const lines = text.replace('|', '').split('\n');
  return cursorContext((line) => lines[line - 1] ?? '', before.length, (before.at(-1)?.length ?? 0) + 1);
}

test('keys and values of the front matter are told with the keys above them', () => {
  const cases: [string, CursorContext][] = [
    ['---\nmo|', { in: 'key', path: [], word: 'mo' }],
    ['---\nmodel: local/d|\n---', { in: 'value', path: ['model'], word: 'local/d' }],
    ['---\nconfig:\n  temp|\n', { in: 'key', path: ['config'], word: 'temp' }],
    ['---\nconfig:\n  topP: 1\n\n  |\n---\n', { in: 'key', path: ['config'], word: '' }],
    ['---\nconfig:\n  reasoningEffort: |', { in: 'value', path: ['config', 'reasoningEffort'], word: '' }],
    ['---\ninput:\n  schema:\n    a: string\n  de|', { in: 'key', path: ['input'], word: 'de' }],
    ['---\ninput:\n  default:\n    |', { in: 'key', path: ['input', 'default'], word: '' }],
    ['---\nname: a # |', { in: 'value', path: ['name'], word: 'a # ' }],
    ['---\n# mo|', { in: 'text' }],
  ];
  for (const [text, expected] of cases) assert.deepEqual(at(text), expected, text);
});

test('the parts of a template are told', () => {
  const cases: [string, CursorContext][] = [
    ['---\nname: a\n---\nmo|', { in: 'text' }],
    ['{{|', { in: 'call', isBlock: false, word: '' }],
    ['{{~us|}}', { in: 'call', isBlock: false, word: 'us' }],
    ['{{#ea|', { in: 'call', isBlock: true, word: 'ea' }],
    ['{{#each\n  it|', { in: 'argument', word: 'it' }],
    ['{{#if (lo|', { in: 'call', isBlock: false, word: 'lo' }],
    ['{{json user.na|', { in: 'argument', word: 'user.na' }],
    ['{{else if a|', { in: 'argument', word: 'a' }],
    ['{{role "sy|', { in: 'role', word: 'sy' }],
    ['{{> gre|', { in: 'partial', word: 'gre' }],
    ['{{#if a}}b{{/|', { in: 'close', word: '' }],
    ['{{a}} b|', { in: 'text' }],
    ['{{! note|', { in: 'text' }],
    ['\\{{a|', { in: 'text' }],
    ['{|', { in: 'text' }],
  ];
  for (const [text, expected] of cases) assert.deepEqual(at(text), expected, text);
});

test('the blocks that are open at the end of a text are told, the outermost first', () => {
  assert.deepEqual(openBlocks('{{#if a}}x{{/if}}{{#each items as |i|}}{{^b}}{{else}}{{~#with c~}}'), [
    { name: 'each', argument: 'items as |i|' },
    { name: 'b', argument: '' },
    { name: 'with', argument: 'c' },
  ]);
});
