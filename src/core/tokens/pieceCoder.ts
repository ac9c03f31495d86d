import type { MergeRules } from './mergeRules.ts';
import { Merger } from './merger.ts';
import { PieceCache } from './pieceCache.ts';
import type { Splitter } from './splitters.ts';
import { hashOf, type Vocabulary } from './vocabulary.ts';

/** What turns UTF-8 into tokens. */
export interface CodingRules {
  readonly vocabulary: Vocabulary;
  readonly rules: MergeRules;
  /** Each splits further what the ones before it left whole. */
  readonly splitters: readonly Splitter[];
  /** A piece that is a token as a whole is that token, whatever merging would give. */
  readonly takesWholePieces: boolean;
}

/** Splits UTF-8 into pieces and each piece into tokens. */
export class PieceCoder {
  readonly #coding: CodingRules;
  readonly #merger: Merger;
  readonly #cache = new PieceCache();

  constructor(coding: CodingRules) {
    this.#coding = coding;
    this.#merger = new Merger(coding.rules);
  }

  /** How many tokens there are from `at` to `end`. */
  count(bytes: Uint8Array, at: number, end: number, stage = 0): number {
    const split = this.#coding.splitters[stage];
    if (!split) return this.#countPiece(bytes, at, end);
    let count = 0;
    while (at < end) {
      const pieceEnd = split(bytes, at, end);
      count += this.count(bytes, at, pieceEnd, stage + 1);
      at = pieceEnd;
    }
    return count;
  }

  /** Visits the pieces from `at` to `end`, in order. */
  eachPiece(
    bytes: Uint8Array,
    at: number,
    end: number,
    visit: (start: number, end: number) => void,
    stage = 0,
  ): void {
    const split = this.#coding.splitters[stage];
    if (!split) {
      visit(at, end);
      return;
    }
    while (at < end) {
      const pieceEnd = split(bytes, at, end);
      this.eachPiece(bytes, at, pieceEnd, visit, stage + 1);
      at = pieceEnd;
    }
  }

  /** Visits the tokens from `at` to `end`, in order, each with the place where it ends. */
  eachToken(bytes: Uint8Array, at: number, end: number, visit: (id: number, end: number) => void): void {
    this.eachPiece(bytes, at, end, (start, pieceEnd) => {
      const whole = this.wholeToken(bytes, start, pieceEnd);
      if (whole >= 0) visit(whole, pieceEnd);
      else this.#eachMerged(bytes, start, pieceEnd, visit);
    });
  }

  /** The token that a piece is without merging, or -1. */
  wholeToken(bytes: Uint8Array, start: number, end: number, hash?: number): number {
    return this.#coding.takesWholePieces ? this.#coding.vocabulary.find(bytes, start, end, hash) : -1;
  }

  #countPiece(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end);
    if (this.wholeToken(bytes, start, end, hash) >= 0) return 1;
    const known = this.#cache.get(bytes, start, end, hash);
    if (known > 0) return known;
    let count = 0;
    this.#eachMerged(bytes, start, end, () => count++);
    if (count > 0) this.#cache.set(bytes, start, end, hash, count);
    return count;
  }

  #eachMerged(bytes: Uint8Array, start: number, end: number, visit: (id: number, end: number) => void): void {
    const { vocabulary, rules } = this.#coding;
    const merged = this.#merger.run(bytes, start, end);
    for (let index = 0; index < merged; index++) {
      const id = this.#merger.ids[index] as number;
      const partEnd = this.#merger.ends[index] as number;
      if (id >= 0 && id < vocabulary.size) visit(id, partEnd);
      // A spelled token stands for one byte of the part.
      else
        rules.spell(id, bytes, start, partEnd).forEach((spelled, byte) => visit(spelled, start + byte + 1));
      start = partEnd;
    }
  }
}
