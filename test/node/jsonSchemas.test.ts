import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mismatchesIn, schemaProblems } from '../../src/node/jsonSchemas.ts';

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    kind: { enum: ['a', 'b'] },
    items: { type: 'array', items: { type: 'object', properties: { 'odd key': { type: 'integer' } } } },
  },
  required: ['name'],
  additionalProperties: false,
};
const held = { type: 'json-schema', name: 'answer', schema } as const;

describe('an answer that is held to a schema', () => {
  test('is valid', () => {
    assert.deepEqual(mismatchesIn('{"name": "x", "kind": "a", "items": [{"odd key": 1}]}', held), []);
  });

  test('has each place named where it is not', () => {
    const answer = '{"kind": "c", "items": [{}, {"odd key": 1.5}], "more": true}';
    assert.deepEqual(mismatchesIn(answer, held), [
      { path: '', message: 'lacks "name"' },
      { path: '', message: 'has "more", which the schema does not allow' },
      { path: 'kind', message: 'must be one of "a", "b"' },
      { path: 'items[1]["odd key"]', message: 'must be integer' },
    ]);
  });

  test('is told where it is no JSON', () => {
    const [mismatch] = mismatchesIn('```json\n{"name": "x"}\n```', held);
    assert.match(
      mismatch?.message ?? '',
      /^is not JSON: .*\(line 1, column 1\)\. It stands in a code fence\.$/,
    );
    assert.match(mismatchesIn('{"a": 1,}', { type: 'json' })[0]?.message ?? '', /line 1, column 9/);
    assert.deepEqual(mismatchesIn('[1]', { type: 'json' }), []);
  });

  test('is read in the dialect of the schema', () => {
    const tuple = { type: 'array', prefixItems: [{ type: 'string' }] };
    const odd = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'array',
      items: [{ type: 'string' }],
    };
    for (const each of [tuple, odd, { type: 'array', items: [{ type: 'string' }] }]) {
      const format = { type: 'json-schema', name: 'a', schema: each } as const;
      assert.deepEqual(mismatchesIn('[1]', format), [{ path: '[0]', message: 'must be string' }]);
    }
  });

  test('cannot be checked against what is no schema, which is said', () => {
    const format = { type: 'json-schema', name: 'a', schema: { $ref: '#/$defs/gone' } } as const;
    assert.match(mismatchesIn('1', format)[0]?.message ?? '', /^cannot be checked/);
  });
});

describe('the text of a schema', () => {
  for (const [name, text, problems] of [
    ['is one', '{"type": "object"}', []],
    [
      'has its line and column where it is no JSON',
      '{\n  "type": "object"\n  "a": 1\n}',
      [{ line: 3, column: 3, message: 'Not JSON: A comma or a } is missing.' }],
    ],
    ['is an object', '[]', [{ line: 1, column: 1, message: 'A schema is an object in braces.' }]],
    [
      'has the place of a keyword that takes another value',
      '{\n  "properties": {\n    "a": { "type": "strin" }\n  },\n  "required": "a"\n}',
      [
        {
          line: 3,
          column: 12,
          message:
            'properties.a.type must be one of "array", "boolean", "integer", "null", "number", "object", "string".',
        },
        { line: 5, column: 3, message: 'required must be array.' },
      ],
    ],
    [
      'says that a reference leads nowhere',
      '{ "$ref": "#/$defs/gone" }',
      [{ line: 1, column: 1, message: "Can't resolve reference #/$defs/gone from id #." }],
    ],
    [
      'has patterns that can be read',
      '{ "type": "string", "pattern": "(" }',
      [{ line: 1, column: 1, message: 'Invalid regular expression: /(/u: Unterminated group.' }],
    ],
  ] as const) {
    test(name, () => assert.deepEqual(schemaProblems(text), problems));
  }
});
