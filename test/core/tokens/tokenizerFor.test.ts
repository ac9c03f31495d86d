import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tokenizerFor } from '../../../src/core/tokens/tokenizerFor.ts';

test('each generation of OpenAI has its encoding', () => {
  const expected = {
    'openai/gpt-5': 'o200k_base',
    'openai/gpt-5.1-codex-mini': 'o200k_base',
    'gpt-4o-mini-2024-07-18': 'o200k_base',
    'openai/gpt-4.1-nano': 'o200k_base',
    'openai/o3-mini': 'o200k_base',
    'openrouter/openai/gpt-oss-120b': 'o200k_base',
    'ollama/gpt-oss:20b': 'o200k_base',
    'ft:gpt-4o-mini:me::abc': 'o200k_base',
    'openai/gpt-4': 'cl100k_base',
    'openai/gpt-4-turbo-preview': 'cl100k_base',
    'azure/gpt-35-turbo': 'cl100k_base',
    'text-embedding-3-small': 'cl100k_base',
    'davinci-002': 'cl100k_base',
    'text-davinci-003': 'p50k_base',
    'code-davinci-002': 'p50k_base',
    'text-davinci-001': 'r50k_base',
    davinci: 'r50k_base',
    gpt2: 'r50k_base',
  };
  const actual = Object.keys(expected).map((model) => [model, tokenizerFor(model)]);
  assert.deepEqual(
    Object.fromEntries(actual),
    Object.fromEntries(
      Object.entries(expected).map(([model, tokenizer]) => [model, { exactness: 'exact', tokenizer }]),
    ),
  );
});

test('a local model counts with its own tokenizer', () => {
  assert.deepEqual(tokenizerFor('local//models/gpt-4.gguf'), { exactness: 'exact', tokenizer: 'gguf' });
});

test('what is not known is an estimate', () => {
  const models = [
    'anthropic/claude-sonnet-5',
    'gemini/gemini-3-pro',
    'ollama/llama3.2',
    'openai/gpt-45',
    'gpt-6',
    '',
  ];
  assert.deepEqual(new Set(models.map((model) => JSON.stringify(tokenizerFor(model)))).size, 1);
  assert.deepEqual(tokenizerFor('gpt-6'), { exactness: 'estimate', tokenizer: 'o200k_base' });
});
