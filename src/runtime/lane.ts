import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { cancelledError } from '../core/errors.ts';
import type { Gate } from './gate.ts';
import { evaluateThenSample, type Place } from './native.ts';
import type { Seat } from './seat.ts';
import { unlessAborted } from './turns.ts';

export interface LaneOptions {
  readonly gate: Gate;
  /** How many tokens the lane holds. */
  readonly contextSize: number;
  readonly take: (tokens: readonly Token[]) => Seat;
  /** Another seat whose lane holds, or will soon hold, much more of the beginning of `tokens` than `seat` does. */
  readonly donorFor: (seat: Seat, tokens: readonly Token[]) => Seat | undefined;
  readonly leave: (seat: Seat | undefined) => void;
  /** Whether no other lane is at work on the context. */
  readonly isAlone: () => boolean;
}

/** One call's way through a model. Lanes on one window are evaluated together, and know nothing of each other. */
export class Lane {
  readonly contextSize: number;
  readonly #gate: Gate;
  readonly #take: LaneOptions['take'];
  readonly #donorFor: LaneOptions['donorFor'];
  readonly #leave: LaneOptions['leave'];
  readonly #isAlone: LaneOptions['isAlone'];
  #seat: Seat | undefined;
  #endReading: (() => void) | undefined;
  #hasLeft = false;

  constructor({ gate, contextSize, take, donorFor, leave, isAlone }: LaneOptions) {
    this.#gate = gate;
    this.contextSize = contextSize;
    this.#take = take;
    this.#donorFor = donorFor;
    this.#leave = leave;
    this.#isAlone = isAlone;
  }

  /** The lane's sequence now; it can be another after any wait. */
  get sequence(): LlamaContextSequence {
    return this.#takenSeat.sequence;
  }

  /**
   * Begins with what a sequence has evaluated already, as far as it is the beginning of `tokens` too. Where another lane
   * is about to read the same beginning, it waits for that and takes a copy. Once, before everything else.
   * @returns how many tokens that is.
   * @throws LlmError `cancelled`.
   */
  async begin(tokens: readonly Token[], signal: AbortSignal): Promise<number> {
    const seat = this.#take(tokens);
    this.#seat = seat;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const donor = this.#donorFor(seat, tokens);
    seat.reads = tokens;
    seat.hasRead = promise;
    this.#endReading = () => resolve(undefined);
    if (donor) {
      await unlessAborted(donor.hasRead, signal);
      await this.#gate.shutFor(async () => {
        const common = donor.commonBeginning(tokens);
        if (common > seat.commonBeginning(tokens)) await donor.forkTo(seat.sequence, common);
      });
    }
    // Other lanes have to hold, for the engine takes tokens out of a context only between two batches.
    if (this.#seat.commonBeginning(tokens) < this.sequence.nextTokenIndex)
      await this.#gate.shutFor(() => this.sequence.adaptStateToTokens([...tokens], false));
    return this.sequence.nextTokenIndex;
  }

  /** Evaluates `tokens` and gives nothing back. @throws LlmError `cancelled` within one piece of them. */
  async read(tokens: readonly Token[], signal: AbortSignal): Promise<void> {
    try {
      await this.#read(tokens, signal);
    } finally {
      this.#endReading?.();
    }
  }

  async #read(tokens: readonly Token[], signal: AbortSignal): Promise<void> {
    for (let start = 0; start < tokens.length; start += pieceTokens) {
      if (signal.aborted) throw cancelledError();
      const piece = tokens.slice(start, start + pieceTokens);
      await this.#gate.pass(() =>
        this.sequence.evaluateWithoutGeneratingNewTokens(piece, {
          evaluationPriority: this.#takenSeat.priority,
        }),
      );
    }
  }

  /** Evaluates `token` and gives what `sample` makes of the distribution after it. */
  async sampleAfter<Result>(token: Token, sample: (place: Place) => Promise<Result>): Promise<Result> {
    return this.#gate.pass(async () => {
      const [result] = await evaluateThenSample(this.sequence, [token], this.#takenSeat.priority, sample);
      return result as Result;
    });
  }

  /**
   * Evaluates `tokens` and gives what `sample` makes of the distribution after each. Other lanes hold meanwhile, for the
   * rows of several lanes cannot be told apart in a batch.
   * @throws LlmError `cancelled` within one piece of them.
   */
  async sampleAfterEach<Result>(
    tokens: readonly Token[],
    sample: (place: Place, index: number) => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result[]> {
    const results: Result[] = [];
    for (let start = 0; start < tokens.length; start += sampledTokens) {
      if (signal.aborted) throw cancelledError();
      const piece = tokens.slice(start, start + sampledTokens);
      const sampled = await this.#gate.shutFor(() =>
        evaluateThenSample(this.sequence, piece, this.#takenSeat.priority, (place, index) =>
          sample(place, start + index),
        ),
      );
      results.push(...sampled);
    }
    return results;
  }

  /**
   * Whether guesses can be checked now: beside other lanes all of them advance at the price of one anyway, and some
   * architectures cannot forget what was wrong.
   */
  get takesGuesses(): boolean {
    return this.#isAlone() && !this.sequence.needsCheckpoints;
  }

  /**
   * Evaluates `token` with what it is guessed to be followed by, and samples after each as long as the guesses are right.
   * What was wrong is forgotten.
   * @param isGuess whether a sample is the token that was guessed.
   * @returns the samples: one for each guess that was right, and the one that follows.
   */
  async sampleGuessed<Result>(
    token: Token,
    guesses: readonly Token[],
    sample: (place: Place) => Promise<Result>,
    isGuess: (result: Result, guess: Token) => boolean,
  ): Promise<Result[]> {
    return this.#gate.shutFor(async () => {
      const results: Result[] = [];
      let isRight = true;
      // One after the other: what is sampled depends on what was sampled before.
      let before = Promise.resolve();
      const tokens = [token, ...guesses];
      await evaluateThenSample(this.sequence, tokens, this.#takenSeat.priority, (place, index) => {
        before = before.then(async () => {
          if (!isRight) return;
          const result = await sample(place);
          results.push(result);
          const guess = guesses[index];
          isRight = guess !== undefined && isGuess(result, guess);
        });
        return before;
      });
      const wrong = tokens.length - results.length;
      if (wrong > 0) await this.#forgetFrom(this.sequence.nextTokenIndex - wrong);
      return results;
    });
  }

  /** Forgets all that was evaluated from a place on. */
  async rewind(place: number): Promise<void> {
    if (place < this.sequence.nextTokenIndex) await this.#gate.shutFor(() => this.#forgetFrom(place));
  }

  async #forgetFrom(place: number): Promise<void> {
    await this.sequence.eraseContextTokenRanges([{ start: place, end: this.sequence.nextTokenIndex }]);
  }

  /** Frees the sequence for others; it keeps what it holds. May be called twice. */
  release(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#endReading?.();
    this.#leave(this.#seat);
  }

  get #takenSeat(): Seat {
    if (!this.#seat) throw new Error('the lane has not begun');
    return this.#seat;
  }
}

/** How many tokens of a prompt are evaluated between two looks at the abort signal. */
const pieceTokens = 128;

/** Each takes a row of the vocabulary's size in memory: at 150,000 tokens these are 20 MB. */
const sampledTokens = 32;
