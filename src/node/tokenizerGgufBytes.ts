import { readSync } from 'node:fs';

/** What is wrong with a file, as the end of a sentence that starts with its name. */
export class Damage extends Error {}

/**
 * Reads numbers and texts from the start of an open file, through a buffer of 64 KiB, and never past its end.
 */
export class GgufBytes {
  readonly #file: number;
  readonly #size: number;
  readonly #buffer = Buffer.alloc(65_536);
  /** What of the file lies in the buffer. */
  #bufferStart = 0;
  #bufferEnd = 0;
  #at = 0;

  /** @param size of the file, in bytes. */
  constructor(file: number, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** How many bytes of the file have not been read. */
  get left(): number {
    return this.#size - this.#at;
  }

  /**
   * Reads a length, and makes sure that as many items of `itemBytes` bytes, at least 1, can follow: nothing
   * is allocated for a length that the file cannot hold.
   */
  length(what: string, itemBytes: number): number {
    const length = this.view(8).getBigUint64(0, true);
    if (length * BigInt(itemBytes) > BigInt(this.#size - this.#at)) {
      throw new Damage(`is damaged or cut off: it claims ${length} ${what}, more than it can hold`);
    }
    return Number(length);
  }

  uint32(): number {
    return this.view(4).getUint32(0, true);
  }

  /** UTF-8 behind its length. */
  string(what: string, longest: number): string {
    const length = this.length(`bytes of ${what}`, 1);
    if (length > longest) throw new Damage(`is damaged: ${what} takes ${length} bytes`);
    const bytes = Buffer.alloc(length);
    this.read(bytes);
    return bytes.toString('utf8');
  }

  /** The next `count` bytes, at most 8; the view is good until the next call. */
  view(count: number): DataView {
    if (this.#at + count > this.#bufferEnd || this.#at < this.#bufferStart) this.#fill(count);
    const offset = this.#buffer.byteOffset + this.#at - this.#bufferStart;
    this.#at += count;
    return new DataView(this.#buffer.buffer, offset, count);
  }

  /** Fills `target` with the next bytes. */
  read(target: Uint8Array): void {
    for (let filled = 0; filled < target.length;) {
      if (this.#at >= this.#bufferEnd || this.#at < this.#bufferStart) this.#fill(1);
      const from = this.#at - this.#bufferStart;
      const count = Math.min(target.length - filled, this.#bufferEnd - this.#at);
      target.set(this.#buffer.subarray(from, from + count), filled);
      filled += count;
      this.#at += count;
    }
  }

  skip(count: number): void {
    if (this.#at + count > this.#size) throw cutOff();
    this.#at += count;
  }

  #fill(needed: number): void {
    this.#bufferStart = this.#at;
    this.#bufferEnd = this.#at;
    while (this.#bufferEnd < this.#at + needed) {
      const offset = this.#bufferEnd - this.#bufferStart;
      const count = readSync(this.#file, this.#buffer, offset, this.#buffer.length - offset, this.#bufferEnd);
      if (count === 0) throw cutOff();
      this.#bufferEnd += count;
    }
  }
}

function cutOff(): Damage {
  return new Damage('is cut off: it ends in the middle of its header');
}
