import assert from 'node:assert/strict';
import test from 'node:test';
import { parsePrompt } from '../../../src/core/prompt/parse.ts';

const empty = { config: {}, input: { default: {} }, output: {}, tools: [], ext: {} };

test('every field of the front matter is read', () => {
  const { frontMatter, problems } = parsePrompt(`---
name: explain
description: Explains.
version: 1.10
model: local/demo
config: {temperature: 0}
input:
  schema: {topic: string}
  default: {topic: tokens}
output: {format: json, schema: {a: string}}
tools: [search]
---
`);
  assert.deepEqual(problems, []);
  assert.deepEqual(frontMatter, {
    name: 'explain',
    description: 'Explains.',
    version: '1.10',
    model: 'local/demo',
    config: { temperature: 0 },
    input: { schema: { topic: 'string' }, default: { topic: 'tokens' } },
    output: { format: 'json', schema: { a: 'string' } },
    tools: [{ name: 'search', isNameOnly: true }],
    ext: {},
  });
});

test('keys with a dot are grouped by everything before the last one', () => {
  const { frontMatter, problems } = parsePrompt('---\na.b: 1\na.c: 2\na.b.c: 3\n__proto__.x: 4\n---\n');
  assert.deepEqual(problems, []);
  assert.deepEqual(Object.entries(frontMatter.ext), [
    ['a', { b: 1, c: 2 }],
    ['a.b', { c: 3 }],
    ['__proto__', { x: 4 }],
  ]);
});

test('text without front matter is all template', () => {
  const prompt = parsePrompt('Hello {{name}}\n---\nnot: yaml\n---\n');
  assert.deepEqual(prompt.frontMatter, empty);
  assert.equal(prompt.template, 'Hello {{name}}\n---\nnot: yaml\n---\n');
  assert.deepEqual([prompt.templateLine, prompt.templateOffset, prompt.problems], [1, 0, []]);
});

test('front matter without a body has an empty template', () => {
  for (const text of ['---\nname: x\n---', '---\nname: x\n---\n']) {
    const prompt = parsePrompt(text);
    assert.deepEqual([prompt.frontMatter.name, prompt.template, prompt.problems], ['x', '', []]);
  }
});

test('empty front matter is front matter', () => {
  const prompt = parsePrompt('---\n---\nHello');
  assert.deepEqual([prompt.frontMatter, prompt.template, prompt.problems], [empty, 'Hello', []]);
});

test('an empty file is an empty prompt', () => {
  const prompt = parsePrompt('');
  assert.deepEqual([prompt.frontMatter, prompt.template, prompt.problems], [empty, '', []]);
});

test('a byte order mark and CRLF change nothing but the offset', () => {
  const prompt = parsePrompt('\uFEFF---\r\nname: x\r\n---\r\nHello\r\nyou');
  assert.deepEqual(
    [prompt.frontMatter.name, prompt.template, prompt.templateLine, prompt.templateOffset, prompt.problems],
    ['x', 'Hello\nyou', 4, 20, []],
  );
});

test('a byte order mark is no part of a template without front matter', () => {
  const prompt = parsePrompt('\uFEFFHello');
  assert.deepEqual([prompt.template, prompt.templateOffset], ['Hello', 1]);
});

test('a line of dashes in the body belongs to the body', () => {
  assert.equal(parsePrompt('---\nname: x\n---\na\n---\nb').template, 'a\n---\nb');
});

test('front matter that is not closed is an error in the first line', () => {
  const prompt = parsePrompt('---\nname: x\nHello');
  assert.deepEqual(prompt.problems, [
    {
      severity: 'error',
      message: 'The front matter is not closed. Add a line --- where it ends and the template begins.',
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 4,
    },
  ]);
});

