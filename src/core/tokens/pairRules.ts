import { bytesFromAlphabet, isVisibleAscii } from './byteAlphabet.ts';
import type { MergeRules } from './mergeRules.ts';
import { textBytes, textCount, type TextList } from './textList.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * The rules of byte-level BPE as Hugging Face and GGUF store it: a list of pairs that may join, most urgent
 * first. A merge is the index of a pair.
 * Source: `llm_tokenizer_bpe_session` in llama.cpp's src/llama-vocab.cpp, read 2026-11-23.
 */
export class PairRules implements MergeRules {
  readonly symbols = 'bytes';
  readonly #vocabulary: Vocabulary;
  readonly #byteIds: Int32Array;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #result: Int32Array;
  /** An open hash table of merge + 1 by left and right. */
  readonly #slots: Int32Array;
  /** What pairs are made of but the vocabulary lacks; numbered from its size on. Empty in a sound file. */
  readonly #missing = new Map<string, number>();

  /**
   * @param vocabulary by raw bytes.
   * @param merges `left right` in GPT-2's alphabet.
   */
  constructor(vocabulary: Vocabulary, merges: TextList) {
    this.#vocabulary = vocabulary;
    const count = textCount(merges);
    this.#left = new Int32Array(count);
    this.#right = new Int32Array(count);
    this.#result = new Int32Array(count);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(count * 2 + 1)));
    this.#byteIds = Int32Array.from({ length: 256 }, (_, byte) => this.#idOf(Uint8Array.of(byte)));
    for (let merge = 0; merge < count; merge++) this.#add(merge, textBytes(merges, merge));
  }

  symbol(bytes: Uint8Array, start: number): number {
    return this.#byteIds[bytes[start] as number] as number;
  }

  join(left: number, right: number): number {
    const merge = (this.#slots[this.#slotOf(left, right)] as number) - 1;
    return merge;
  }

  priorityOf(merge: number): number {
    return merge;
  }

  resultOf(merge: number): number {
    return this.#result[merge] as number;
  }

  /**
   * llama.cpp looks such a text up byte by byte, of what the alphabet writes: only visible ASCII is ever
   * found so.
   */
  spell(_id: number, bytes: Uint8Array, start: number, end: number): readonly number[] {
    const ids = Array.from(bytes.subarray(start, end), (byte) =>
      isVisibleAscii(byte) ? (this.#byteIds[byte] as number) : -1,
    );
    return ids.filter((id) => id >= 0 && id < this.#vocabulary.size);
  }

  #add(merge: number, text: Uint8Array): void {
    const blank = text.indexOf(0x20, 1);
    const left = blank < 0 ? undefined : bytesFromAlphabet(text.subarray(0, blank));
    const right = blank < 0 ? undefined : bytesFromAlphabet(text.subarray(blank + 1));
    // Symbols are in the alphabet, so a pair that is not can never come up.
    if (!left || !right) return;
    const leftId = this.#idOf(left);
    const rightId = this.#idOf(right);
    const slot = this.#slotOf(leftId, rightId);
    // Of two equal pairs the first holds.
    if (this.#slots[slot] !== 0) return;
    this.#left[merge] = leftId;
    this.#right[merge] = rightId;
    this.#result[merge] = this.#idOf(Uint8Array.of(...left, ...right));
    this.#slots[slot] = merge + 1;
  }

  /** The slot that holds the pair, or the free one where it would be. */
  #slotOf(left: number, right: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const merge = (this.#slots[slot] as number) - 1;
      if (merge < 0 || (this.#left[merge] === left && this.#right[merge] === right)) return slot;
    }
  }

  #idOf(bytes: Uint8Array): number {
    const id = this.#vocabulary.find(bytes, 0, bytes.length);
    if (id >= 0) return id;
    const key = bytes.join();
    const known = this.#missing.get(key);
    if (known !== undefined) return known;
    const made = this.#vocabulary.size + this.#missing.size;
    this.#missing.set(key, made);
    return made;
  }
}
