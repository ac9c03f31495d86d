import assert from 'node:assert/strict';
import test from 'node:test';
import { checkPrompt } from '../../../src/core/prompt/check.ts';
import { parsePrompt } from '../../../src/core/prompt/parse.ts';

/** The problems of a prompt as `line:column severity message`. */
async function check(text: string, partials: Record<string, string> = {}): Promise<readonly string[]> {
  const problems = await checkPrompt(parsePrompt(text), (name) => partials[name]);
  return problems.map(({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`);
}

test('a prompt in order has no problems', async () => {
  assert.deepEqual(await check('---\ninput: {schema: {a: string}}\n---\n{{a}}'), []);
});

test('problems of front matter, settings and template come in the order of the file', async () => {
  assert.deepEqual(await check('---\nname: 3\nconfig:\n  topP: 2\n---\nHello\n  {{shout name}}'), [
    '2:1 error "name" must be text.',
    '4:3 warning "config.topP" is left out: it must be a number from 0 to 1.',
    '7:3 error There is no helper "shout". The helpers are role, history, section, media, json, ifEquals, unlessEquals, if, unless, each, with, lookup.',
  ]);
});

test('a name that is used and not in the schema is a warning where it is used', async () => {
  assert.deepEqual(await check('---\ninput: {schema: {topic: string}}\n---\n{{topic}} {{topik}}'), [
    '4:13 warning "topik" is not declared. Add it to "input.schema", or correct its name.',
  ]);
});

test('a default of the wrong type is an error at the default', async () => {
  assert.deepEqual(await check('---\ninput:\n  schema: {n: integer}\n  default: {n: many}\n---\n{{n}}'), [
    '4:13 error The default does not fit: "n" must be a whole number, not "many".',
  ]);
});

test('a schema that is none is an error at its key', async () => {
  assert.deepEqual(await check('---\ninput:\n  schema: {n: text}\noutput:\n  schema: {m: word}\n---\n'), [
    `3:3 error "input.schema" is not a schema: unsupported scalar type 'text'.`,
    `5:3 error "output.schema" is not a schema: unsupported scalar type 'word'.`,
  ]);
});

test('an input schema that is one type is an error', async () => {
  assert.deepEqual(await check('---\ninput:\n  schema: string\n---\n'), [
    '3:3 error "input.schema" must describe an object: a map of variable names to their types.',
  ]);
});

test('every problem of the template is told, not the first alone', async () => {
  assert.deepEqual(await check('{{> a}}\n{{> b}}\n{{one x}}', { b: 'line\n{{two y}}' }), [
    '1:1 error There is no partial "a".',
    '2:1 error In the partial "b", line 2: There is no helper "two". The helpers are role, history, section, media, json, ifEquals, unlessEquals, if, unless, each, with, lookup.',
    '3:1 error There is no helper "one". The helpers are role, history, section, media, json, ifEquals, unlessEquals, if, unless, each, with, lookup.',
  ]);
});

test('a template that does not parse is one problem', async () => {
  assert.deepEqual(await check('---\nname: x\n---\nHello\n{{#if a}}b'), [
    '5:11 error The template ends before a {{#block}} or a {{…}} is closed.',
  ]);
});
