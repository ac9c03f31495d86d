import { closeSync, fstatSync, openSync } from 'node:fs';
import { LlmError, messageOf } from '../core/errors.ts';
import type { ModelVocabulary } from '../core/tokens/modelEncoding.ts';
import { textCount, type TextList } from '../core/tokens/textList.ts';
import { maxVocabularySize } from '../core/tokens/vocabulary.ts';
import { Damage, GgufBytes } from './tokenizerGgufBytes.ts';

/** What the header of a GGUF file says about the model and its tokenizer. */
export interface GgufHeader {
  /**
   * The keys under `general.` and `tokenizer.` that are not lists, such as `general.name` or
   * `tokenizer.chat_template`.
   */
  readonly values: ReadonlyMap<string, GgufValue>;
  readonly vocabulary: ModelVocabulary;
}

export type GgufValue = string | number | bigint | boolean;

/**
 * Reads the header of a model file, synchronously, and nothing of its weights: it is meant for a worker
 * thread. A file that is cut off, damaged or made to harm gives an error within the time and memory of
 * reading its header once: node-llama-cpp's own reader can end the process on such a file.
 * Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, read 2026-11-23.
 * @throws LlmError `bad-request` when the file cannot be read, is not GGUF 2 or 3, is damaged, or has no
 *   tokenizer.
 */
export function readGgufHeader(path: string): GgufHeader {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Damage('is not a file');
    return readHeader(new GgufBytes(file, stat.size));
  } catch (error) {
    if (error instanceof Damage)
      throw new LlmError(
        'bad-request',
        `The model "${path}" ${error.message}. Download it again or choose another.`,
      );
    throw new LlmError(
      'bad-request',
      `The model "${path}" cannot be read (${messageOf(error)}). Correct its path.`,
      { cause: error },
    );
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readHeader(bytes: GgufBytes): GgufHeader {
  if (bytes.uint32() !== magic) throw new Damage('is not a GGUF file');
  const version = bytes.uint32();
  if (version !== 2 && version !== 3)
    throw new Damage(`is GGUF of version ${version}; versions 2 and 3 can be read`);
  bytes.length('tensors', 1);
  const entries = bytes.length('entries', 13);
  const values = new Map<string, GgufValue>();
  const lists: Lists = { texts: new Map(), numbers: new Map() };
  for (let entry = 0; entry < entries; entry++) {
    const key = bytes.string('the name of an entry', 65_535);
    const type = bytes.uint32();
    if (type === arrayType) readArray(bytes, key, lists);
    else if (/^(general|tokenizer)\./.test(key)) values.set(key, readScalar(bytes, key, type));
    else skipScalars(bytes, key, type, 1);
  }
  return { values, vocabulary: vocabularyOf(values, lists) };
}

/** The lists of {@link wantedLists}, by key. */
interface Lists {
  readonly texts: Map<string, TextList>;
  readonly numbers: Map<string, Float64Array>;
}

function readArray(bytes: GgufBytes, key: string, lists: Lists): void {
  const type = bytes.uint32();
  if (type === arrayType) throw new Damage(`is damaged: "${key}" is a list of lists`);
  const count = bytes.length(`items of "${key}"`, type === stringType ? 8 : sizeOf(type, key));
  const isWanted = wantedLists.has(key);
  if (isWanted && count > maxListed) throw new Damage(`is damaged: "${key}" has ${count} items`);
  if (type === stringType) {
    const texts = readTexts(bytes, key, count, isWanted);
    if (texts) lists.texts.set(key, texts);
  } else if (isWanted) {
    lists.numbers.set(
      key,
      Float64Array.from({ length: count }, () => Number(readScalar(bytes, key, type))),
    );
  } else {
    skipScalars(bytes, key, type, count);
  }
}

/** Reads or, when they are not wanted, only walks over `count` strings. */
function readTexts(bytes: GgufBytes, key: string, count: number, isWanted: boolean): TextList | undefined {
  const starts = new Uint32Array(isWanted ? count + 1 : 0);
  let joined = new Uint8Array(isWanted ? 65_536 : 0);
  let end = 0;
  for (let index = 0; index < count; index++) {
    const length = bytes.length(`bytes of "${key}"`, 1);
    if (!isWanted) {
      bytes.skip(length);
      continue;
    }
    if (end + length > maxListedBytes)
      throw new Damage(`is damaged: "${key}" is larger than ${maxListedBytes} bytes`);
    while (end + length > joined.length) joined = doubled(joined);
    bytes.read(joined.subarray(end, end + length));
    end += length;
    starts[index + 1] = end;
  }
  return isWanted ? { bytes: joined.slice(0, end), starts } : undefined;
}

function readScalar(bytes: GgufBytes, key: string, type: number): GgufValue {
  switch (type) {
    case stringType:
      return bytes.string(`"${key}"`, maxListedBytes);
    case 7:
      return bytes.view(1).getUint8(0) !== 0;
    case 0:
      return bytes.view(1).getUint8(0);
    case 1:
      return bytes.view(1).getInt8(0);
    case 2:
      return bytes.view(2).getUint16(0, true);
    case 3:
      return bytes.view(2).getInt16(0, true);
    case 4:
      return bytes.uint32();
    case 5:
      return bytes.view(4).getInt32(0, true);
    case 6:
      return bytes.view(4).getFloat32(0, true);
    case 10:
      return bytes.view(8).getBigUint64(0, true);
    case 11:
      return bytes.view(8).getBigInt64(0, true);
    case 12:
      return bytes.view(8).getFloat64(0, true);
    default:
      throw new Damage(`is damaged: "${key}" has the unknown type ${type}`);
  }
}

function skipScalars(bytes: GgufBytes, key: string, type: number, count: number): void {
  if (type === stringType) bytes.skip(bytes.length(`bytes of "${key}"`, 1));
  else bytes.skip(sizeOf(type, key) * count);
}

function sizeOf(type: number, key: string): number {
  const size = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8][type];
  if (size === undefined) throw new Damage(`is damaged: "${key}" has the unknown type ${type}`);
  return size;
}

