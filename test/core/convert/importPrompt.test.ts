import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { importPrompt } from '../../../src/core/convert/importPrompt.ts';
import { parsePrompt } from '../../../src/core/prompt/parse.ts';
import { PromptError } from '../../../src/core/prompt/problems.ts';
import { renderPrompt } from '../../../src/core/prompt/render.ts';
import type { VariableValues } from '../../../src/core/store.ts';

const folder = new URL('../../fixtures/prompts/', import.meta.url);
const samples = readdirSync(folder).filter((name) => !name.endsWith('.expected'));

describe('a prompt of another tool', () => {
  for (const name of samples) {
    test(`${name} becomes the prompt and the warnings beside it`, async () => {
      const { format, text, warnings } = await importPrompt({ name, text: read(name) });
      const told = warnings.map(
        ({ line, column, message }) => `${line ?? '-'}:${column ?? '-'} ${message}\n`,
      );
      assert.equal(`${format}\n${text}\n${told.join('')}`, read(`${name}.expected`));
      assert.deepEqual(parsePrompt(text).problems, []);
    });
  }

  test('with CRLF and a byte order mark is the same', async () => {
    for (const name of samples) {
      const plain = await importPrompt({ name, text: read(name) });
      const crlf = await importPrompt({ name, text: `\uFEFF${read(name).replaceAll('\n', '\r\n')}` });
      assert.deepEqual(crlf, plain, name);
    }
  });
});

test('text that looks like Handlebars stays text', async () => {
  const texts = [
    '{{x}}',
    '\\{{x}}',
    '\\\\{{x}}',
    '{{{x}}}',
    '{{{{x}}}}',
    '{{#if a}}',
    '{{!-- a --}}',
    'a\\',
    '{{',
    '}}',
    '{ {{{ {',
    '---',
  ];
  for (const content of texts) {
    const body = JSON.stringify({
      messages: [
        { role: 'system', content: 'S' },
        { role: 'user', content },
      ],
    });
    const { text } = await importPrompt({ name: 'body.json', text: body });
    assert.deepEqual((await messagesOf(text)).at(-1), content);
  }
});

test('a variable with the name of a helper, with spaces or behind a backslash is a variable', async () => {
  const yaml =
    "messages:\n  - role: user\n    content: '{{role}} {{json}} {{my name}} {{a-b}} \\{{x}} {{this}} {{a.b}}'\n";
  const { text, warnings } = await importPrompt({ name: 'p.prompt.yml', text: yaml });
  assert.deepEqual(warnings, []);
  const values = { role: '1', json: '2', 'my name': '3', 'a-b': '4', x: '5', this: '6', a: { b: '7' } };
  assert.deepEqual(await messagesOf(text, values), ['1 2 3 4 \\5 6 7']);
});

describe('what cannot be read is an error with its place:', () => {
  const faults: readonly [string, string, string, number, number][] = [
    ['JSON that is broken', 'a.json', '{\n  "messages": [}\n}', 2, 16],
    ['JSON that ends', 'a.json', '{"messages": [{"role": "user"', 1, 30],
    ['JSON with something behind it', 'a.json', '{"messages": []} x', 1, 18],
    ['YAML that is broken', 'a.prompt.yml', 'name: a\nmessages: [\n', 3, 1],
    ['front matter that is not closed', 'a.prompty', '---\nname: a\n', 1, 1],
    ['front matter that is no map', 'a.prompty', '---\n- a\n---\nhi', 2, 1],
    ['an open tag of Jinja', 'a.prompty', '---\nname: a\n---\nuser:\nhi {{ x', 5, 4],
    ['an open block of Jinja', 'a.prompty', '---\n---\nuser:\n{% if x %}\nhi', 4, 1],
    ['an end of Jinja without a block', 'a.prompty', '---\n---\nhi {% endfor %}', 3, 4],
    ['a saved prompt by its id', 'a.json', '{"prompt": {"id": "pmpt_1"}}', 1, 1],
    ['an open tag of Continue', 'a.prompt', 'name: x\n---\nhi\n<system>\nno end', 4, 1],
    ['a file of another kind', 'a.txt', 'hello', 1, 1],
  ];
  for (const [what, name, text, line, column] of faults) {
    test(what, async () => {
      const error = await importPrompt({ name, text }).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof PromptError, String(error));
      assert.deepEqual([error.problem.line, error.problem.column], [line, column], error.message);
    });
  }

  test('a file of 3 MB, aliases that expand to millions of values, and brackets 100,000 deep', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map(
        (name, i) =>
          `${name}: &${name} [${Array(9)
            .fill(`*${'abcdefg'[i] ?? ''}`)
            .join(',')}]\n`,
      )
      .join('')}messages: []\n`;
    const hostile: readonly [string, string][] = [
      ['a.prompt.yml', 'x'.repeat(3_000_000)],
      ['a.prompt.yml', bomb],
      ['a.prompt.yml', `messages: ${'['.repeat(100_000)}`],
      ['a.json', '['.repeat(100_000)],
      ['a.prompty', `---\n---\n${'{% if a %}'.repeat(50_000)}`],
    ];
    for (const [name, text] of hostile) {
      const start = performance.now();
      await assert.rejects(importPrompt({ name, text }), PromptError);
      assert.ok(performance.now() - start < 3000, name);
    }
  });
});

test('names of what every object has are names like others', async () => {
  const yaml = `__proto__:\n  polluted: 1\nconstructor: 2\nmodelParameters:\n  __proto__: {temperature: 1}\n  toString: 3\nmessages:\n  - role: user\n    content: '{{__proto__}} {{constructor}}'\n`;
  const { text } = await importPrompt({ name: 'p.prompt.yml', text: yaml });
  assert.equal(({} as { polluted?: number }).polluted, undefined);
  const { ext } = parsePrompt(text).frontMatter;
  assert.deepEqual(Object.keys(ext), ['github.modelParameters', 'github']);
  const json = `{"__proto__": {"polluted": 1}, "messages": [{"role": "user", "content": "hi", "__proto__": 1}]}`;
  const { text: fromJson } = await importPrompt({ name: 'p.json', text: json });
  assert.deepEqual(await messagesOf(fromJson), ['hi']);
});

test('a key in a foreign file is never carried over', async () => {
  const secret = 'sk-very-secret';
  const prompty = `---\nmodel:\n  configuration:\n    api_key: ${secret}\n  connection: {apiKey: ${secret}, nested: [{clientSecret: ${secret}}]}\ninputs:\n  a: {kind: string, password: ${secret}}\n---\nuser:\nhi`;
  const { text, warnings } = await importPrompt({ name: 'a.prompty', text: prompty });
  assert.ok(!text.includes(secret) && !JSON.stringify(warnings).includes(secret), text);
});

function read(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

/** The texts of a prompt's messages. */
async function messagesOf(text: string, values: VariableValues = {}): Promise<readonly string[]> {
  const { messages } = await renderPrompt(parsePrompt(text), values);
  return messages.map(({ content }) =>
    content.map((part) => (part.type === 'text' ? part.text : part.type)).join(''),
  );
}
