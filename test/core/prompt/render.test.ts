import assert from 'node:assert/strict';
import test from 'node:test';
import Handlebars from 'handlebars';
import { parsePrompt } from '../../../src/core/prompt/parse.ts';
import { renderPrompt } from '../../../src/core/prompt/render.ts';
import { assistant, render, system, user } from './rendered.ts';

// Messages

test('text without a role is the user', async () => {
  assert.deepEqual(await render('Hello, {{name}}!\n', { name: '<b>Ann</b> & "Bob"' }), [
    user('Hello, <b>Ann</b> & "Bob"!'),
  ]);
});

test('values beside each other are joined, numbers too, also in blocks and partials', async () => {
  const text =
    '{{a}}{{b}} {{#each list as |each|}}{{each}}{{@index}}{{/each}} {{#if a}}{{a}}{{b}}{{else}}no{{/if}} {{> p}}';
  assert.deepEqual(await render(text, { a: 1, b: 2, list: [3, 4] }, { partials: { p: '{{a}}{{a}}' } }), [
    user('12 3041 12 11'),
  ]);
});

test('a role begins a message, and model is the assistant', async () => {
  assert.deepEqual(
    await render('{{role "system"}}\nA\n\n{{role "user"}}\nB\n{{role "model"}}C{{role "assistant"}}D'),
    [system('A'), user('B'), assistant('C'), assistant('D')],
  );
});

test('a role without text makes no message', async () => {
  assert.deepEqual(await render(' \n{{role "system"}}\n{{#if a}}A{{/if}}\n{{role "user"}}B'), [user('B')]);
});

test('a template that renders to nothing makes no message', async () => {
  assert.deepEqual(await render('---\nname: x\n---\n'), []);
});

test('the indentation of a first line stays', async () => {
  assert.deepEqual(await render('\n\n    code\n      more\n  \n'), [user('    code\n      more')]);
});

test('a template with CRLF renders with LF', async () => {
  const text = '---\nname: x\n---\n{{role "system"}}\nA\nB\n\n{{#if c}}\nC\n{{/if}}\n{{role "user"}}\nD\n';
  assert.deepEqual(
    await render(`\uFEFF${text.replaceAll('\n', '\r\n')}`, { c: true }),
    await render(text, { c: true }),
  );
});

test("a value's own line ends stay", async () => {
  assert.deepEqual(await render('{{a}}', { a: 'x\r\ny' }), [user('x\r\ny')]);
});

test('roles can come from a loop', async () => {
  const shots = [
    { q: '1+1', a: '2' },
    { q: '2+2', a: '4' },
  ];
  assert.deepEqual(
    await render('{{#each shots}}\n{{role "user"}}{{q}}\n{{role "model"}}{{a}}\n{{/each}}', { shots }),
    [user('1+1'), assistant('2'), user('2+2'), assistant('4')],
  );
});

test('history stands where the template puts it', async () => {
  const history = [user('Hi'), assistant('Hello')];
  assert.deepEqual(await render('{{role "system"}}S\n{{history}}\n{{role "user"}}Q', {}, { history }), [
    system('S'),
    ...history,
    user('Q'),
  ]);
});

test('history that the template does not place stands before the last user message', async () => {
  const history = [user('Hi'), assistant('Hello')];
  assert.deepEqual(await render('{{role "system"}}S{{role "user"}}Q', {}, { history }), [
    system('S'),
    ...history,
    user('Q'),
  ]);
  assert.deepEqual(await render('{{role "system"}}S', {}, { history }), [system('S'), ...history]);
});

test('media is an image among the text', async () => {
  assert.deepEqual(
    await render('Look:\n{{media url=photo contentType="image/png"}}\nWhat is it?', { photo: 'https://a/b' }),
    [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'image', url: 'https://a/b', mediaType: 'image/png' },
          { type: 'text', text: 'What is it?' },
        ],
      },
    ],
  );
});

test('a media address with spaces is one address', async () => {
  assert.deepEqual(
    await render('{{media url=a}}{{media url=b}}', { a: 'https://x/my cat.png', b: 'my cat.png' }),
    [
      {
        role: 'user',
        content: [
          { type: 'image', url: 'https://x/my%20cat.png' },
          { type: 'image', url: 'my cat.png' },
        ],
      },
    ],
  );
});

test('a section leaves nothing behind', async () => {
  assert.deepEqual(await render('a{{section "code"}}b'), [user('ab')]);
});

// Defaults and values

test('a default is rendered, and a value goes before it', async () => {
  const text = '---\ninput: {schema: {name: string}, default: {name: Ann}}\n---\nHi {{name}}';
  assert.deepEqual(await render(text), [user('Hi Ann')]);
  assert.deepEqual(await render(text, { name: 'Bob' }), [user('Hi Bob')]);
  assert.deepEqual(await render(text, { name: '' }), [user('Hi')]);
});

test('the values that were rendered come back with the defaults', async () => {
  const prompt = parsePrompt('---\ninput: {default: {a: 1, b: 2}}\n---\n{{a}}');
  assert.deepEqual((await renderPrompt(prompt, { a: 3, c: undefined })).values, { a: 3, b: 2 });
});

test('a variable that is not declared takes a value of any type', async () => {
  assert.deepEqual(await render('{{n}} {{#if on}}on{{/if}}', { n: 3, on: 'yes' }), [user('3 on')]);
});

// Partials

test('a partial brings its text, without its front matter', async () => {
  const partials = { intro: '\uFEFF---\r\nname: intro\r\n---\r\nI am {{who}}. {{> end}}', end: 'Bye' };
  assert.deepEqual(await render('{{> intro who="Ann"}}', {}, { partials }), [user('I am Ann. Bye')]);
});

test('a role in a partial begins a message', async () => {
  const partials = { rules: '{{role "system"}}\nBe kind.\n' };
  assert.deepEqual(await render('{{> rules}}\n{{role "user"}}Hi', {}, { partials }), [
    system('Be kind.'),
    user('Hi'),
  ]);
});

test('two renders at once with partials of one name do not share them', async () => {
  const [a, b] = await Promise.all(
    ['A', 'B'].map(async (text) => render('{{> p}}', {}, { partials: { p: text } })),
  );
  assert.deepEqual([a, b], [[user('A')], [user('B')]]);
});

test('a partial that an earlier render had is missing in the next', async () => {
  await render('{{> p}}', {}, { partials: { p: 'x' } });
  await assert.rejects(render('{{> p}}'), { message: 'There is no partial "p".' });
});

test('the Handlebars that everybody shares stays as it was', async () => {
  const before = [Object.keys(Handlebars.helpers), Object.keys(Handlebars.partials)];
  await render('{{role "user"}}{{> p}}', {}, { partials: { p: 'x' } });
  assert.deepEqual([Object.keys(Handlebars.helpers), Object.keys(Handlebars.partials)], before);
});

test('helpers and partials that others put into the shared Handlebars are out of reach', async (t) => {
  Handlebars.registerHelper('shout', () => 'x');
  Handlebars.registerPartial('shared', 'x');
  t.after(() => {
    Handlebars.unregisterHelper('shout');
    Handlebars.unregisterPartial('shared');
  });
  await assert.rejects(render('{{shout a}}'), { name: 'PromptError' });
  await assert.rejects(render('{{> shared}}'), { name: 'PromptError' });
});

test('a partial block gives its own text where there is no partial', async () => {
  assert.deepEqual(await render('{{#> none}}own{{/none}}'), [user('own')]);
});
