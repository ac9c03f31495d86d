/**
 * Remembers how many tokens a piece has. Text repeats itself, and merging a piece costs ten times as much as
 * finding it here.
 *
 * It has two generations: when the young one is full it becomes the old one, and the one that was old is
 * emptied. What is asked for in the meantime moves along, so what is used stays, the rest goes, and memory is
 * bounded (about 2 MB).
 */
export class PieceCache {
  #young = new Generation();
  #old = new Generation();

  /** The count of the piece, or 0 when it is not known. `hash` is its `hashOf`. */
  get(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const count = this.#young.get(bytes, start, end, hash);
    if (count > 0) return count;
    const oldCount = this.#old.get(bytes, start, end, hash);
    if (oldCount > 0) this.set(bytes, start, end, hash, oldCount);
    return oldCount;
  }

  /** `count` is above 0. The piece is not known yet. Pieces that are too long to come again are not kept. */
  set(bytes: Uint8Array, start: number, end: number, hash: number, count: number): void {
    if (end - start > longestPiece) return;
    if (!this.#young.hasRoomFor(end - start)) {
      [this.#young, this.#old] = [this.#old, this.#young];
      this.#young.clear();
    }
    this.#young.add(bytes, start, end, hash, count);
  }
}

const capacity = 16_384;
const arenaBytes = 512 * 1024;
/** A few of these leave room for the words of a text. */
const longestPiece = arenaBytes / 8;

/** An open hash table of at most {@link capacity} pieces, whose bytes lie one after the other. */
class Generation {
  readonly #slots = new Int32Array(capacity * 2);
  readonly #ends = new Int32Array(capacity + 1);
  readonly #counts = new Int32Array(capacity + 1);
  readonly #arena = new Uint8Array(arenaBytes);
  /** Entries are numbered from 1, because a slot of 0 is free. */
  #size = 0;

  hasRoomFor(length: number): boolean {
    return this.#size < capacity && (this.#ends[this.#size] as number) + length <= arenaBytes;
  }

  get(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] as number;
      if (entry === 0) return 0;
      if (this.#equals(entry, bytes, start, end)) return this.#counts[entry] as number;
    }
  }

  add(bytes: Uint8Array, start: number, end: number, hash: number, count: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    let at = this.#ends[this.#size] as number;
    const entry = ++this.#size;
    this.#slots[slot] = entry;
    this.#counts[entry] = count;
    while (start < end) this.#arena[at++] = bytes[start++] as number;
    this.#ends[entry] = at;
  }

  clear(): void {
    this.#slots.fill(0);
    this.#size = 0;
  }

  #equals(entry: number, bytes: Uint8Array, start: number, end: number): boolean {
    let at = this.#ends[entry - 1] as number;
    if ((this.#ends[entry] as number) - at !== end - start) return false;
    while (start < end) if (this.#arena[at++] !== bytes[start++]) return false;
    return true;
  }
}
