import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LlmError } from '../../src/core/errors.ts';
import { textList } from '../../src/core/tokens/textList.ts';
import { readGgufHeader } from '../../src/node/tokenizerGguf.ts';
import { seeded } from '../core/tokens/corpus.ts';
import { encodeGguf } from '../models/gguf.ts';
import { scriptedModel } from '../models/scripted.ts';

const folder = mkdtempSync(join(tmpdir(), 'gguf-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fileOf(bytes: Uint8Array): string {
  const path = join(folder, `${++files}.gguf`);
  writeFileSync(path, bytes);
  return path;
}

const small = encodeGguf(
  {
    'general.architecture': 'llama',
    'general.name': 'Tiny',
    'llama.context_length': 128,
    'llama.rope.freqs': [1, 2, 3],
    'llama.notes': ['skipped', 'too'],
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'qwen2',
    'tokenizer.ggml.tokens': ['a', 'é', 'aé', ''],
    'tokenizer.ggml.token_type': [1, 1, 1, 4],
    'tokenizer.ggml.merges': ['a é'],
    'tokenizer.ggml.add_space_prefix': false,
    'tokenizer.chat_template': '{{ messages }}',
  },
  [],
);

test('the header holds the vocabulary and what is said in general', () => {
  const { values, vocabulary } = readGgufHeader(fileOf(small));
  assert.deepEqual(vocabulary, {
    model: 'gpt2',
    pre: 'qwen2',
    tokens: textList(['a', 'é', 'aé', '']),
    token_type: Int32Array.of(1, 1, 1, 4),
    merges: textList(['a é']),
    add_space_prefix: false,
  });
  assert.deepEqual(
    ['general.name', 'tokenizer.chat_template', 'llama.context_length'].map((key) => values.get(key)),
    ['Tiny', '{{ messages }}', undefined],
  );
});

test('a model of another writer is read', () => {
  assert.equal(readGgufHeader(fileOf(scriptedModel())).vocabulary.tokens.starts.length > 260, true);
});

test('a file cut off anywhere says so', () => {
  const headerEnd = small.findLastIndex((byte) => byte !== 0) + 1;
  for (let length = 0; length < headerEnd; length++) {
    assert.match(
      messageFor(small.subarray(0, length)),
      /is damaged or cut off|is cut off|holds no tokenizer/,
      `at ${length}`,
    );
  }
});

test(
  'a damaged file gives an error or what it says, and takes neither time nor memory',
  { timeout: 60_000 },
  () => {
    const random = seeded(1);
    for (let attempt = 0; attempt < 1500; attempt++) {
      const damaged = Uint8Array.from(small);
      for (let change = 0; change < 1 + random(3); change++)
        damaged[random(damaged.length)] = random(2) === 0 ? 0xff : random(256);
      messageFor(damaged);
    }
  },
);

test('a length that the file cannot hold is refused before anything is allocated for it', () => {
  const huge = Uint8Array.from(small);
  new DataView(huge.buffer).setBigUint64(16, 2n ** 62n, true);
  assert.match(messageFor(huge), /claims 4611686018427387904 entries, more than it can hold/);
});

test('what is no model file is refused in words for the user', () => {
  const bigEndian = Uint8Array.from([...small.subarray(0, 4), 0, 0, 0, 3, ...small.subarray(8)]);
  assert.deepEqual(
    [messageFor(new TextEncoder().encode('# Just text')), messageFor(bigEndian)].map((text) =>
      text.replace(/"[^"]*"/, '…'),
    ),
    [
      'The model … is not a GGUF file. Download it again or choose another.',
      'The model … is GGUF of version 50331648; versions 2 and 3 can be read. Download it again or choose another.',
    ],
  );
  assert.throws(() => readGgufHeader(join(folder, 'missing.gguf')), isBadRequest);
  assert.throws(() => readGgufHeader(folder), isBadRequest);
});

/** The message of the error that the file gives; empty when it can be read. */
function messageFor(bytes: Uint8Array): string {
  try {
    readGgufHeader(fileOf(bytes));
    return '';
  } catch (error) {
    assert.ok(isBadRequest(error), String(error));
    return (error as LlmError).message;
  } finally {
    rmSync(join(folder, `${files}.gguf`), { force: true });
  }
}

function isBadRequest(error: unknown): boolean {
  return error instanceof LlmError && error.kind === 'bad-request';
}
