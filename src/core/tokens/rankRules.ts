import type { MergeRules } from './mergeRules.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * The rules of OpenAI's encodings: two neighbours join when their bytes together are a token, and the token
 * with the lowest id goes first. Merge, priority and result are all that id.
 * Source: `byte_pair_merge` in tiktoken's src/lib.rs, read 2026-11-23.
 */
export class RankRules implements MergeRules {
  readonly symbols = 'bytes';
  readonly #vocabulary: Vocabulary;
  readonly #byteIds: Int32Array;
  /** By two bytes; found when first asked for. A third of all questions are about two bytes. */
  readonly #pairIds = new Int32Array(0x10000).fill(unasked);

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#byteIds = Int32Array.from({ length: 256 }, (_, byte) => vocabulary.find(Uint8Array.of(byte), 0, 1));
  }

  symbol(bytes: Uint8Array, start: number): number {
    return this.#byteIds[bytes[start] as number] as number;
  }

  join(_left: number, _right: number, bytes: Uint8Array, start: number, end: number): number {
    if (end - start !== 2) return this.#vocabulary.find(bytes, start, end);
    const pair = ((bytes[start] as number) << 8) | (bytes[start + 1] as number);
    const known = this.#pairIds[pair] as number;
    if (known !== unasked) return known;
    return (this.#pairIds[pair] = this.#vocabulary.find(bytes, start, end));
  }

  priorityOf(merge: number): number {
    return merge;
  }

  resultOf(merge: number): number {
    return merge;
  }

  /** Never needed: every byte is a token of these encodings. */
  spell(): readonly number[] {
    return [];
  }
}

const unasked = -2;
