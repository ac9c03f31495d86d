import assert from 'node:assert/strict';
import test from 'node:test';
import { coerceVariable } from '../../../src/core/prompt/coerce.ts';
import { parsePrompt } from '../../../src/core/prompt/parse.ts';
import { PromptError } from '../../../src/core/prompt/problems.ts';
import {
  missingVariables,
  type VariableField,
  type VariableShape,
  variablesOf,
} from '../../../src/core/prompt/variables.ts';
import type { VariableValue } from '../../../src/core/store.ts';

async function fieldsOf(
  text: string,
  partials: Record<string, string> = {},
): Promise<readonly VariableField[]> {
  return variablesOf(parsePrompt(text), (name) => partials[name]);
}

/** A field in few words: `name?: type`, `[type]` for a list, `{…}` for an object. */
function brief(fields: readonly VariableField[]): string {
  return fields.map((field) => `${field.name}${field.required ? '' : '?'}: ${briefShape(field)}`).join(', ');
}

function briefShape({ type, items, fields, choices }: VariableShape): string {
  if (items) return `[${briefShape(items)}]`;
  if (fields) return `{${brief(fields)}}`;
  return choices ? choices.map((choice) => JSON.stringify(choice)).join('|') : type;
}

// The template alone

const inferred: readonly [name: string, template: string, fields: string][] = [
  ['a name that is printed is a required text', 'Hi {{name}} {{name}}', 'name: text'],
  ['names come in the order of their first use', '{{b}} {{a}} {{b}}', 'b: text, a: text'],
  ['a nested path makes an object', '{{user.name}} {{user.age}}', 'user: {name: text, age: text}'],
  ['a name that is only tested is an optional boolean', '{{#if formal}}Dear{{/if}}', 'formal?: boolean'],
  [
    'a name that is tested and printed is an optional text',
    '{{#unless x}}a{{else}}{{x}}{{/unless}}',
    'x?: text',
  ],
  ['the two names of a comparison are variables', '{{#ifEquals a b}}c{{/ifEquals}}', 'a: text, b: text'],
  [
    'what is compared with a literal is a variable',
    '{{#unlessEquals a "x"}}{{c}}{{/unlessEquals}}',
    'a: text, c: text',
  ],
  ['#each makes a list', '{{#each items}}{{this}}{{/each}}', 'items: [text]'],
  ['names inside #each belong to its items', '{{#each items}}{{name}}{{/each}}', 'items: [{name: text}]'],
  ['../ inside #each is outside of it', '{{#each items}}{{../topic}}{{/each}}', 'items: [text], topic: text'],
  [
    '@root inside #each is the prompt itself',
    '{{#each items}}{{@root.topic}}{{/each}}',
    'items: [text], topic: text',
  ],
  [
    '#if makes no scope of its own',
    '{{#each xs}}{{#if a}}{{../b}}{{/if}}{{/each}}',
    'xs: [{a?: boolean}], b: text',
  ],
  [
    'a block parameter is no variable',
    '{{#each xs as |x i|}}{{x.a}}{{i}}{{b}}{{/each}}',
    'xs: [{a: text, b: text}]',
  ],
  ['a list whose absence has an else is optional', '{{#each xs}}{{.}}{{else}}none{{/each}}', 'xs?: [text]'],
  ['#with looks names up in its object', '{{#with user}}{{name}}{{/with}}', 'user: {name: text}'],
  ['the parameter of #with is its object', '{{#with user as |u|}}{{u.name}}{{/with}}', 'user: {name: text}'],
  [
    'an object is optional when all of its fields are',
    '{{#if user.name}}x{{/if}}',
    'user?: {name?: boolean}',
  ],
  ['a section is optional and of any type', '{{#items}}x{{/items}}{{^items}}y{{/items}}', 'items?: any'],
  ['the index and @data are no variables', '{{#each xs}}{{@index}}{{@first}}{{/each}}', 'xs: [text]'],
  ['this is no variable', '{{this}} {{.}} {{json this}}', ''],
  ['a helper is no variable', '{{history}}{{role "user"}}{{section "x"}}', ''],
  ['log is a variable', '{{log}}', 'log: text'],
  ['this.role is a variable', '{{this.role}}', 'role: text'],
  ['what json prints is of any type', '{{json data indent=2}}', 'data: any'],
  ['arguments by name are variables', '{{media url=photo contentType=kind}}', 'photo: text, kind: text'],
  ['arguments of a helper in a helper are variables', '{{#if (lookup a b)}}{{/if}}', 'a: any, b: any'],
  ['the length and the items of a list are no fields', '{{xs.length}}{{xs.0.a}}', 'xs: [{a: text}]'],
  ['comments and raw text hold no variables', '{{! a }}{{!-- {{b}} --}}\\{{c}}', ''],
];

