import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { modelSourceOf, nameOfSource } from '../../src/core/modelSource.ts';
import { curatedModels } from '../../src/node/curatedModels.ts';

const file = { type: 'repository-file', repository: 'maker/tiny-GGUF', branch: 'main', path: 'a/tiny.gguf' };

test('a repository is named as on Hugging Face, with or without its quantization', () => {
  const repository = { type: 'repository', repository: 'maker/tiny-GGUF' };
  for (const name of ['hf:maker/tiny-GGUF', ' maker/tiny-GGUF ', 'https://huggingface.co/maker/tiny-GGUF'])
    assert.deepEqual(modelSourceOf(name), repository);
  for (const name of ['hf:maker/tiny-GGUF:Q4_K_M', 'hf.co/maker/tiny-GGUF:Q4_K_M', 'maker/tiny-GGUF:Q4_K_M'])
    assert.deepEqual(modelSourceOf(name), { ...repository, quantization: 'Q4_K_M' });
});

test('a file of a repository is named by its path or by its address', () => {
  for (const name of [
    'hf:maker/tiny-GGUF/a/tiny.gguf',
    'https://huggingface.co/maker/tiny-GGUF/blob/main/a/tiny.gguf',
    'https://huggingface.co/maker/tiny-GGUF/resolve/main/a/tiny.gguf?download=true',
  ])
    assert.deepEqual(modelSourceOf(name), file);
  assert.deepEqual(modelSourceOf('hf:maker/tiny-GGUF/a/tiny.gguf#v2'), { ...file, branch: 'v2' });
});

test('a file anywhere else is named by its address', () => {
  const url = 'http://127.0.0.1:8000/models/my%20model.Q4_0.gguf?key=1';
  assert.deepEqual(modelSourceOf(url), { type: 'url', url });
  assert.equal(nameOfSource({ type: 'url', url }), 'my_model.Q4_0.gguf');
});

test('what names no GGUF file is nothing', () => {
  for (const text of [
    '',
    'tiny',
    'maker/tiny/../../x.gguf',
    'maker/tiny/readme.md',
    '../x/y.gguf',
    'https://example.com/model.bin',
    'https://huggingface.co/maker',
    'file:///etc/passwd.gguf',
  ])
    assert.equal(modelSourceOf(text), undefined, text);
});

test('every model of the list that ships can be downloaded by what it says, the smallest first', async () => {
  const models = await curatedModels(join(import.meta.dirname, '../..'));
  assert.ok(models.length >= 8);
  assert.deepEqual(
    models.map(({ gigabytes }) => gigabytes),
    models.map(({ gigabytes }) => gigabytes).toSorted((a, b) => a - b),
  );
  for (const { source, gigabytes, memoryGigabytes } of models) {
    assert.ok(modelSourceOf(source), source);
    assert.ok(memoryGigabytes > gigabytes);
  }
});
