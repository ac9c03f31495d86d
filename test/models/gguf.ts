/**
 * Writes GGUF version 3, the file format of llama.cpp models, as far as models for tests need it.
 * Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, read 2026-11-23.
 */

/**
 * A metadata value. A whole number is written as UINT32 and any other as FLOAT32, because llama.cpp reads its keys
 * with exactly those types; a list of numbers is written as INT32, and an empty list as one of strings.
 */
export type GgufValue = string | boolean | number | readonly string[] | readonly number[];

export type GgufMetadata = { readonly [key: string]: GgufValue };

export type GgufTensorType = 'F32' | 'F16' | 'Q8_0';

export interface GgufTensor {
  readonly name: string;
  readonly type: GgufTensorType;
  /** Fastest varying dimension first, as llama.cpp prints it: a matrix of 3 rows of 64 is `[64, 3]`. */
  readonly shape: readonly number[];
  /** `tensorBytes(type, shape)` bytes, in as many pieces as is convenient. */
  readonly data: Iterable<Uint8Array>;
}

/** How many bytes the elements of a tensor take in the file, padding not included. */
export function tensorBytes(type: GgufTensorType, shape: readonly number[]): number {
  const { blockElements, blockBytes } = layouts[type];
  const elements = shape.reduce((product, size) => product * size, 1);
  return (elements / blockElements) * blockBytes;
}

/** A whole model in memory; for those of a few MB. */
export function encodeGguf(metadata: GgufMetadata, tensors: readonly GgufTensor[]): Uint8Array {
  return Buffer.concat([...ggufChunks(metadata, tensors)]);
}

/** The bytes of a model in order; a chunk may be reused by its producer once the next one has been asked for. */
export function* ggufChunks(metadata: GgufMetadata, tensors: readonly GgufTensor[]): Generator<Uint8Array> {
  const header = encodeHeader(metadata, tensors);
  yield header;
  yield padding(header.length);
  for (const { name, type, shape, data } of tensors) {
    let written = 0;
    for (const chunk of data) {
      written += chunk.length;
      yield chunk;
    }
    const expected = tensorBytes(type, shape);
    if (written !== expected) throw new Error(`${name} gave ${written} bytes instead of ${expected}`);
    yield padding(written);
  }
}

/** The data of an F32 tensor. */
export function encodeF32(values: Iterable<number>): Uint8Array[] {
  return [new Uint8Array(Float32Array.from(values).buffer)];
}

/** The data of an F16 tensor. */
export function encodeF16(values: Float32Array): Uint8Array[] {
  return [new Uint8Array(Uint16Array.from(values, halfFloat).buffer)];
}

/** The data of a Q8_0 tensor: blocks of 32 values that share one F16 scale. */
export function encodeQ8(values: Float32Array): Uint8Array[] {
  const { blockElements, blockBytes } = layouts.Q8_0;
  const bytes = Buffer.alloc((values.length / blockElements) * blockBytes);
  for (let block = 0; block * blockElements < values.length; block++) {
    const elements = values.subarray(block * blockElements, (block + 1) * blockElements);
    const scale = elements.reduce((max, value) => Math.max(max, Math.abs(value)), 0) / 127;
    const at = bytes.writeUInt16LE(halfFloat(scale), block * blockBytes);
    if (scale > 0) elements.forEach((value, index) => bytes.writeInt8(Math.round(value / scale), at + index));
  }
  return [bytes];
}

/** The bits of `value` as an IEEE half; what is below 2⁻¹⁴ becomes 0, which no weight here needs. */
export function halfFloat(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15;
  if (exponent <= 0) return sign;
  if (exponent >= 31) return sign | 0x7c00;
  // Adding half of the last kept place rounds; a carry out of the mantissa rightly raises the exponent.
  return sign | ((((exponent << 23) | (bits & 0x7fffff)) + 0x1000) >>> 13);
}

/** Elements and bytes of one block, and the number that stands for the type in the file. */
const layouts = {
  F32: { blockElements: 1, blockBytes: 4, id: 0 },
  F16: { blockElements: 1, blockBytes: 2, id: 1 },
  Q8_0: { blockElements: 32, blockBytes: 34, id: 8 },
} as const satisfies Record<GgufTensorType, unknown>;

const alignment = 32;

const valueTypes = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;

function encodeHeader(metadata: GgufMetadata, tensors: readonly GgufTensor[]): Buffer {
  const entries = Object.entries(metadata);
  const parts = [Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(entries.length)];
  for (const [key, value] of entries) parts.push(string(key), typedValue(value));
  let offset = 0;
  for (const { name, type, shape } of tensors) {
    parts.push(string(name), uint32(shape.length), ...shape.map(uint64));
    parts.push(uint32(layouts[type].id), uint64(offset));
    offset += tensorBytes(type, shape);
    offset += padding(offset).length;
  }
  return Buffer.concat(parts);
}

function typedValue(value: GgufValue): Buffer {
  if (typeof value === 'string') return Buffer.concat([uint32(valueTypes.string), string(value)]);
  if (typeof value === 'boolean') return Buffer.concat([uint32(valueTypes.bool), Buffer.of(value ? 1 : 0)]);
  if (typeof value === 'number') {
    return Number.isInteger(value)
      ? Buffer.concat([uint32(valueTypes.uint32), uint32(value)])
      : Buffer.concat([uint32(valueTypes.float32), Buffer.from(Float32Array.of(value).buffer)]);
  }
  const itemType = typeof value[0] === 'number' ? valueTypes.int32 : valueTypes.string;
  const items = value.map((item) =>
    typeof item === 'string' ? string(item) : Buffer.from(Int32Array.of(item).buffer),
  );
  return Buffer.concat([uint32(valueTypes.array), uint32(itemType), uint64(value.length), ...items]);
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** What fills up to the next aligned offset after `length` bytes. */
function padding(length: number): Uint8Array {
  return new Uint8Array((alignment - (length % alignment)) % alignment);
}