for (const [name, template, fields] of inferred) {
  test(name, async () => assert.equal(brief(await fieldsOf(template)), fields));
}

test("a partial's names are the prompt's variables", async () => {
  assert.equal(brief(await fieldsOf('{{> intro}}{{b}}', { intro: '{{a}}' })), 'a: text, b: text');
});

test("a partial's argument takes the place of its name", async () => {
  const fields = await fieldsOf('{{> hello name=user.first greeting="Hi"}}', {
    hello: '{{greeting}} {{name}}',
  });
  assert.equal(brief(fields), 'user: {first: text}');
});

test("a partial's context is where its names are looked up", async () => {
  assert.equal(brief(await fieldsOf('{{> card user}}', { card: '{{name}}' })), 'user: {name: text}');
});

test('an inline partial is no missing one', async () => {
  assert.equal(brief(await fieldsOf('{{#*inline "p"}}{{a}}{{/inline}}{{> p}}')), 'a: text');
});

test('a default without a schema makes a field that has it', async () => {
  const [field] = await fieldsOf('---\ninput: {default: {name: Ann}}\n---\nHi\n  {{name}}');
  assert.deepEqual(field, {
    name: 'name',
    type: 'text',
    required: true,
    declared: false,
    default: 'Ann',
    range: { line: 5, column: 5, endLine: 5, endColumn: 9 },
  });
});

// The schema

test('Picoschema declares names, types, descriptions and what is optional', async () => {
  const text = `---
input:
  schema:
    a: string, the first
    b?: integer
    c(enum, one of two): [x, y]
    d?(enum): [1, 2]
    e(array): number
    f(object, a part):
      g?: boolean
    h: any
---
`;
  const fields = await fieldsOf(text);
  assert.equal(
    brief(fields),
    'a: text, b?: integer, c: "x"|"y", d?: 1|2, e: [number], f: {g?: boolean}, h: any',
  );
  assert.deepEqual(
    fields.map(({ description }) => description),
    ['the first', undefined, 'one of two', undefined, undefined, 'a part', undefined],
  );
  assert.deepEqual(
    fields.map(({ range }) => range.line),
    [4, 5, 6, 7, 8, 9, 11],
  );
});

test('JSON Schema declares the same, with dates and defaults of its own', async () => {
  const text = `---
input:
  schema:
    type: object
    required: [day]
    properties:
      day: {type: string, format: date, description: when}
      size: {type: [integer, "null"], default: 3}
      one: {anyOf: [{type: string}, {type: number}]}
---
`;
  const fields = await fieldsOf(text);
  assert.equal(brief(fields), 'day: date, size?: integer, one?: any');
  assert.deepEqual(
    fields.map(({ range, default: value }) => [range.line, value]),
    [
      [7, undefined],
      [8, 3],
      [9, undefined],
    ],
  );
});

test('reading the fields twice gives the same fields', async () => {
  const prompt = parsePrompt('---\ninput: {schema: {"a?(enum)": [x]}}\n---\n');
  assert.deepEqual(await variablesOf(prompt), await variablesOf(prompt));
});

test('names that only the template uses come after those of the schema', async () => {
  const fields = await fieldsOf('---\ninput: {schema: {a: string}}\n---\n{{b}}{{a}}');
  assert.deepEqual(
    fields.map(({ name, declared }) => [name, declared]),
    [
      ['a', true],
      ['b', false],
    ],
  );
});

