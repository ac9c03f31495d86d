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
  /**
   * The answers of {@link join} by the two ids; a later pair takes the place of an earlier one with the same slot.
   * The same pairs are asked about again and again, and this is three times as fast as looking up their bytes.
   */
  readonly #askedPairs = new Float64Array(pairSlots).fill(-1);
  readonly #answers = new Int32Array(pairSlots);

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
    this.#byteIds = Int32Array.from({ length: 256 }, (_, byte) => vocabulary.find(Uint8Array.of(byte), 0, 1));
  }

  symbol(bytes: Uint8Array, start: number): number {
    return this.#byteIds[bytes[start] as number] as number;
  }

  join(left: number, right: number, bytes: Uint8Array, start: number, end: number): number {
    const pair = left * 2 ** 20 + right;
    const slot = (Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)) >>> pairShift;
    if (this.#askedPairs[slot] === pair) return this.#answers[slot] as number;
    this.#askedPairs[slot] = pair;
    return (this.#answers[slot] = this.#vocabulary.find(bytes, start, end));
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

const pairSlots = 2 ** 16;
const pairShift = 32 - 16;
