import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textOf } from '../../../src/core/chat.ts';
import type { VariableValues } from '../../../src/core/store.ts';
import { type EstimatedPrompt, estimatedPrompt } from '../../../src/core/usage/estimatedPrompt.ts';

function open(
  text: string,
  values: VariableValues = {},
  partials: Record<string, string> = {},
): Promise<EstimatedPrompt> {
  const source = {
    uri: 'file:///a.prompt',
    name: 'a.prompt',
    text,
    partials: (name: string) => partials[name],
  };
  return estimatedPrompt(source, values, 'local/demo');
}

async function textsOf(text: string, values: VariableValues, partials?: Record<string, string>) {
  const { variables } = await open(text, values, partials);
  return Object.fromEntries(variables.map(({ name, texts }) => [name, texts]));
}

describe('what a variable put into the messages', () => {
  test('is its text wherever it stands, also in a partial', async () => {
    const texts = await textsOf('{{a}} and {{b}} and {{a}}{{> c}}', { a: 'one', b: 'two' }, { c: ' {{b}}' });
    assert.deepEqual(texts, { a: ['one', 'one'], b: ['two', 'two'] });
  });

  test('is a number, a choice and each item of a list in a prompt that declares them', async () => {
    const text =
      '---\ninput:\n  schema:\n    n: integer\n    tone(enum): [dry, warm]\n    list(array): string\n---\n{{n}} {{tone}} {{#each list}}{{this}};{{/each}}';
    assert.deepEqual(await textsOf(text, { n: 12, tone: 'dry', list: ['x', 'y'] }), {
      n: ['12'],
      tone: ['dry'],
      list: ['x', 'y'],
    });
  });

  test('ends where white space around a message is cut off', async () => {
    assert.deepEqual(await textsOf('{{a}}', { a: '\n\n text \n' }), { a: [' text'] });
  });

  test('is left out where the template compares it, and told for the others', async () => {
    const text = '{{#ifEquals mode "x"}}yes{{else}}no{{/ifEquals}} {{a}}';
    assert.deepEqual(await textsOf(text, { mode: 'x', a: 'one' }), { a: ['one'] });
  });

  test('does not change what is rendered', async () => {
    const { prepared } = await open('{{a}}{{a}}', { a: 'one' });
    assert.deepEqual(prepared.input.request.messages.map(textOf), ['oneone']);
  });
});

describe('a prompt without all values', () => {
  test('is rendered without their text and names them', async () => {
    const text =
      '---\ninput:\n  schema:\n    n: integer\n    user:\n      name: string\n---\nHi {{user.name}}, {{a}} {{b}}!';
    const { missing, prepared, variables } = await open(text, { a: 'x' });
    assert.deepEqual(missing, ['n', 'user', 'b']);
    assert.deepEqual(prepared.input.request.messages.map(textOf), ['Hi , x !']);
    assert.deepEqual(
      variables.map(({ name }) => name),
      ['a'],
    );
  });

  test('takes its defaults', async () => {
    const { missing, prepared } = await open('---\ninput:\n  default:\n    a: tokens\n---\n{{a}}');
    assert.deepEqual([missing, prepared.input.request.messages.map(textOf)], [[], ['tokens']]);
  });
});
