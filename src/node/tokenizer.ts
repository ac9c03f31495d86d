import { Worker } from 'node:worker_threads';
import type { TextEdit } from '../core/tokens/editableCount.ts';
import type { MergeState } from '../core/tokens/mergeSteps.ts';
import { type CountedText, editBatches, textBatches } from './tokenizerBatches.ts';
import type { TokenizedText, TokenizerSource } from './tokenizerProtocol.ts';
import { TokenizerThread, WorkerDied } from './tokenizerThread.ts';

export type { CountedText } from './tokenizerBatches.ts';
export type { TokenizedText, TokenizerSource } from './tokenizerProtocol.ts';

export interface CountRequest {
  readonly texts: readonly CountedText[];
  readonly tokenizer: TokenizerSource;
  /** Told the UTF-16 code units counted so far, and all of them, about every 64 Ki units. */
  readonly onProgress?: (counted: number, total: number) => void;
}

export interface CountWithinRequest {
  readonly text: string;
  readonly tokenizer: TokenizerSource;
  /** The most tokens that are of interest. */
  readonly limit: number;
}

export interface EncodeRequest {
  readonly text: string;
  readonly tokenizer: TokenizerSource;
  /** The most tokens that are given; absent means all. */
  readonly limit?: number;
}

export interface MergeStepsRequest {
  /** At most `longestSteppedWord` bytes. */
  readonly word: string;
  readonly tokenizer: TokenizerSource;
  /** Whether a text starts with the word. */
  readonly isStart: boolean;
}

/** A text that is open in the worker. Dispose of it to free its memory there. */
export interface OpenText extends Disposable {
  /** The tokens of the text as it was opened. */
  readonly tokens: number;

  /**
   * Changes the text and says how many tokens all of it has then. Each edit's offsets are in the text that
   * the one before left. Costs what the edits cost, not what the text costs. An abort closes the text.
   * @throws LlmError `bad-request` for offsets beyond the text, `provider` when it is closed or the worker
   *   died; open it again then.
   */
  edit(edits: readonly TextEdit[], signal: AbortSignal): Promise<number>;
}

/**
 * Counts tokens in a worker thread, which starts at the first call and holds the tables. A call takes the
 * caller's thread less than 2 ms (the first one, which starts the thread, about 3), whatever the length of
 * the text: long texts go over batch by batch.
 *
 * When the worker dies, a call that was under way is made again in a new one, once.
 *
 * All methods throw LlmError: `cancelled` after an abort or after {@link dispose}, `bad-request` for a model
 * file that cannot be counted with, `provider` when the worker died.
 */
export class Tokenizer implements Disposable {
  readonly #thread: TokenizerThread;

  /** @param startWorker lets a test end the worker. */
  constructor(startWorker: () => Worker = startTokenizerWorker) {
    this.#thread = new TokenizerThread(startWorker);
  }

  /** How many tokens each of the texts has, in their order. */
  async count({ texts, tokenizer, onProgress }: CountRequest, signal: AbortSignal): Promise<number[]> {
    const total = texts.reduce((sum, { length }) => sum + length, 0);
    return twice(async () => {
      const job = this.#thread.newJob();
      const counts: number[] = [];
      let counted = 0;
      for (const pieces of textBatches(texts)) {
        const answer = await this.#thread.ask('counted', { type: 'count', job, tokenizer, pieces }, signal);
        counts.push(...answer.counts);
        counted += pieces.reduce((sum, { text }) => sum + text.length, 0);
        onProgress?.(counted, total);
      }
      return counts;
    });
  }

  /**
   * How many tokens the text has when they are at most `limit`, or `undefined` when there are more; then the
   * rest of a long text is neither sent nor counted.
   */
  async countWithin(
    { text, tokenizer, limit }: CountWithinRequest,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    return twice(async () => {
      const job = this.#thread.newJob();
      for (const pieces of textBatches([text])) {
        const request = { type: 'count', job, tokenizer, pieces } as const;
        const { counts, unfinished } = await this.#thread.ask('counted', request, signal);
        const tokens = counts[0] ?? unfinished;
        if (tokens > limit) break;
        if (counts.length > 0) return tokens;
      }
      this.#thread.forget(job);
      return undefined;
    });
  }

  /**
   * The tokens of one text. Without a limit, a text of several megabytes takes the caller's thread longer than
   * said above.
   */
  async encode(
    { text, tokenizer, limit = Infinity }: EncodeRequest,
    signal: AbortSignal,
  ): Promise<TokenizedText> {
    const enough = text.slice(0, limit * longestToken);
    return twice(async () => {
      const job = this.#thread.newJob();
      const request = { type: 'encode', job, tokenizer, text: enough, limit } as const;
      return (await this.#thread.ask('encoded', request, signal)).tokens;
    });
  }

  /**
   * How one word becomes tokens, merge by merge; see `mergeSteps` in core.
   * @throws LlmError also `bad-request` when the word is too long.
   */
  async mergeSteps(request: MergeStepsRequest, signal: AbortSignal): Promise<readonly MergeState[]> {
    return twice(async () => {
      const job = this.#thread.newJob();
      return (await this.#thread.ask('stepped', { type: 'steps', job, ...request }, signal)).states;
    });
  }

  /** Opens a text that will be edited. */
  async open(text: string, tokenizer: TokenizerSource, signal: AbortSignal): Promise<OpenText> {
    return twice(async () => {
      const job = this.#thread.newJob();
      await this.#thread.ask('edited', { type: 'open', job, tokenizer }, signal);
      const edit: OpenText['edit'] = async (edits, editSignal) => {
        let tokens = 0;
        for (const batch of editBatches(edits)) {
          ({ tokens } = await this.#thread.ask('edited', { type: 'edit', job, edits: batch }, editSignal));
        }
        return tokens;
      };
      const tokens = await edit([{ start: 0, end: 0, text }], signal);
      return { tokens, edit, [Symbol.dispose]: () => this.#thread.forget(job) };
    });
  }

  /** Ends the worker. */
  dispose(): void {
    this.#thread.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** In UTF-16 code units: twice what the longest token of OpenAI's encodings has. */
const longestToken = 256;

/** Makes a call, and makes it again when the worker died during it. */
async function twice<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof WorkerDied)) throw error;
    return call();
  }
}

/**
 * The worker lies beside this file, in the sources as in the bundle. Its host's own switches are not for it.
 */
function startTokenizerWorker(): Worker {
  const file = import.meta.url.endsWith('.ts') ? './tokenizerWorker.ts' : './tokenizerWorker.mjs';
  return new Worker(new URL(file, import.meta.url), { name: 'tokenizer', execArgv: [] });
}
