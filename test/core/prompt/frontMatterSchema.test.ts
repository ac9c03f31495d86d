import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { frontMatterSchema } from '../../../src/core/prompt/frontMatterSchema.ts';
import { frontMatterOf } from '../../../src/core/prompt/writeBack.ts';

const root = join(import.meta.dirname, '../../..');
const isValid = new Ajv({ strict: false }).compile(frontMatterSchema());

describe('the JSON schema of the front matter', () => {
  test('is in its file as it is made here', () => {
    const file = readFileSync(join(root, 'media/prompt.schema.json'), 'utf8');
    assert.deepEqual(
      JSON.parse(file),
      frontMatterSchema(),
      'Run `node .ci/with-node.mjs .ci/promptSchema.ts`.',
    );
  });

  test('takes every sample', () => {
    const files = globSync('prompts/**/*.prompt', { cwd: root });
    for (const file of files) {
      const yaml = frontMatterOf(readFileSync(join(root, file), 'utf8'))?.yaml ?? '';
      assert.ok(isValid(parse(yaml) ?? {}), `${file}: ${JSON.stringify(isValid.errors)}`);
    }
  });

  const taken = [
    'version: 1.0\nvariant: short\nacme.own: [1]\nacme.deep.er: x',
    'config: {max_tokens: 10, topP: 1, stop: [a], reasoning_effort: low, unknown: 1}',
    'tools: [search, {name: weather, inputSchema: {city: string}}]',
    'providerOptions: {anything: {at: all}}',
  ];
  for (const yaml of taken) test(`takes ${yaml}`, () => assert.ok(isValid(parse(yaml))));

  const refused = [
    'modle: openai/gpt-5',
    'config: {temperature: 3}',
    'config: {stop: []}',
    'output: {format: xml}',
    'tools: [{description: nameless}]',
    'input: {shema: {a: string}}',
  ];
  for (const yaml of refused) test(`refuses ${yaml}`, () => assert.ok(!isValid(parse(yaml))));
});
