import assert from 'node:assert/strict';
import test from 'node:test';
import { analyzePrompt } from '../../../src/core/prompt/analysis.ts';
import {
  declareVariable,
  isVariableName,
  type PromptEdit,
  removeVariable,
  renameVariable,
  variableAt,
} from '../../../src/core/prompt/edits.ts';

test('a variable is declared behind the last one, with the type that its use tells', async () => {
  const text =
    '---\ninput:\n  schema:\n    a(object):\n      b: string\n---\n{{a.b}}{{#if c}}{{/if}}{{d}}{{#each e}}{{this}}{{/each}}\n';
  const declared = async (name: string): Promise<string> => {
    const edit = declareVariable(await analyzePrompt(text), name);
    return edit ? (linesOf(apply(text, [edit]))[5] ?? '') : 'none';
  };
  assert.deepEqual(
    [await declared('c'), await declared('d'), await declared('e'), await declared('a')],
    ['    c?: boolean', '    d: string', '    e(array): string', 'none'],
  );
});

test('a variable is declared between braces and in a JSON schema', async () => {
  for (const [before, after] of [
    ['input: {schema: {a: string}}', 'input: {schema: {b: string, a: string}}'],
    [
      'input:\n  schema:\n    properties:\n      a: {type: string}\n    required: [a]',
      'input:\n  schema:\n    properties:\n      a: {type: string}\n      b: { type: string }\n    required: [a]',
    ],
  ] as const) {
    const text = `---\n${before}\n---\n{{a}}{{b}}`;
    const edit = declareVariable(await analyzePrompt(text), 'b');
    assert.equal(edit && apply(text, [edit]), `---\n${after}\n---\n{{a}}{{b}}`);
  }
});

test('a declared variable has no problem any more', async () => {
  const text = '---\ninput:\n  schema:\n    a: string\n---\n{{a}}{{b}}';
  const edit = declareVariable(await analyzePrompt(text), 'b');
  assert.deepEqual(edit && (await analyzePrompt(apply(text, [edit]))).problems, []);
});

test('a variable is removed with what is below it and with its default', async () => {
  const text =
    '---\ninput:\n  schema:\n    a(object):\n      x: string\n      y: string\n    b: string\n  default:\n    a: {x: 1}\n    b: z\n---\n{{b}}';
  const edits = removeVariable(await analyzePrompt(text), 'a');
  assert.equal(apply(text, edits), '---\ninput:\n  schema:\n    b: string\n  default:\n    b: z\n---\n{{b}}');
});

test('a variable between braces is not removed', async () => {
  assert.deepEqual(removeVariable(await analyzePrompt('---\ninput: {schema: {a: string}}\n---\n'), 'a'), []);
});

test('a rename reaches the schema, the defaults and every use, and nothing of the same name elsewhere', async () => {
  const text = `---
input:
  schema:
    user?(object, who asks):
      user: string
  default:
    user: {user: Ann}
---
{{user.user}} {{#with user}}{{user}}{{/with}} {{#each items as |user|}}{{user}}{{@root.user.user}}{{/each}}
{{#user}}{{this}}{{/user}} {{json this.user}} {{[user]}} {{#if user}}user{{else if user}}{{../user}}{{/if}}`;
  const places = variableAt(await analyzePrompt(text), 9, 3);
  assert.equal(
    places && apply(text, renameVariable(places, 'person')),
    `---
input:
  schema:
    person?(object, who asks):
      user: string
  default:
    person: {user: Ann}
---
{{person.user}} {{#with person}}{{user}}{{/with}} {{#each items as |user|}}{{user}}{{@root.person.user}}{{/each}}
{{#person}}{{this}}{{/person}} {{json this.person}} {{[person]}} {{#if person}}user{{else if person}}{{../user}}{{/if}}`,
  );
});

test('a rename reaches quoted keys and the required names of a JSON schema, in a file with CRLF', async () => {
  const text =
    '---\r\ninput:\r\n  schema:\r\n    properties: {"a": {type: string}}\r\n    required: ["a"]\r\n---\r\n\r\n{{a}}';
  const places = variableAt(await analyzePrompt(text), 4, 19);
  assert.equal(
    places && apply(text, renameVariable(places, 'bb')),
    text.replace(/"a"/g, '"bb"').replace('{{a}}', '{{bb}}'),
  );
});

test('only a name that needs no quotes is one for a variable', () => {
  assert.deepEqual(['a', 'a_1', 'a-b', '1a', 'a b', 'this', 'each', '', 'a.b'].filter(isVariableName), [
    'a',
    'a_1',
    'a-b',
  ]);
});

function apply(text: string, edits: readonly PromptEdit[]): string {
  const lines = linesOf(text);
  const offset = (line: number, column: number): number =>
    lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
  return [...edits]
    .sort((a, b) => b.range.line - a.range.line || b.range.column - a.range.column)
    .reduce((result, { range, text: put }) => {
      const { line, column, endLine = line, endColumn = column } = range;
      return result.slice(0, offset(line, column)) + put + result.slice(offset(endLine, endColumn));
    }, text);
}

function linesOf(text: string): string[] {
  return text.split('\n');
}
