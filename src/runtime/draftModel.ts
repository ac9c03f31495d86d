import type { LlamaModel, Token } from 'node-llama-cpp';
import { LlmError } from '../core/errors.ts';
import type { Session } from './engine.ts';
import { Sampler } from './native.ts';
import type { Guesser } from './speculation.ts';

/** A guess that takes longer has hung: the answer goes on without. */
const guessMs = 5_000;

/** Has a smaller model guess what comes next. It reads what the large one has said, and is asked for its likeliest tokens. */
export class DraftModel implements Guesser {
  readonly #session: Session;
  #greedy: Sampler | undefined;
  readonly #signal: AbortSignal;
  /** The whole text. */
  readonly #text: Token[] = [];
  /** What the small model has evaluated: a beginning of the text, and then perhaps guesses that were wrong. */
  #read: Token[] = [];
  /** Whether it did not answer in time once, and is left alone since. */
  #hasHung = false;

  /**
   * @param session of the small model, which belongs to this from now on.
   * @throws LlmError `bad-request` where the models do not have the same tokens.
   */
  constructor(session: Session, model: LlamaModel, signal: AbortSignal) {
    const [large, small] = [model, session.model].map(tokensOf);
    if (large?.length !== small?.length || large?.some((name, id) => name !== small?.[id])) {
      throw new LlmError(
        'bad-request',
        'The model for "speculative" has other tokens than the one that answers. Name a smaller model of the same family, or leave the option out.',
      );
    }
    this.#session = session;
    this.#signal = signal;
  }

  add(tokens: readonly Token[]): void {
    this.#text.push(...tokens);
  }

  async guess(count: number): Promise<readonly Token[]> {
    if (this.#hasHung) return [];
    const timeout = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => timeout.resolve(undefined), guessMs);
    try {
      const guessed = await Promise.race([this.#guess(count), timeout.promise]);
      this.#hasHung = guessed === undefined;
      return guessed ?? [];
    } finally {
      clearTimeout(timer);
    }
  }

  dispose(): void {
    this.#greedy?.dispose();
    this.#session.release();
  }

  async #guess(count: number): Promise<readonly Token[]> {
    const { lane } = this.#session;
    const room = Math.min(count, lane.contextSize - this.#text.length - 1);
    const last = this.#text.at(-1);
    if (last === undefined || room <= 0) return [];
    await this.#catchUp();
    const greedy = (this.#greedy ??= new Sampler(lane.sequence, { temperature: 0 }));
    const guessed: Token[] = [];
    for (let next = last; guessed.length < room;) {
      const token = await lane.sampleAfter(next, (place) => greedy.choose(place));
      this.#read.push(next);
      guessed.push(token);
      next = token;
    }
    return guessed;
  }

  /** Reads the text but for its last token, and forgets what it had guessed wrong. */
  async #catchUp(): Promise<void> {
    const { lane } = this.#session;
    const wanted = this.#text.slice(0, -1);
    if (this.#read.length === 0) {
      const known = await lane.begin(wanted, this.#signal);
      await lane.read(wanted.slice(known), this.#signal);
    } else {
      const wrong = this.#read.findIndex((token, place) => token !== wanted[place]);
      const right = wrong < 0 ? this.#read.length : wrong;
      await lane.rewind(right);
      await lane.read(wanted.slice(right), this.#signal);
    }
    this.#read = wanted;
  }
}

function tokensOf({ fileInfo }: LlamaModel): readonly string[] {
  return fileInfo.metadata.tokenizer.ggml.tokens;
}
