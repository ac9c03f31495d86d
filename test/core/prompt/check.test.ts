import assert from 'node:assert/strict';
import test from 'node:test';
import { analyzePrompt } from '../../../src/core/prompt/analysis.ts';
import { model } from '../../webview/samples.ts';
import type { KnownProvider } from '../../../src/core/prompt/knownModels.ts';

/** The problems of a prompt as `line:column severity message`. */
async function check(
  text: string,
  partials: Record<string, string> = {},
  providers: readonly KnownProvider[] = [],
): Promise<readonly string[]> {
  const { problems } = await analyzePrompt(text, { partials: (name) => partials[name], providers });
  return problems.map(({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`);
}

test('a prompt in order has no problems', async () => {
  assert.deepEqual(await check('---\ninput: {schema: {a: string}}\n---\n{{a}}'), []);
});

test('problems of front matter, settings and template come in the order of the file', async () => {
  assert.deepEqual(await check('---\nname: 3\nconfig:\n  topP: 2\n---\nHello\n  {{shout name}}'), [
    '2:1 error "name" must be text.',
    '4:3 warning "config.topP" is left out: it must be a number from 0 to 1.',
    '7:5 error There is no helper "shout". The helpers are role, history, section, media, json, ifEquals, unlessEquals, if, unless, each, with, lookup.',
  ]);
});

test('a name that is used and not in the schema is a warning where it is used', async () => {
  assert.deepEqual(await check('---\ninput: {schema: {topic: string}}\n---\n{{topic}} {{topik}}'), [
    '4:13 warning "topik" is not declared. Add it to "input.schema", or correct its name.',
  ]);
});

test('a default of the wrong type is an error at the default', async () => {
  assert.deepEqual(await check('---\ninput:\n  schema: {n: integer}\n  default: {n: many}\n---\n{{n}}'), [
    '4:16 error The default does not fit: "n" must be a whole number, not "many".',
  ]);
});

test('a default of the wrong type comes with what it may have been meant to be', async () => {
  const text = `---
input:
  schema:
    n: integer
    deep: boolean
    level(enum): [low, high]
    note: string
    list(array): string
  default:
    n: "3"
    deep: "yes"
    level: hihg
    note: 12
    list: one
---
{{n}}{{deep}}{{level}}{{note}}{{list}}`;
  const { problems } = await analyzePrompt(text);
  assert.deepEqual(
    problems.map(({ line, column, endColumn, code, instead }) => [line, column, endColumn, code, instead]),
    [
      [10, 8, 11, 'default-mismatch', ['3']],
      [11, 11, 16, 'default-mismatch', ['true', 'false']],
      [12, 12, 16, 'default-mismatch', ['"high"', '"low"']],
      [13, 11, 13, 'default-mismatch', ['"12"']],
      [14, 11, 14, 'default-mismatch', ['["one"]']],
    ],
  );
});

test('what the model does not take is a warning at its key, and so are tools and a format', async () => {
  const capabilities = { ...model.capabilities, temperature: false, tools: false, jsonSchema: false };
  const providers = [{ id: 'openai', models: [{ id: 'gpt-5', name: 'GPT-5', capabilities }] }];
  const text = `---
model: openai/gpt-5
config:
  temperature: 1
  top_p: 0.5
output: {format: json}
tools: [{name: search}]
---
`;
  assert.deepEqual(await check(text, {}, providers), [
    '4:3 warning gpt-5 does not take a temperature, so it is not sent. Remove it, or choose another model.',
    '6:1 warning gpt-5 does not take a response format, so it is not sent. Remove it, or choose another model.',
    '7:1 warning gpt-5 does not take tools, so it is not sent. Remove it, or choose another model.',
  ]);
  assert.deepEqual(await check(text.replace('gpt-5', 'gpt-6'), {}, [{ id: 'openai' }]), []);
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
    '1:5 error There is no partial "a".',
    '2:1 error In the partial "b", line 2: There is no helper "two". The helpers are role, history, section, media, json, ifEquals, unlessEquals, if, unless, each, with, lookup.',
    '3:3 error There is no helper "one". The helpers are role, history, section, media, json, ifEquals, unlessEquals, if, unless, each, with, lookup.',
  ]);
});

test('a template that does not parse is one problem', async () => {
  assert.deepEqual(await check('---\nname: x\n---\nHello\n{{#if a}}b'), [
    '5:11 error The template ends before a {{#block}} or a {{…}} is closed.',
  ]);
});

test('a name that is not declared is told at each place where it stands', async () => {
  assert.deepEqual(
    await check('---\ninput: {schema: {topic: string}}\n---\n{{topic}} {{a.b}}\n{{#each a}}x{{/each}}'),
    [
      '4:13 warning "a" is not declared. Add it to "input.schema", or correct its name.',
      '5:9 warning "a" is not declared. Add it to "input.schema", or correct its name.',
    ],
  );
});

test('without a schema no name has to be declared', async () => {
  assert.deepEqual(await check('{{topic}} {{a.b}}'), []);
});

test('a variable that is declared and never used is a warning at its name', async () => {
  assert.deepEqual(await check('---\ninput:\n  schema:\n    a: string\n    b?(enum, why): [x]\n---\n{{a}}'), [
    '5:5 warning "b" is declared and never used. Use it in the template as {{b}}, or remove it.',
  ]);
});

for (const template of [
  '{{json this}}',
  '{{#each this}}{{@key}}{{/each}}',
  '{{#flag}}{{a}}{{/flag}}',
  '{{#flag}}{{@root.a}}{{/flag}}',
  '{{> (lookup . "flag")}}',
  '{{> p}}',
  '{{#if a}}',
]) {
  test(`a variable may be used by ${template}`, async () => {
    const problems = await check(`---\ninput: {schema: {a: any, flag: any}}\n---\n{{flag}}${template}`, {
      p: '{{a}}',
    });
    assert.deepEqual(
      problems.filter((problem) => problem.includes('never used')),
      [],
    );
  });
}

test('a default for no variable is a warning', async () => {
  assert.deepEqual(await check('---\ninput:\n  default: {topik: x}\n---\n{{topic}}'), [
    '3:13 warning There is no variable "topik" for this default. Correct its name, or remove it.',
  ]);
});

test('a default in a JSON schema that does not fit is an error where its variable is declared', async () => {
  const schema = '{type: object, properties: {n: {type: integer, default: many}}}';
  assert.deepEqual(await check(`---\ninput:\n  schema: ${schema}\n---\n{{n}}`), [
    '3:39 error The default does not fit: "n" must be a whole number, not "many".',
  ]);
});

const capabilities = {} as never;
const providers: readonly KnownProvider[] = [
  { id: 'local', models: [{ id: 'demo', name: 'Demo', capabilities }] },
  { id: 'openai' },
];

test('a model of no provider is a warning', async () => {
  assert.deepEqual(await check('---\nmodel: opnai/gpt-5\n---\nHi', {}, providers), [
    '2:8 warning There is no provider "opnai". The providers set up here are "local/…", "openai/…".',
  ]);
  assert.deepEqual(await check('---\nmodel: demo\n---\nHi', {}, providers), [
    '2:8 warning "demo" is not a model id. Write provider/model; the providers set up here are "local/…", "openai/…".',
  ]);
});

test('a model that its provider does not list is a warning, where there is a list', async () => {
  assert.deepEqual(await check('---\nmodel: local/dmeo\n---\nHi', {}, providers), [
    '2:8 warning "dmeo" is not in the list of models of "local", so a run of it may be refused.',
  ]);
  for (const model of ['local/demo', 'local//tmp/a.gguf', 'local/~/a', 'openai/anything']) {
    assert.deepEqual(await check(`---\nmodel: ${model}\n---\nHi`, {}, providers), []);
  }
});

test('a slip comes with what it stands for', async () => {
  const texts = [
    '---\nmodle: x\n---\nHi',
    '---\nconfig: {temprature: 1}\n---\nHi',
    '---\nmodel: "locl/demo"\n---\nHi',
    '---\nmodel: demo\n---\nHi',
    '{{#ech a}}x{{/ech}}',
    '---\ninput: {schema: {topic: string}}\n---\n{{topic}}{{topik}}',
  ];
  const fixes = await Promise.all(
    texts.map(async (text) => {
      const { problems } = await analyzePrompt(text, { providers });
      return problems.map(({ code, subject, instead }) => [code, subject, ...(instead ?? [])]);
    }),
  );
  assert.deepEqual(fixes.flat(), [
    ['unknown-key', 'modle', 'model'],
    ['unknown-setting', 'temprature', 'temperature'],
    ['unknown-provider', 'locl/demo', 'local/demo'],
    ['unknown-provider', 'demo', 'local/demo'],
    ['unknown-helper', 'ech', 'each'],
    ['undeclared-variable', 'topik', 'topic'],
  ]);
});