test('a schema of an unknown type is an error at its key', async () => {
  await assert.rejects(fieldsOf('---\ninput:\n  schema: {a: text}\n---\n'), (error) => {
    assert.ok(error instanceof PromptError);
    assert.deepEqual(error.problem, {
      severity: 'error',
      message: `"input.schema" is not a schema: unsupported scalar type 'text'.`,
      line: 3,
      column: 3,
      endLine: 3,
      endColumn: 9,
    });
    return true;
  });
});

// Values

test('what is required and has neither value nor default is missing', async () => {
  const text = `---
input:
  schema: {a: string, b: string, c: string, d?: string, e: string, f: string}
  default: {b: x}
---
`;
  const missing = missingVariables(await fieldsOf(text), { c: 'y', e: null, f: '' });
  assert.deepEqual(
    missing.map(({ name }) => name),
    ['a', 'e'],
  );
});

test('an object that lacks a required field is missing', async () => {
  const fields = await fieldsOf('{{user.name}}');
  assert.equal(missingVariables(fields, { user: {} }).length, 1);
  assert.equal(missingVariables(fields, { user: { name: 'Ann' } }).length, 0);
});

const range = { line: 1, column: 1 };

function field(shape: VariableShape): VariableField {
  return { name: 'v', required: true, declared: true, range, ...shape };
}

const coerced: readonly [name: string, shape: VariableShape, text: string, value: VariableValue][] = [
  ['text stays as it is', { type: 'text' }, ' 1 ', ' 1 '],
  ['a number is read', { type: 'number' }, ' -1.5e3 ', -1500],
  ['a whole number is read', { type: 'integer' }, '42', 42],
  ['true is read in any case', { type: 'boolean' }, 'True', true],
  ['no means false', { type: 'boolean' }, 'no', false],
  ['a choice is itself', { type: 'enum', choices: ['a', 'b'] }, 'b', 'b'],
  ['a choice can be a number', { type: 'enum', choices: [1, 2] }, '2', 2],
  ['a date stays text', { type: 'date' }, '2026-11-22', '2026-11-22'],
  ['a list is one item a line', { type: 'array', items: { type: 'integer' } }, '1\n\n2\n', [1, 2]],
  ['a list can be JSON', { type: 'array' }, '["a, b", 2]', ['a, b', 2]],
  ['an object is JSON', { type: 'object' }, '{"a": 1}', { a: 1 }],
  ['JSON for any type is read', { type: 'any' }, '[1]', [1]],
  ['other text for any type stays text', { type: 'any' }, 'hello', 'hello'],
];

for (const [name, shape, text, value] of coerced) {
  test(`coerce: ${name}`, () => assert.deepEqual(coerceVariable(field(shape), text), value));
}

const refused: readonly [shape: VariableShape, text: string, message: string][] = [
  [{ type: 'number' }, 'many', '"v" must be a number, not "many".'],
  [{ type: 'number' }, '', '"v" must be a number, not "".'],
  [{ type: 'integer' }, '1.5', '"v" must be a whole number, not 1.5.'],
  [{ type: 'boolean' }, 'maybe', '"v" must be true or false, not "maybe".'],
  [{ type: 'enum', choices: ['a', 'b'] }, 'c', '"v" must be one of "a", "b", not "c".'],
  [{ type: 'date' }, '2026-02-30', '"v" must be a date such as 2026-11-22, not "2026-02-30".'],
  [{ type: 'array', items: { type: 'integer' } }, '1\nx', '"v[1]" must be a whole number, not "x".'],
  [{ type: 'object' }, '{a: 1}', '"v" must be an object, not "{a: 1}".'],
];

for (const [shape, text, message] of refused) {
  test(`coerce: ${JSON.stringify(text)} is no ${shape.type}`, () => {
    assert.throws(() => coerceVariable(field(shape), text), { name: 'PromptError', message });
  });
}
