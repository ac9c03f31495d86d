/** Errors, with their place in the file. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { PromptError } from '../../../src/core/prompt/problems.ts';
import type { VariableValues } from '../../../src/core/store.ts';
import { render } from './rendered.ts';

const front = '---\nname: x\n---\n';

const errors: readonly {
  name: string;
  text: string;
  values?: VariableValues;
  partials?: Record<string, string>;
  message: string | RegExp;
  at: readonly [line: number, column: number];
}[] = [
  {
    name: 'a mustache that is not closed',
    text: `${front}Hello\n  {{name`,
    message: 'The template does not parse at "n".',
    at: [5, 5],
  },
  {
    name: 'an empty mustache',
    text: `${front}Hello {{}}`,
    message: 'The template does not parse at "}}".',
    at: [4, 9],
  },
  {
    name: 'a block that is not closed',
    text: 'a\n{{#if x}}b',
    message: 'The template ends before a {{#block}} or a {{…}} is closed.',
    at: [2, 11],
  },
  {
    name: 'a block that another name closes',
    text: `${front}\n{{#if x}}{{/each}}`,
    message: "The template does not parse: if doesn't match each.",
    at: [5, 4],
  },
  {
    name: 'an unknown helper',
    text: `${front}a\n b {{shout name}}`,
    message: /^There is no helper "shout"\./,
    at: [5, 6],
  },
  {
    name: 'an unknown helper inside another',
    text: '{{#if (both a b)}}x{{/if}}',
    message: /^There is no helper "both"\./,
    at: [1, 8],
  },
  {
    name: 'a missing partial',
    text: 'a\n  {{> intro}}',
    message: 'There is no partial "intro".',
    at: [2, 7],
  },
  {
    name: 'a missing partial in a partial',
    text: `${front}{{> a}}`,
    partials: { a: 'x\n{{> b}}' },
    message: 'In the partial "a", line 2: There is no partial "b".',
    at: [4, 1],
  },
  {
    name: 'a partial that does not parse',
    text: 'x {{> a}}',
    partials: { a: '---\nname: a\n---\n{{#if' },
    message: /^In the partial "a", line 4: The template /,
    at: [1, 3],
  },
  {
    name: 'a partial whose front matter is not closed',
    text: 'x {{> a}}',
    partials: { a: '---\nHello' },
    message: /^In the partial "a", line 1: The front matter is not closed\./,
    at: [1, 3],
  },
  {
    name: 'data that another framework would set',
    text: 'Hi {{@state.name}}',
    message: 'There is no @state.name. There are @root, @index, @key, @first, @last, @partial-block.',
    at: [1, 6],
  },
  {
    name: 'a partial that includes itself',
    text: `${front}{{> a}}`,
    partials: { a: '{{> b}}', b: '{{> a}}' },
    message: 'In the partial "b", line 1: The partial "a" includes itself: a → b → a.',
    at: [4, 1],
  },
  {
    name: 'variables without a value, all of them named',
    text: `${front}{{a}}\n{{b}} {{user.name}}`,
    values: { b: 'x', user: {} },
    message: 'There is no value for "a", "user.name". Give one, or write a default under "input.default".',
    at: [4, 3],
  },
  {
    name: 'a declared variable without a value, where it is declared',
    text: '---\ninput:\n  schema:\n    topic: string\n---\n{{topic}}',
    message: 'There is no value for "topic". Give one, or write a default under "input.default".',
    at: [4, 5],
  },
  {
    name: 'a value of the wrong type',
    text: '---\ninput:\n  schema:\n    n(array): integer\n---\n{{n}}',
    values: { n: [1, 'x'] },
    message: '"n[1]" must be a whole number, not "x".',
    at: [4, 5],
  },
  {
    name: 'text where the template looks into an object',
    text: 'Hi {{user.name}}',
    values: { user: 'Ann' },
    message: '"user" must be an object, not "Ann".',
    at: [1, 6],
  },
  {
    name: 'a role that does not exist',
    text: `${front}\n  {{role "robot"}}`,
    message: 'Write {{role "system"}}, {{role "user"}} or {{role "model"}}.',
    at: [5, 3],
  },
  {
    name: 'a role without a name, in a partial',
    text: 'a {{> p}}',
    partials: { p: '\n{{role}}' },
    message: 'In the partial "p", line 2: Write {{role "system"}}, {{role "user"}} or {{role "model"}}.',
    at: [1, 3],
  },
  {
    name: 'media without an address',
    text: 'a {{media contentType="image/png"}}',
    message: 'Write {{media url=…}} with an address.',
    at: [1, 3],
  },
  {
    name: 'media that is no image',
    text: '{{media url="https://a/b" contentType="audio/mpeg"}}',
    message: 'Only images can be sent: write a contentType such as "image/png", or none.',
    at: [1, 1],
  },
  {
    name: 'a helper that is used as it cannot be',
    text: `${front}{{#each}}x{{/each}}`,
    message: 'The template cannot be rendered: Must pass iterator to #each.',
    at: [4, 1],
  },
  {
    name: 'front matter that is wrong',
    text: '---\nname: 3\n---\nHello',
    message: '"name" must be text.',
    at: [2, 1],
  },
];

for (const { name, text, values, partials, message, at } of errors) {
  test(`${name} is an error at its place in the file`, async () => {
    await assert.rejects(render(text, values, { partials: partials ?? {} }), (error) => {
      assert.ok(error instanceof PromptError);
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      assert.deepEqual([error.problem.line, error.problem.column], at);
      return true;
    });
  });
}

test('places are the same in a file with CRLF and a byte order mark', async () => {
  const text = '\uFEFF---\r\nname: x\r\n---\r\na\r\n b {{shout name}}';
  await assert.rejects(render(text), (error) => {
    assert.ok(error instanceof PromptError);
    assert.deepEqual([error.problem.line, error.problem.column], [5, 6]);
    return true;
  });
});