const invalid: readonly { name: string; yaml: string; message: string; line: number; column: number }[] = [
  {
    name: 'front matter that is not YAML is an error at its place',
    yaml: 'name: x\ndescription: a: b',
    message: 'The front matter is not YAML: Nested mappings are not allowed in compact mappings.',
    line: 3,
    column: 14,
  },
  {
    name: 'a key that stands twice is an error at the second',
    yaml: 'name: x\nname: y',
    message: 'The front matter is not YAML: Map keys must be unique.',
    line: 3,
    column: 1,
  },
  {
    name: 'an alias without an anchor is an error',
    yaml: 'name: *x',
    message: 'The front matter is not YAML: Unresolved alias (the anchor must be set before the alias): x.',
    line: 2,
    column: 1,
  },
  {
    name: 'front matter that is a list is an error',
    yaml: '- a',
    message: 'The front matter must be a map of names to values.',
    line: 2,
    column: 1,
  },
  {
    name: 'a name that is a number is an error at its key',
    yaml: 'model: m\nname: 3',
    message: '"name" must be text.',
    line: 3,
    column: 1,
  },
  {
    name: 'a config that is text is an error',
    yaml: 'config: warm',
    message: '"config" must be a map of names to values.',
    line: 2,
    column: 1,
  },
  {
    name: 'tools that are not names are an error',
    yaml: 'tools: [1]',
    message: 'A tool needs a "name" of at most 64 letters, digits, _ and -.',
    line: 2,
    column: 9,
  },
  {
    name: 'a tool without a name is an error at its first key',
    yaml: 'tools:\n  - search\n  - description: Finds pages',
    message: 'A tool needs a "name" of at most 64 letters, digits, _ and -.',
    line: 4,
    column: 5,
  },
  {
    name: 'a second tool of one name is an error',
    yaml: 'tools:\n  - search\n  - name: search',
    message: 'There are two tools "search".',
    line: 4,
    column: 5,
  },
  {
    name: 'a description of a tool that is no text is an error at its key',
    yaml: 'tools:\n  - name: search\n    description: [x]',
    message: '"tools.0.description" must be text.',
    line: 4,
    column: 5,
  },
  {
    name: 'options of the provider that are no map are an error',
    yaml: 'providerOptions: fast',
    message: '"providerOptions" must be a map of names to values.',
    line: 2,
    column: 1,
  },
  {
    name: 'defaults that are a list are an error at their key',
    yaml: 'input:\n  default: [1]',
    message: '"input.default" must be a map of names to values.',
    line: 3,
    column: 3,
  },
  {
    name: 'an output format that nobody knows is an error at its key',
    yaml: 'output:\n  format: xml',
    message: '"output.format" must be text or json.',
    line: 3,
    column: 3,
  },
];

for (const { name, yaml, message, line, column } of invalid) {
  test(name, () => {
    const { problems, template } = parsePrompt(`---\n${yaml}\n---\nbody`);
    assert.deepEqual(
      problems.map((problem) => [problem.severity, problem.message, problem.line, problem.column]),
      [['error', message, line, column]],
    );
    assert.equal(template, 'body');
  });
}

test('aliases that would expand to millions of values are an error, and quickly', () => {
  const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}]`);
  const { problems } = parsePrompt(`---\nl0: &l0 [x]\n${levels.join('\n')}\n---\n`);
  assert.deepEqual(
    problems.map(({ severity, message }) => [severity, message]),
    [
      [
        'error',
        'The front matter is not YAML: Excessive alias count indicates a resource exhaustion attack.',
      ],
    ],
  );
});

test('a field that is not known is a warning at its key', () => {
  const { problems } = parsePrompt('---\nname: x\nmodle: y\n---\n');
  assert.deepEqual(
    problems.map(({ severity, line, column, endColumn }) => [severity, line, column, endColumn]),
    [['warning', 3, 1, 6]],
  );
});

test('a field of the wrong type is left out and the others stay', () => {
  assert.deepEqual(parsePrompt('---\nname: 3\nmodel: m\n---\n').frontMatter, { ...empty, model: 'm' });
});

test('a field without a value is absent', () => {
  const { frontMatter, problems } = parsePrompt('---\nname:\nconfig:\ninput:\n---\n');
  assert.deepEqual([frontMatter, problems], [empty, []]);
});

test('locate gives the key of a field, or of the deepest part that is there', () => {
  const { locate } = parsePrompt('---\nconfig:\n  topP: 1\n---\n');
  const config = { line: 2, column: 1, endLine: 2, endColumn: 7 };
  assert.deepEqual(locate(['config', 'topP']), { line: 3, column: 3, endLine: 3, endColumn: 7 });
  assert.deepEqual(locate(['config', 'topK']), config);
});
