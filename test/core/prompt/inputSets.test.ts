import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readInputSets, withInputSet } from '../../../src/core/prompt/inputSets.ts';

describe('named sets of values', () => {
  test('are read in the order of the file', () => {
    assert.deepEqual(readInputSets('{"short": {"topic": "tokens"}, "empty": {}}'), [
      { name: 'short', values: { topic: 'tokens' } },
      { name: 'empty', values: {} },
    ]);
    assert.deepEqual(readInputSets('\n'), []);
  });

  test('are told with their place where the file is half written', () => {
    assert.throws(() => readInputSets('{"short": {"topic": '), {
      message: 'This is not JSON: A value is missing (line 1, column 21).',
    });
    assert.throws(() => readInputSets('[]'), { message: /one JSON object, from names of sets/ });
    assert.throws(() => readInputSets('{"short": "tokens"}'), { message: /“short” must be an object/ });
  });

  test('are added to what is there, whose values stay to the digit', () => {
    const before = '{\n    "short" : {"topic":"tokens", "id": 12345678901234567890}\n}\n';
    const after = withInputSet(before, { name: 'long', values: { topic: 'all of it', n: 3 } });
    assert.match(after, /12345678901234567890/);
    assert.deepEqual(readInputSets(after), [
      { name: 'short', values: { topic: 'tokens', id: 12345678901234567000 } },
      { name: 'long', values: { topic: 'all of it', n: 3 } },
    ]);
  });

  test('begin a file, replace one of their name, and keep names that objects have', () => {
    const made = withInputSet('', { name: 'a', values: { constructor: 'x' } });
    assert.deepEqual(readInputSets(withInputSet(made, { name: 'a', values: { n: 1 } })), [
      { name: 'a', values: { n: 1 } },
    ]);
    const strange = withInputSet(made, { name: '__proto__', values: {} });
    assert.deepEqual(
      readInputSets(strange).map(({ name }) => name),
      ['a', '__proto__'],
    );
  });

  test('are never written over a file that cannot be read', () => {
    assert.throws(() => withInputSet('{"a": {', { name: 'b', values: {} }), { message: /not JSON/ });
  });
});
