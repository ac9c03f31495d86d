import { closeSync, openSync, writeSync } from 'node:fs';
import { encodeF32, ggufChunks, halfFloat, tensorBytes, type GgufTensor } from './gguf.ts';
import { firstWordToken, tokenizerMetadata } from './tokenizer.ts';

export interface RandomModelOptions {
  readonly vocabularySize?: number;
  readonly contextLength?: number;
  /** The embedding length; a multiple of `heads` × 32. */
  readonly width?: number;
  readonly layers?: number;
  readonly heads?: number;
  /** How many heads the keys and values have; as many as `heads` where absent. */
  readonly keyValueHeads?: number;
  readonly feedForward?: number;
  /** The same seed writes the same file. */
  readonly seed?: number;
}

/**
 * Writes a llama model of random Q8_0 weights: it says nothing, at the speed of a real model of its size. The
 * defaults give 2 M parameters and answers that hold every kind of broken UTF-8.
 */
export function writeRandomModel(path: string, options: RandomModelOptions = {}): void {
  const file = openSync(path, 'w');
  try {
    for (const chunk of randomModel(options)) writeSync(file, chunk);
  } finally {
    closeSync(file);
  }
}

function randomModel(options: RandomModelOptions): Generator<Uint8Array> {
  const {
    vocabularySize = 1024,
    contextLength = 4096,
    width = 128,
    layers = 2,
    heads = 4,
    seed = 1,
  } = options;
  const { feedForward = width * 3, keyValueHeads = heads } = options;
  const keyValueWidth = (width / heads) * keyValueHeads;
  const random = xorshift(seed);

  const matrix = (name: string, columns: number, rows: number): GgufTensor => {
    const shape = [columns, rows];
    return {
      name,
      type: 'Q8_0',
      shape,
      data: randomBlocks(tensorBytes('Q8_0', shape), 1 / Math.sqrt(columns), random),
    };
  };
  const norm = (name: string): GgufTensor => {
    return { name, type: 'F32', shape: [width], data: encodeF32(new Float32Array(width).fill(1)) };
  };
  const layer = (index: number): GgufTensor[] => [
    norm(`blk.${index}.attn_norm.weight`),
    matrix(`blk.${index}.attn_q.weight`, width, width),
    matrix(`blk.${index}.attn_k.weight`, width, keyValueWidth),
    matrix(`blk.${index}.attn_v.weight`, width, keyValueWidth),
    matrix(`blk.${index}.attn_output.weight`, width, width),
    norm(`blk.${index}.ffn_norm.weight`),
    matrix(`blk.${index}.ffn_gate.weight`, width, feedForward),
    matrix(`blk.${index}.ffn_up.weight`, width, feedForward),
    matrix(`blk.${index}.ffn_down.weight`, feedForward, width),
  ];

  return ggufChunks(
    {
      'general.architecture': 'llama',
      'general.name': 'Random weights',
      'llama.vocab_size': vocabularySize,
      'llama.context_length': contextLength,
      'llama.embedding_length': width,
      'llama.block_count': layers,
      'llama.feed_forward_length': feedForward,
      'llama.rope.dimension_count': width / heads,
      'llama.attention.head_count': heads,
      'llama.attention.head_count_kv': keyValueHeads,
      'llama.attention.layer_norm_rms_epsilon': 1e-5,
      ...tokenizerMetadata(syllables(vocabularySize - firstWordToken), []),
    },
    [
      matrix('token_embd.weight', width, vocabularySize),
      norm('output_norm.weight'),
      matrix('output.weight', width, vocabularySize),
      ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
    ],
  );
}

/** `count` different words such as ` bacu`; `Ġ` is a blank in the alphabet of byte-level BPE. */
function syllables(count: number): string[] {
  const syllable = (index: number): string =>
    `${'bcdfghjklmnprstvwz'[index % 18] ?? ''}${'aeiou'[Math.floor(index / 18) % 5] ?? ''}`;
  return Array.from({ length: count }, (_, index) => {
    const tail = index >= 90 * 90 ? syllable(Math.floor(index / 8100) - 1) : '';
    return `Ġ${syllable(index % 90)}${index >= 90 ? syllable(Math.floor(index / 90) % 90) : ''}${tail}`;
  });
}

/** Blocks of 32 equally distributed weights whose standard deviation is `deviation`, a MB at a time in one buffer. */
function* randomBlocks(
  length: number,
  deviation: number,
  random: (target: Uint32Array) => void,
): Generator<Uint8Array> {
  const blockBytes = 34;
  const buffer = Buffer.alloc(blockBytes * 32768);
  const words = new Uint32Array(buffer.buffer, buffer.byteOffset, buffer.length / 4);
  const scale = halfFloat((deviation * Math.sqrt(12)) / 256);
  for (let left = length; left > 0; left -= buffer.length) {
    const chunk = buffer.subarray(0, Math.min(left, buffer.length));
    random(words.subarray(0, Math.ceil(chunk.length / 4)));
    for (let at = 0; at < chunk.length; at += blockBytes) chunk.writeUInt16LE(scale, at);
    yield chunk;
  }
}

/** Marsaglia's xorshift32 (2003): fast, repeatable, and good enough for weights. */
function xorshift(seed: number): (target: Uint32Array) => void {
  let state = seed >>> 0 || 1;
  return (target) => {
    for (let index = 0; index < target.length; index++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      target[index] = state;
    }
  };
}
