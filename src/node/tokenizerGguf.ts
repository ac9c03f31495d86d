import type { ModelVocabulary } from '../core/tokens/modelEncoding.ts';
import { textCount, type TextList } from '../core/tokens/textList.ts';
import { maxVocabularySize } from '../core/tokens/vocabulary.ts';
import {
  arrayType,
  type GgufCounts,
  type GgufValue,
  longestKey,
  maxTextBytes,
  readGguf,
  readListStart,
  readScalar,
  skipScalars,
  stringType,
} from './ggufValues.ts';
import { Damage, type GgufBytes } from './tokenizerGgufBytes.ts';

/** What the header of a GGUF file says about the model and its tokenizer. */
export interface GgufHeader {
  /**
   * The keys under `general.` and `tokenizer.` that are not lists, such as `general.name` or
   * `tokenizer.chat_template`.
   */
  readonly values: ReadonlyMap<string, GgufValue>;
  readonly vocabulary: ModelVocabulary;
}

/**
 * Reads the header of a model file, synchronously, and nothing of its weights: it is meant for a worker
 * thread. A file that is cut off, damaged or made to harm gives an error within the time and memory of
 * reading its header once: node-llama-cpp's own reader can end the process on such a file.
 * Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, read 2026-11-23.
 * @throws LlmError `bad-request` when the file cannot be read, is not GGUF 2 or 3, is damaged, or has no
 *   tokenizer.
 */
export function readGgufHeader(path: string): GgufHeader {
  return readGguf(path, readHeader);
}

function readHeader(bytes: GgufBytes, { entries }: GgufCounts): GgufHeader {
  const values = new Map<string, GgufValue>();
  const lists: Lists = { texts: new Map(), numbers: new Map() };
  for (let entry = 0; entry < entries; entry++) {
    const key = bytes.string('the name of an entry', longestKey);
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
  const { type, count } = readListStart(bytes, key);
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
    if (end + length > maxTextBytes)
      throw new Damage(`is damaged: "${key}" is larger than ${maxTextBytes} bytes`);
    while (end + length > joined.length) joined = doubled(joined);
    bytes.read(joined.subarray(end, end + length));
    end += length;
    starts[index + 1] = end;
  }
  return isWanted ? { bytes: joined.slice(0, end), starts } : undefined;
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

const wantedLists: ReadonlySet<string> = new Set([
  'tokenizer.ggml.tokens',
  'tokenizer.ggml.token_type',
  'tokenizer.ggml.scores',
  'tokenizer.ggml.merges',
]);

/** The largest lists of merges have half a million. */
const maxListed = 2 * maxVocabularySize;
