import type { MergeRules } from './mergeRules.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * SentencePiece as llama.cpp runs it: two neighbours join when their text together is a token, and the token
 * with the highest score goes first. Characters without a token become their bytes.
 * Source: `llm_tokenizer_spm_session` in llama.cpp's src/llama-vocab.cpp, read 2026-11-23.
 */
export class ScoreRules implements MergeRules {
  readonly symbols = 'characters';
  readonly #vocabulary: Vocabulary;
  /** By id: how many different scores are higher. */
  readonly #priorities: Int32Array;
  readonly #byteIds: Int32Array;

  /** @param scores by id; absent means that all are equal. */
  constructor(vocabulary: Vocabulary, scores: Float32Array | undefined) {
    this.#vocabulary = vocabulary;
    this.#priorities = ranking(scores ?? new Float32Array(vocabulary.size));
    this.#byteIds = Int32Array.from({ length: 256 }, (_, byte) => {
      const name = utf8.encode(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
      const id = vocabulary.find(name, 0, name.length);
      return id >= 0 ? id : vocabulary.find(Uint8Array.of(byte), 0, 1);
    });
  }

  symbol(bytes: Uint8Array, start: number, end: number): number {
    return this.#vocabulary.find(bytes, start, end);
  }

  join(_left: number, _right: number, bytes: Uint8Array, start: number, end: number): number {
    return this.#vocabulary.find(bytes, start, end);
  }

  priorityOf(merge: number): number {
    return this.#priorities[merge] as number;
  }

  resultOf(merge: number): number {
    return merge;
  }

  spell(_id: number, bytes: Uint8Array, start: number, end: number): readonly number[] {
    return Array.from(bytes.subarray(start, end), (byte) => this.#byteIds[byte] as number).filter(
      (id) => id >= 0,
    );
  }
}

function ranking(scores: Float32Array): Int32Array {
  const highestFirst = [...new Set(scores)].sort((a, b) => b - a);
  const ranks = new Map(highestFirst.map((score, rank) => [score, rank]));
  return Int32Array.from(scores, (score) => ranks.get(score) ?? highestFirst.length);
}

const utf8 = new TextEncoder();
