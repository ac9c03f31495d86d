import type { ErrorData } from '../core/errors.ts';
import type { TextEdit } from '../core/tokens/editableCount.ts';
import type { EncodingName } from '../core/tokens/encodings.ts';
import type { MergeState } from '../core/tokens/mergeSteps.ts';

/** A tokenizer: one of OpenAI's encodings, or the one in a local model's file, by its path. */
export type TokenizerSource = EncodingName | { readonly gguf: string };

/** Tokens of a text with everything that an inspector shows of them. */
export interface TokenizedText {
  readonly ids: Int32Array;
  /** The UTF-16 offset where each token ends; see `TokenList`. */
  readonly ends: Int32Array;
  /** The bytes of all tokens, one after the other. */
  readonly bytes: Uint8Array;
  /** Where the bytes of each token end. */
  readonly byteEnds: Int32Array;
}

/** A stretch of a text. */
export interface TextPiece {
  readonly text: string;
  /** Whether the text ends with it. */
  readonly isLast: boolean;
}

/**
 * What the worker is asked. `job` is the asker's number for it; the answer carries the same. A job asks again
 * only when it has its answer, so that no job fills the worker's queue.
 */
export type TokenizerRequest = { readonly job: number } & (
  | {
      /** The next pieces of the texts to be counted, in order. */
      readonly type: 'count';
      readonly tokenizer: TokenizerSource;
      readonly pieces: readonly TextPiece[];
    }
  | {
      readonly type: 'encode';
      readonly tokenizer: TokenizerSource;
      readonly text: string;
      /** The most tokens that are answered. */
      readonly limit: number;
    }
  | {
      readonly type: 'steps';
      readonly tokenizer: TokenizerSource;
      readonly word: string;
      readonly isStart: boolean;
    }
  /** Keeps a text open, which is empty at first. */
  | { readonly type: 'open'; readonly tokenizer: TokenizerSource }
  /** Changes the text that the job keeps open. */
  | { readonly type: 'edit'; readonly edits: readonly TextEdit[] }
  /** The job is over. Not answered. */
  | { readonly type: 'forget' }
);

export type TokenizerAnswer = { readonly job: number } & (
  | {
      /** The counts of the texts that ended in the pieces. */
      readonly type: 'counted';
      readonly counts: readonly number[];
      /** What the text behind them, which goes on, has at least; 0 when none does. */
      readonly unfinished: number;
    }
  | { readonly type: 'encoded'; readonly tokens: TokenizedText }
  | { readonly type: 'stepped'; readonly states: readonly MergeState[] }
  | {
      /** The tokens of the whole open text. */
      readonly type: 'edited';
      readonly tokens: number;
    }
  | { readonly type: 'failed'; readonly error: ErrorData }
);
