/**
 * The tokens of a tokenizer, as bytes by id and as ids by bytes. One block of memory holds all bytes and one
 * open hash table all ids: a `Map` keyed by strings takes ten times the memory and twenty times as long to
 * fill.
 */
export class Vocabulary {
  /** One more than the highest id. */
  readonly size: number;
  readonly #bytes: Uint8Array;
  /** Token `id` is `#bytes` from `#starts[id]` to `#starts[id + 1]`. */
  readonly #starts: Uint32Array;
  /**
   * In a slot: 12 bits of the hash, then 20 bits of id + 1; 0 is free. Most misses end at the bits of the
   * hash.
   */
  readonly #slots: Uint32Array;
  readonly #mask: number;

  /**
   * @param bytes the tokens' bytes, in order of their ids, without gaps.
   * @param starts where each token starts, and last where the last one ends. A token without bytes has no
   *   place in the table: it is an id that nothing encodes to.
   */
  constructor(bytes: Uint8Array, starts: Uint32Array) {
    this.size = starts.length - 1;
    if (this.size > maxVocabularySize)
      throw new RangeError(`${this.size} tokens are more than ${maxVocabularySize}.`);
    this.#bytes = bytes;
    this.#starts = starts;
    const slotCount = 2 ** Math.ceil(Math.log2(this.size * 2 + 1));
    this.#mask = slotCount - 1;
    this.#slots = new Uint32Array(slotCount);
    for (let id = 0; id < this.size; id++) {
      const start = starts[id] as number;
      const end = starts[id + 1] as number;
      if (end > start) this.#insert(id, start, end);
    }
  }

  /** The id of the token that is `bytes` from `start` to `end`, or -1. `hash` is their {@link hashOf}. */
  find(bytes: Uint8Array, start: number, end: number, hash = hashOf(bytes, start, end)): number {
    const fingerprint = hash & fingerprintBits;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const entry = this.#slots[slot] as number;
      if (entry === 0) return -1;
      if ((entry & fingerprintBits) !== fingerprint) continue;
      const id = (entry & idBits) - 1;
      if (this.#equals(id, bytes, start, end)) return id;
    }
  }

  /**
   * The bytes of a token; empty for an id that nothing encodes to or that does not exist. A view, not to be
   * written.
   */
  bytesOf(id: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[id] ?? 0, this.#starts[id + 1] ?? 0);
  }

  /** Of two equal tokens the first stays: no vocabulary in use has any. */
  #insert(id: number, start: number, end: number): void {
    const hash = hashOf(this.#bytes, start, end);
    let slot = hash & this.#mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = (hash & fingerprintBits) | (id + 1);
  }

  #equals(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    let at = this.#starts[id] as number;
    if ((this.#starts[id + 1] as number) - at !== end - start) return false;
    while (start < end) if (this.#bytes[at++] !== bytes[start++]) return false;
    return true;
  }
}

/** Larger than every published vocabulary (the largest have 262,144 tokens), and what fits in a slot. */
export const maxVocabularySize = 2 ** 20 - 2;

const idBits = 0x000f_ffff;
const fingerprintBits = ~idBits;

/** FNV-1a with a final mix, so that low and high bits can be used apart. A signed 32-bit integer. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
