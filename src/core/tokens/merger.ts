import { lengthOf } from './characterClass.ts';
import type { MergeRules } from './mergeRules.ts';
import { MinHeap } from './minHeap.ts';

/**
 * Merges one piece of text into tokens, in time linear in its length. The result stays in {@link ids} and
 * {@link ends} until the next run, so that counting allocates nothing.
 */
export class Merger {
  /** The tokens of the last run; one may lie outside the vocabulary, see {@link MergeRules.spell}. */
  ids = new Int32Array(256);
  /** Where each token of the last run ends in its bytes. */
  ends = new Int32Array(256);
  readonly #rules: MergeRules;
  readonly #queue = new MinHeap();
  // The parts of what is being merged, as a linked list; a part keeps the index of its first symbol.
  #begin = new Int32Array(257);
  #id = new Int32Array(256);
  #next = new Int32Array(256);
  #previous = new Int32Array(256);
  /**
   * The merge of a part with the next one, and its priority; `never` where there is none or the part is gone.
   */
  #merge = new Int32Array(256);
  #priority = new Int32Array(256);

  constructor(rules: MergeRules) {
    this.#rules = rules;
  }

  /**
   * Merges `bytes` from `start` to `end` and says how many tokens came out.
   *
   * A long piece goes through a window that slides from token to token, so that memory is bounded and stays
   * in the processor's cache. That is exact, because a row of tokens is the right one if each two neighbours,
   * merged by themselves, stay apart: merges inside a token do not depend on what is beyond a border that no
   * merge crosses. The last tokens of a window are dropped, for its end is no real one. Where the next window
   * starts with the token that was dropped first, the border between them is one that both windows found;
   * where it does not, which is not known to happen, or a token outgrows the window, the piece is merged as a
   * whole.
   */
  run(bytes: Uint8Array, start: number, end: number): number {
    let count = 0;
    let firstDropped = -1;
    for (let at = start; ; at = this.ends[count - 1] as number) {
      const windowEnd = end - at <= windowBytes ? end : characterStart(bytes, at + windowBytes);
      const first = count;
      count = this.#mergeWhole(bytes, at, windowEnd, first);
      if (first > 0 && this.ends[first] !== firstDropped) break;
      if (windowEnd === end) return count;
      while (count > first && (this.ends[count - 1] as number) > windowEnd - overlapBytes) count--;
      if (count === first) break;
      firstDropped = this.ends[count] as number;
    }
    return this.#mergeWhole(bytes, start, end, 0);
  }

  /**
   * Merges without a window, writes the tokens from index `output` on and returns the index after the last
   * one.
   */
  #mergeWhole(bytes: Uint8Array, start: number, end: number, output: number): number {
    const count = this.#seed(bytes, start, end);
    // A scan beats the queue on few parts, and most pieces have few.
    if (count <= 32) this.#mergeByScanning(bytes, count);
    else this.#mergeByQueue(bytes, count);

    for (let part = 0; part < count; part = this.#next[part] as number) {
      if (output === this.ids.length) {
        this.ids = doubled(this.ids);
        this.ends = doubled(this.ends);
      }
      this.ids[output] = this.#id[part] as number;
      this.ends[output++] = this.#begin[this.#next[part] as number] as number;
    }
    return output;
  }

  /** Takes the text apart into symbols and finds the merge of each with the next. */
  #seed(bytes: Uint8Array, start: number, end: number): number {
    const areBytes = this.#rules.symbols === 'bytes';
    let count = 0;
    for (let at = start; at < end; count++) {
      if (count === this.#id.length) this.#grow();
      const after = areBytes ? at + 1 : at + lengthOf(bytes[at] as number);
      this.#begin[count] = at;
      this.#id[count] = this.#rules.symbol(bytes, at, after);
      this.#next[count] = count + 1;
      this.#previous[count] = count - 1;
      at = after;
    }
    this.#begin[count] = end;
    for (let part = 0; part < count; part++) this.#ask(bytes, part, count);
    return count;
  }

  #mergeByScanning(bytes: Uint8Array, count: number): void {
    for (;;) {
      let best = -1;
      let bestPriority = never;
      for (let part = 0; part < count; part = this.#next[part] as number) {
        const priority = this.#priority[part] as number;
        if (priority >= bestPriority) continue;
        best = part;
        bestPriority = priority;
      }
      if (best < 0) return;
      this.#join(bytes, best, count);
    }
  }

  /**
   * An item of the queue is priority × 2³² + part. One whose part has another priority by now is out of date.
   */
  #mergeByQueue(bytes: Uint8Array, count: number): void {
    for (let part = 0; part < count; part++) this.#enqueue(part);
    for (let item = this.#queue.pop(); item >= 0; item = this.#queue.pop()) {
      const part = item % 2 ** 32;
      if (this.#priority[part] !== (item - part) / 2 ** 32) continue;
      this.#join(bytes, part, count);
      this.#enqueue(part);
      if (part > 0) this.#enqueue(this.#previous[part] as number);
    }
  }

  #enqueue(part: number): void {
    const priority = this.#priority[part] as number;
    if (priority !== never) this.#queue.push(priority * 2 ** 32 + part);
  }

  /** Joins a part with the next one. */
  #join(bytes: Uint8Array, part: number, count: number): void {
    const gone = this.#next[part] as number;
    const after = this.#next[gone] as number;
    this.#id[part] = this.#rules.resultOf(this.#merge[part] as number);
    this.#next[part] = after;
    this.#priority[gone] = never;
    if (after < count) this.#previous[after] = part;
    this.#ask(bytes, part, count);
    if (part > 0) this.#ask(bytes, this.#previous[part] as number, count);
  }

  /** Finds the merge of a part with the next one. */
  #ask(bytes: Uint8Array, part: number, count: number): void {
    const next = this.#next[part] as number;
    this.#priority[part] = never;
    if (next === count) return;
    const start = this.#begin[part] as number;
    const end = this.#begin[this.#next[next] as number] as number;
    const merge = this.#rules.join(this.#id[part] as number, this.#id[next] as number, bytes, start, end);
    if (merge < 0) return;
    this.#merge[part] = merge;
    this.#priority[part] = this.#rules.priorityOf(merge);
  }

  #grow(): void {
    this.#begin = doubled(this.#begin);
    this.#id = doubled(this.#id);
    this.#next = doubled(this.#next);
    this.#previous = doubled(this.#previous);
    this.#merge = doubled(this.#merge);
    this.#priority = doubled(this.#priority);
  }
}

const windowBytes = 32_768;

/** Much longer than any token in use, the longest of which are 128 blanks. */
const overlapBytes = 1024;

const never = 0x7fff_ffff;

/** The start of the character that `at` lies in. */
function characterStart(bytes: Uint8Array, at: number): number {
  while (((bytes[at] as number) & 0xc0) === 0x80) at--;
  return at;
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
