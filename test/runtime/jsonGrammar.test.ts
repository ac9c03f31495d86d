import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';
import type { JsonSchema } from '../../src/core/chat.ts';
import { type JsonFormat, jsonGrammar } from '../../src/runtime/jsonGrammar.ts';

const llama = await getLlama({
  build: 'never',
  skipDownload: true,
  gpu: false,
  logLevel: LlamaLogLevel.disabled,
});
after(() => llama.dispose());

/** Which of the texts llama.cpp allows under the grammar of a format. */
async function allowed(format: JsonFormat, texts: readonly string[]): Promise<string[]> {
  const grammar = await llama.createGrammar({ grammar: jsonGrammar(format).text });
  const { _testText } = grammar as unknown as { _testText: (text: string) => boolean };
  return texts.filter((text) => _testText.call(grammar, text));
}

function schema(of: JsonSchema): JsonFormat {
  return { type: 'json-schema', name: 'test', schema: of };
}

async function check(
  of: JsonSchema,
  texts: { yes: readonly string[]; no: readonly string[] },
): Promise<void> {
  assert.deepEqual(await allowed(schema(of), [...texts.yes, ...texts.no]), texts.yes);
}

describe('the grammar of a response format', () => {
  test('json is any object, as it may be written', async () => {
    const yes = [
      '{}',
      '{"a":[1,-2.5e3,"\\u00e9\\n",null,true,{"b":{}}]}',
      '{ "a": 1,\n  "b": [] }',
      '{"ü":"🦊"}',
    ];
    const no = ['[]', '{', '{"a":01}', "{'a':1}", '{"a":1,}', '{} more'];
    assert.deepEqual(await allowed({ type: 'json' }, [...yes, ...no]), yes);
  });

  test('an object has its required properties, and the others where it likes, in their order', () =>
    check(
      {
        type: 'object',
        properties: { a: { type: 'integer' }, b: { type: 'string' }, c: { type: 'boolean' }, d: {} },
        required: ['b'],
      },
      {
        yes: ['{"b":""}', '{"a":1,"b":"x"}', '{"b":"x","d":[1]}', '{"a":1, "b":"x", "c":true, "d":null}'],
        no: ['{}', '{"a":1}', '{"b":"x","a":1}', '{"b":1}', '{"b":"x","e":1}', '{"b":"x",}', '{,"b":"x"}'],
      },
    ));

  test('an object whose properties are all optional may be empty', () =>
    check(
      { properties: { a: { type: 'null' }, b: { type: 'null' } } },
      {
        yes: ['{}', '{"a":null}', '{"b":null}', '{"a":null,"b":null}'],
        no: ['{"a":null,}', 'null'],
      },
    ));

  test('an object without properties has any, of the type of the others where that is given', () =>
    check(
      { type: 'object', additionalProperties: { type: 'number' } },
      {
        yes: ['{}', '{"x":1.5,"y":-2}'],
        no: ['{"x":"1"}'],
      },
    ));

  test('a list keeps its length', () =>
    check(
      { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 3 },
      {
        yes: ['[1]', '[1,2,3]', '[1, 2]'],
        no: ['[]', '[1,2,3,4]', '["1"]'],
      },
    ));

  test('text keeps its length and its format', async () => {
    await check(
      { type: 'string', minLength: 2, maxLength: 3 },
      {
        yes: ['"ab"', '"äöü"', '"a\\n"'],
        no: ['"a"', '"abcd"', 'ab'],
      },
    );
    await check(
      { type: 'string', format: 'date-time' },
      {
        yes: ['"2026-11-24T12:00:00Z"', '"2026-11-24T12:00:00.123+01:00"'],
        no: ['"2026-13-24T12:00:00Z"', '"today"'],
      },
    );
  });

  test('choices, constants, alternatives and several types', () =>
    check(
      {
        anyOf: [{ enum: ['a "b" \\ c', 2] }, { const: { deep: [1] } }, { type: ['boolean', 'null'] }],
      },
      {
        yes: ['"a \\"b\\" \\\\ c"', '2', '{"deep":[1]}', 'true', 'null'],
        no: ['"a"', '3', '{"deep":[2]}', '""'],
      },
    ));

  test('a schema that refers to itself', () =>
    check(
      {
        $ref: '#/$defs/tree',
        $defs: {
          tree: { properties: { leaf: { type: 'integer' }, to: { $ref: '#/$defs/tree' } }, required: [] },
        },
      },
      { yes: ['{"leaf":1,"to":{"leaf":2,"to":{}}}', '{}'], no: ['{"to":1}'] },
    ));

  test('what it does not hold the answer to, it names', () => {
    const { notEnforced } = jsonGrammar(
      schema({
        type: 'object',
        properties: {
          a: { type: 'string', pattern: '^x', description: 'says nothing' },
          b: { type: 'integer', minimum: 1 },
          c: { type: 'string', format: 'email', maxLength: 100_000 },
          d: { $ref: 'https://example.com/schema' },
        },
        anyOf: [{ required: ['a'] }, { required: ['b'] }],
      }),
    );
    assert.deepEqual([...notEnforced].sort(), ['$ref', 'anyOf', 'format', 'maxLength', 'minimum', 'pattern']);
  });
});
