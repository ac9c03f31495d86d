/**
 * Tokens and their places in a text. The spans of all tokens, one after the other, are the text.
 *
 * A token can hold a part of a character, and then the character belongs to the token that holds its first
 * byte; the tokens of its other bytes have an empty span right after it.
 */
export interface TokenList {
  readonly ids: Int32Array;
  /**
   * The UTF-16 offset where each token ends, exclusive. Each token starts where the one before it ends, the
   * first at 0.
   */
  readonly ends: Int32Array;
}

/** Makes a {@link TokenList} from tokens that come with their ends in UTF-8. */
export class TokenListBuilder {
  #ids = new Int32Array(256);
  #ends = new Int32Array(256);
  #count = 0;
  /** The UTF-16 offset that belongs to the UTF-8 offset `#at` in `#bytes`. */
  #units = 0;
  #bytes = new Uint8Array(0);
  #at = 0;

  /** Starts a stretch of text. `hasPrefix` when `bytes` start with a `▁` that the text does not have. */
  startText(bytes: Uint8Array<ArrayBuffer>, hasPrefix: boolean): void {
    this.#bytes = bytes;
    this.#at = hasPrefix ? '\u2581'.length * 3 : 0;
  }

  /** Adds a token that ends before the byte `end`. */
  addUpTo(id: number, end: number): void {
    this.#advance(end);
    this.#push(id);
  }

  /** Adds a token that stands for the next `units` UTF-16 code units. */
  add(id: number, units: number): void {
    this.#units += units;
    this.#push(id);
  }

  endText(end: number): void {
    this.#advance(end);
  }

  /** How many tokens were added. */
  get count(): number {
    return this.#count;
  }

  /** The tokens, at most the first `limit`. */
  list(limit: number): TokenList {
    const count = Math.min(this.#count, limit);
    return { ids: this.#ids.slice(0, count), ends: this.#ends.slice(0, count) };
  }

  #advance(end: number): void {
    for (; this.#at < end; this.#at++) {
      const byte = this.#bytes[this.#at] as number;
      if ((byte & 0xc0) !== 0x80) this.#units += byte >= 0xf0 ? 2 : 1;
    }
  }

  #push(id: number): void {
    if (this.#count === this.#ids.length) {
      this.#ids = doubled(this.#ids);
      this.#ends = doubled(this.#ends);
    }
    this.#ids[this.#count] = id;
    this.#ends[this.#count++] = this.#units;
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