function vocabularyOf(values: ReadonlyMap<string, GgufValue>, { texts, numbers }: Lists): ModelVocabulary {
  const model = values.get('tokenizer.ggml.model');
  const pre = values.get('tokenizer.ggml.pre');
  const prefix = values.get('tokenizer.ggml.add_space_prefix');
  const tokens = texts.get('tokenizer.ggml.tokens');
  if (typeof model !== 'string' || !tokens) throw new Damage('holds no tokenizer');
  const types = numbers.get('tokenizer.ggml.token_type');
  const scores = numbers.get('tokenizer.ggml.scores');
  const merges = texts.get('tokenizer.ggml.merges');
  for (const [name, list] of [['token_type', types] as const, ['scores', scores] as const]) {
    if (list && list.length < textCount(tokens))
      throw new Damage(`is damaged: it has fewer ${name} than tokens`);
  }
  return {
    model,
    tokens,
    ...(typeof pre === 'string' ? { pre } : {}),
    ...(types ? { token_type: Int32Array.from(types) } : {}),
    ...(scores ? { scores: Float32Array.from(scores).subarray(0, textCount(tokens)) } : {}),
    ...(merges ? { merges } : {}),
    ...(typeof prefix === 'boolean' ? { add_space_prefix: prefix } : {}),
  };
}

function doubled(array: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** `GGUF`, little endian. */
const magic = 0x46554747;

const stringType = 8;
const arrayType = 9;

const wantedLists: ReadonlySet<string> = new Set([
  'tokenizer.ggml.tokens',
  'tokenizer.ggml.token_type',
  'tokenizer.ggml.scores',
  'tokenizer.ggml.merges',
]);

/** The largest lists of merges have half a million. */
const maxListed = 2 * maxVocabularySize;
const maxListedBytes = 2 ** 26;
