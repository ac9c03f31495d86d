import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePrompt } from '../../../src/core/prompt/parse.ts';
import { responseFormatOf } from '../../../src/core/prompt/schema.ts';
import { settingsOf } from '../../../src/core/prompt/settings.ts';
import { changeBetween, writeBack } from '../../../src/core/prompt/writeBack.ts';

const file = `---
# What it is
name: "explain"   # quoted
model: local/demo # the small one
config:
  # how evenly
  temperature: 0.30  # two digits
  my_key: kept
  max_tokens: 100
input:
    schema: {topic: string}
x.y:   'odd   spacing'
---
Say {{topic}}.
`;

describe('writing back', () => {
  test('puts a model and settings in place and keeps every other byte', () => {
    const written = writeBack(file, {
      modelId: 'openai/gpt-5',
      settings: { temperature: 0.9, maxOutputTokens: 500, topP: 0.5 },
    });
    assert.equal(
      written,
      file
        .replace('local/demo', 'openai/gpt-5')
        .replace('0.30', '0.9')
        .replace('max_tokens: 100\n', 'max_tokens: 500\n  topP: 0.5\n'),
    );
  });

  test('takes out what is left to the service, with its line', () => {
    assert.equal(
      writeBack(file, { settings: { temperature: null } }),
      file.replace('  temperature: 0.30  # two digits\n', ''),
    );
  });

  test('leaves no empty map behind', () => {
    assert.equal(
      writeBack('---\nname: a\nconfig:\n  seed: 1\n---\nx', { settings: { seed: null } }),
      '---\nname: a\n---\nx',
    );
  });

  test('makes a front matter where there is none', () => {
    assert.equal(
      writeBack('Hello\n', { modelId: 'a/b', settings: { seed: 1 } }),
      '---\nmodel: a/b\nconfig:\n  seed: 1\n---\nHello\n',
    );
    assert.equal(
      writeBack('\uFEFFHello', { settings: { seed: 1 } }),
      '\uFEFF---\nconfig:\n  seed: 1\n---\nHello',
    );
  });

  test('adds to a file without the key, with an empty one, and with only comments', () => {
    assert.equal(
      writeBack('---\nname: a\n---\nx', { settings: { seed: 1 } }),
      '---\nname: a\nconfig:\n  seed: 1\n---\nx',
    );
    assert.equal(
      writeBack('---\nconfig: # none yet\nname: a\n---\nx', { settings: { seed: 1 } }),
      '---\nconfig: # none yet\n  seed: 1\nname: a\n---\nx',
    );
    assert.equal(
      writeBack('---\nmodel:\n---\nx', { modelId: 'a/b', settings: {} }),
      '---\nmodel: a/b\n---\nx',
    );
    assert.equal(
      writeBack('---\n# hi\n---\nx', { modelId: 'a/b', settings: {} }),
      '---\n# hi\nmodel: a/b\n---\nx',
    );
  });

  test('writes between braces', () => {
    const text = '---\nconfig: { temperature: 1, seed: 2 }\n---\nx';
    assert.equal(writeBack(text, { settings: { topP: 0.5 } }), text.replace('seed: 2', 'seed: 2, topP: 0.5'));
    assert.equal(writeBack(text, { settings: { temperature: null } }), text.replace('temperature: 1, ', ''));
    assert.equal(writeBack(text, { settings: { seed: null } }), text.replace(', seed: 2', ''));
    assert.equal(
      writeBack('---\nconfig: {}\n---\nx', { settings: { seed: 1 } }),
      '---\nconfig: { seed: 1 }\n---\nx',
    );
  });

  test('keeps CRLF line ends', () => {
    assert.equal(
      writeBack('---\r\nconfig:\r\n  seed: 1\r\n---\r\nx\r\n', { modelId: 'a/b', settings: { topK: 4 } }),
      '---\r\nconfig:\r\n  seed: 1\r\n  topK: 4\r\nmodel: a/b\r\n---\r\nx\r\n',
    );
  });

  test('replaces a list, whatever it is written like', () => {
    const text = '---\nconfig:\n  stop:\n    - a\n    - b\n  seed: 1\n---\nx';
    const written = writeBack(text, { settings: { stop: ['\n\n', 'END: #'] } });
    assert.deepEqual(settingsOf(parsePrompt(written).frontMatter.config).settings, {
      stop: ['\n\n', 'END: #'],
      seed: 1,
    });
  });

  test('refuses what it would have to rewrite, and says so', () => {
    const aliased = '---\nx.base: &base { seed: 1 }\nconfig: *base\n---\nx';
    assert.throws(() => writeBack(aliased, { settings: { seed: 2 } }), /not a map of its own.*by hand/);
    assert.throws(() => writeBack('---\na: [\n---\nx', { settings: { seed: 2 } }), /not YAML/);
  });

  test('writes a response format into the output, where it is read again', async () => {
    const schema = { type: 'object', properties: { a: { enum: ['x', null] } }, required: ['a'] };
    const responseFormat = { type: 'json-schema', name: 'answer', schema } as const;
    const before = '---\nmodel: a/b\noutput:\n  format: text # free\n---\nHi';
    const written = writeBack(before, { settings: { temperature: 1, responseFormat } });
    assert.deepEqual(await responseFormatOf(parsePrompt(written)), responseFormat);
    const json = writeBack(written, { settings: { responseFormat: { type: 'json' } } });
    assert.deepEqual(await responseFormatOf(parsePrompt(json)), { type: 'json' });
    assert.equal(
      writeBack(json, { settings: { responseFormat: null } }),
      '---\nmodel: a/b\nconfig:\n  temperature: 1\n---\nHi',
    );
  });

  test('refuses a schema that a front matter would read as something else', () => {
    const responseFormat = { type: 'json-schema', name: 'answer', schema: { anyOf: [] } } as const;
    assert.throws(() => writeBack('Hi', { settings: { responseFormat } }), /what "type" the answer has/);
  });

  test('reads back what it wrote', () => {
    const settings = {
      temperature: 0,
      topP: 0.1,
      seed: 7,
      stop: ['"', ': ', '- '],
      reasoningEffort: 'low',
      logprobs: 3,
    } as const;
    const parsed = parsePrompt(writeBack(file, { modelId: 'a/b: c', settings }));
    assert.deepEqual(settingsOf(parsed.frontMatter.config).settings, { ...settings, maxOutputTokens: 100 });
    assert.equal(parsed.frontMatter.model, 'a/b: c');
  });
});

test('the change between two texts is what lies between their common ends', () => {
  assert.deepEqual(changeBetween('abcd', 'abXcd'), { start: 2, end: 2, text: 'X' });
  assert.deepEqual(changeBetween('aaa', 'aa'), { start: 2, end: 3, text: '' });
  assert.deepEqual(changeBetween('same', 'same'), { start: 4, end: 4, text: '' });
});
