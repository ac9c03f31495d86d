import type { AddedTokens } from './addedTokens.ts';
import { nextCut, type CutTest } from './cuts.ts';
import { PieceCoder, type CodingRules } from './pieceCoder.ts';
import type { MergeRules } from './mergeRules.ts';
import { TokenListBuilder, type TokenList } from './tokenList.ts';

/** What an {@link Encoding} is made of. */
export interface EncodingParts extends CodingRules {
  readonly isCut: CutTest;
  /** Absent where the vocabulary has none. */
  readonly addedTokens?: AddedTokens;
  /**
   * SentencePiece: every blank becomes `▁`, and `prefix` puts one more in front of the text and behind added
   * tokens. Absent: blanks stay blanks.
   */
  readonly markBlanks?: { readonly prefix: boolean };
  /**
   * What a token stands for where that is not what the vocabulary has; absent, or `undefined` for an id: it
   * is.
   */
  readonly bytesOf?: (id: number) => Uint8Array | undefined;
}

/** A stretch of text in which only plain text is, in UTF-8. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** The token that the piece is without merging, or -1. */
  readonly whole: number;
}

/**
 * Turns text into a model's tokens. All of the text is plain text: `<|endoftext|>` in it is seven tokens or
 * so, never the one that ends a text. Lone surrogates count as U+FFFD, which is what is sent for them.
 */
export class Encoding {
  readonly rules: MergeRules;
  readonly isCut: CutTest;
  readonly #parts: EncodingParts;
  readonly #coder: PieceCoder;
  /** The UTF-8 of what is being encoded. */
  #bytes = new Uint8Array(4096);

  constructor(parts: EncodingParts) {
    this.rules = parts.rules;
    this.isCut = parts.isCut;
    this.#parts = parts;
    this.#coder = new PieceCoder(parts);
  }

  /** How many tokens `text` has. */
  count(text: string): number {
    return this.#countUpTo(text, Infinity, 65_536);
  }

  /**
   * How many tokens `text` has when they are at most `limit`, or `undefined` when there are more; then most
   * of a long text is not looked at.
   */
  countWithin(text: string, limit: number): number | undefined {
    const count = this.#countUpTo(text, limit, 4096);
    return count <= limit ? count : undefined;
  }

  /** The tokens of `text` with the place of each; the first `limit` of them, at least 0, where there are more. */
  encode(text: string, limit = Infinity): TokenList {
    const tokens = new TokenListBuilder();
    for (let at = 0; at < text.length && tokens.count < limit;) {
      const end = nextCut(text, at + 65_536, this.isCut);
      this.#eachSegment(text.slice(at, end), at === 0, (segment, isStart) => {
        if (typeof segment === 'number')
          tokens.add(segment, this.#parts.addedTokens?.textOf(segment).length ?? 0);
        else this.#encodePlain(segment, isStart, tokens);
      });
      at = end;
    }
    return tokens.list(limit);
  }

  /**
   * The bytes that a token stands for, the name of one that only programs write; empty where there is no such
   * id. Not to be written.
   */
  bytesOf(id: number): Uint8Array {
    return this.#parts.bytesOf?.(id) ?? this.#parts.vocabulary.bytesOf(id);
  }

  /**
   * The pieces that `text` is split into before it is merged; added tokens are left out. `isStart` when nothing
   * is before it.
   */
  pieces(text: string, isStart: boolean): Piece[] {
    const pieces: Piece[] = [];
    this.#eachSegment(text, isStart, (segment, isSegmentStart) => {
      if (typeof segment === 'number') return;
      this.#coder.eachPiece(this.#bytes, 0, this.#load(segment, isSegmentStart), (start, end) => {
        pieces.push({
          bytes: this.#bytes.slice(start, end),
          whole: this.#coder.wholeToken(this.#bytes, start, end),
        });
      });
    });
    return pieces;
  }

  /** How many tokens a part of a text has that lies between cuts; `isStart` when nothing is before it. */
  countPart(text: string, isStart: boolean): number {
    if (text === '') return 0;
    let count = 0;
    this.#eachSegment(text, isStart, (segment, isSegmentStart) => {
      if (typeof segment === 'number') {
        count++;
      } else {
        const end = this.#load(segment, isSegmentStart);
        count += this.#coder.count(this.#bytes, 0, end);
      }
    });
    return count;
  }

  #countUpTo(text: string, limit: number, step: number): number {
    let count = 0;
    for (let at = 0; at < text.length && count <= limit;) {
      const end = nextCut(text, at + step, this.isCut);
      count += this.countPart(text.slice(at, end), at === 0);
      at = end;
    }
    return count;
  }

  #encodePlain(text: string, isStart: boolean, tokens: TokenListBuilder): void {
    const end = this.#load(text, isStart);
    tokens.startText(this.#bytes, isStart && this.#parts.markBlanks?.prefix === true);
    this.#coder.eachToken(this.#bytes, 0, end, (id, tokenEnd) => tokens.addUpTo(id, tokenEnd));
    tokens.endText(end);
  }

  /** Calls back with the stretches of plain text and the ids of added tokens between them. */
  #eachSegment(
    text: string,
    isStart: boolean,
    visit: (segment: string | number, isStart: boolean) => void,
  ): void {
    if (!this.#parts.addedTokens) {
      visit(text, isStart);
      return;
    }
    for (const segment of this.#parts.addedTokens.split(text)) {
      visit(segment, isStart);
      isStart = typeof segment === 'number';
    }
  }

  /** Puts the UTF-8 of `text`, with its blanks marked, into `#bytes` and says where it ends. */
  #load(text: string, isStart: boolean): number {
    const { markBlanks } = this.#parts;
    const marked = markBlanks ? (isStart && markBlanks.prefix ? '▁' : '') + text.replaceAll(' ', '▁') : text;
    if (this.#bytes.length < marked.length * 3) this.#bytes = new Uint8Array(marked.length * 4);
    return utf8.encodeInto(marked, this.#bytes).written;
  }
}

const utf8 = new TextEncoder();
