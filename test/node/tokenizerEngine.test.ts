import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';
import { modelEncoding } from '../../src/core/tokens/modelEncoding.ts';
import { readGgufHeader } from '../../src/node/tokenizerGguf.ts';
import { adversarialTexts } from '../core/tokens/corpus.ts';
import { byteLevelLists, sentencePieceLists, type VocabularyLists } from '../core/tokens/vocabularies.ts';
import { encodeGguf, type GgufMetadata } from '../models/gguf.ts';
import { scriptedModel } from '../models/scripted.ts';

// llama.cpp itself says what is right: each model file is read by both, and so are the texts.
const llama = await getLlama({
  gpu: false,
  build: 'never',
  skipDownload: true,
  maxThreads: 1,
  logLevel: LlamaLogLevel.disabled,
});
after(() => llama.dispose());

const folder = mkdtempSync(join(tmpdir(), 'engine-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const texts = adversarialTexts(1500, 21).map((text, index) =>
  index % 20 === 0 ? `${text}<tool_call>${text}<|im_end|>ab cd a b\n\n\n${text}` : text,
);
texts.push('', ' ', '  a', '▁', '<s>', '<0x0A>', texts.join(' ').slice(0, 5000));

const byteLevel = await byteLevelLists();
const families = [
  'gpt-2',
  'llama-bpe',
  'qwen2',
  'default',
  'starcoder',
  'dbrx',
  'qwen35',
  'gpt-4o',
  'tekken',
  'deepseek-v3',
];
for (const pre of families) {
  test(`the pre-tokenizer ${pre} is llama.cpp's`, async () => {
    await agree(vocabularyFile({ 'tokenizer.ggml.model': 'gpt2', 'tokenizer.ggml.pre': pre }, byteLevel));
  });
}

for (const prefix of [true, false]) {
  test(`SentencePiece ${prefix ? 'with' : 'without'} a blank in front is llama.cpp's`, async () => {
    const metadata = { 'tokenizer.ggml.model': 'llama', 'tokenizer.ggml.add_space_prefix': prefix };
    await agree(vocabularyFile(metadata, sentencePieceLists()));
  });
}

test('the scripted model counts as the engine does', async () => {
  await agree(scriptedModel());
});

async function agree(file: Uint8Array): Promise<void> {
  const path = join(folder, 'model.gguf');
  writeFileSync(path, file);
  const model = await llama.loadModel({ modelPath: path, vocabOnly: true });
  try {
    const encoding = modelEncoding(readGgufHeader(path).vocabulary);
    for (const text of texts) {
      assert.deepEqual(
        [...encoding.encode(text).ids],
        [...model.tokenize(text)],
        JSON.stringify(text).slice(0, 200),
      );
      assert.equal(encoding.count(text), encoding.encode(text).ids.length);
    }
  } finally {
    await model.dispose();
  }
}

function vocabularyFile(metadata: GgufMetadata, lists: VocabularyLists): Uint8Array {
  return encodeGguf(
    {
      'general.architecture': 'llama',
      'llama.vocab_size': lists.tokens.length,
      'llama.context_length': 128,
      'llama.embedding_length': 32,
      'llama.block_count': 1,
      'llama.feed_forward_length': 32,
      'llama.attention.head_count': 1,
      'llama.attention.layer_norm_rms_epsilon': 1e-5,
      'tokenizer.ggml.tokens': lists.tokens,
      'tokenizer.ggml.token_type': lists.token_type,
      ...(lists.merges ? { 'tokenizer.ggml.merges': lists.merges } : {}),
      ...(lists.scores ? { 'tokenizer.ggml.scores': lists.scores } : {}),
      'tokenizer.ggml.bos_token_id': 1,
      'tokenizer.ggml.eos_token_id': 2,
      ...metadata,
    },
    [],
  );
}
