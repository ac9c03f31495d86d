import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '../../src/core/json.ts';

const broken: readonly [text: string, message: string][] = [
  ['', 'This is not JSON: A value is missing (line 1, column 1).'],
  ['{"a": 1,\n "b": }', 'This is not JSON: A value is missing (line 2, column 7).'],
  ['{"a": 1\n "b": 2}', 'This is not JSON: A comma or a } is missing (line 2, column 2).'],
  ['{"a": [1, 2}', 'This is not JSON: A comma or a ] is missing (line 1, column 12).'],
  ['{"a": 1', 'This is not JSON: A comma or a } is missing (line 1, column 8).'],
  ['{a: 1}', 'This is not JSON: A key in double quotes is missing (line 1, column 2).'],
  ['{"a": "x}', 'This is not JSON: A text is not closed (line 1, column 7).'],
  ['{} {}', 'This is not JSON: Nothing may follow the value (line 1, column 4).'],
  ['{} // note', 'This is not JSON: Nothing may follow the value (line 1, column 4).'],
  ['[1,]', 'This is not JSON: A value is missing (line 1, column 4).'],
];

for (const [text, message] of broken) {
  test(`${JSON.stringify(text)} is told with its place`, () => {
    assert.throws(() => parseJson(text), { name: 'JsonError', message });
  });
}

test('a byte order mark does not count, and a key named __proto__ is a key', () => {
  assert.deepEqual(Object.keys(parseJson('\uFEFF{"__proto__": 1}') as object), ['__proto__']);
});
