import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '../../src/core/json.ts';

const broken: readonly [text: string, message: string][] = [
  ['', 'It is not JSON: a value is missing (line 1, column 1).'],
  ['{"a": 1,\n "b": }', 'It is not JSON: a value is missing (line 2, column 7).'],
  ['{"a": 1\n "b": 2}', 'It is not JSON: a comma is missing (line 2, column 2).'],
  ['{"a": [1, 2}', 'It is not JSON: a comma is missing (line 1, column 12).'],
  ['{"a": 1', 'It is not JSON: the brace } is missing (line 1, column 8).'],
  ['{a: 1}', 'It is not JSON: a word stands there that is neither a value nor quoted (line 1, column 2).'],
  ['{"a": "x}', 'It is not JSON: a text has no closing quote (line 1, column 7).'],
  ['{} {}', 'It is not JSON: more text follows the value (line 1, column 4).'],
  ['{} // note', 'It is not JSON: comments are not part of JSON (line 1, column 4).'],
  ['[1,]', 'It is not JSON: a value is missing (line 1, column 4).'],
];

for (const [text, message] of broken) {
  test(`${JSON.stringify(text)} is told with its place`, () => {
    assert.throws(() => parseJson(text), { name: 'JsonError', message });
  });
}

test('a byte order mark does not count, and a key named __proto__ is a key', () => {
  assert.deepEqual(Object.keys(parseJson('\uFEFF{"__proto__": 1}') as object), ['__proto__']);
});
