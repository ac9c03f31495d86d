import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { analyzePrompt } from '../../../src/core/prompt/analysis.ts';
import { openPrompt, type PreparedRun } from '../../../src/core/run/prepareRun.ts';

async function prepared(frontMatter: string): Promise<PreparedRun> {
  const source = { uri: 'file:///a.prompt', name: 'a.prompt', partials: () => undefined };
  const opened = await openPrompt({ ...source, text: `---\n${frontMatter}\n---\nHello\n` });
  return opened.prepare({}, 'openai/gpt-5');
}

async function problems(frontMatter: string): Promise<readonly string[]> {
  const analysis = await analyzePrompt(`---\n${frontMatter}\n---\nHello\n`);
  return analysis.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

describe('the tools of a prompt', () => {
  test('are sent with the schema of their arguments, in Picoschema or JSON Schema', async () => {
    const { input, warnings } = await prepared(`tools:
  - name: weather
    description: The weather of a city
    inputSchema:
      city: string, which city
      day?: date
  - name: stop
  - name: search
    inputSchema: { type: object, properties: { query: { type: string } }, required: [query] }`);
    assert.deepEqual(input.request.tools, [
      {
        name: 'weather',
        description: 'The weather of a city',
        parameters: {
          type: 'object',
          properties: {
            city: { type: 'string', description: 'which city' },
            day: { type: ['string', 'null'], format: 'date' },
          },
          required: ['city'],
          additionalProperties: false,
        },
      },
      { name: 'stop', parameters: { type: 'object', properties: {} } },
      {
        name: 'search',
        parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
      },
    ]);
    assert.deepEqual(warnings, []);
  });

  test('that are only named are not sent, which the run and the editor say', async () => {
    const { input, warnings } = await prepared('tools: [search]');
    const message =
      'The tool "search" is only named, so it is not sent. Define it: name, description and inputSchema.';
    assert.equal(input.request.tools, undefined);
    assert.deepEqual(warnings, [{ subject: 'tools', message }]);
    assert.deepEqual(await problems('tools: [search]'), [`2:9: ${message}`]);
  });

  test('are told where their schema is none, or describes no object', async () => {
    assert.deepEqual(await problems('tools:\n  - name: a\n    inputSchema: {x: text}'), [
      `4:5: "tools.0.inputSchema" is not a schema: unsupported scalar type 'text'.`,
    ]);
    assert.deepEqual(await problems('tools:\n  - name: a\n    inputSchema: string'), [
      '4:5: The "inputSchema" of "a" must describe an object: a map of argument names to their types.',
    ]);
    await assert.rejects(prepared('tools:\n  - name: a\n    inputSchema: string'), { name: 'PromptError' });
  });

  test('may have fields that are not read, with a hint at the one that is meant', async () => {
    assert.deepEqual(await problems('tools:\n  - name: a\n    inputShema: {}'), [
      '4:5: "tools.0.inputShema" is not a field that is read here. The fields are "name", "description", "inputSchema".',
    ]);
  });
});

test('options of the provider are sent as they are', async () => {
  const { input } = await prepared('providerOptions:\n  service_tier: flex\n  nested: {a: [1, true]}');
  assert.deepEqual(input.request.providerOptions, { service_tier: 'flex', nested: { a: [1, true] } });
});

test('a variant is known and changes nothing', async () => {
  assert.deepEqual(await problems('variant: short'), []);
  assert.equal((await prepared('variant: short')).input.request.providerOptions, undefined);
});
