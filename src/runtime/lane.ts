import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { cancelledError } from '../core/errors.ts';
import type { Gate } from './gate.ts';
import { evaluateThenSample, type Place } from './native.ts';
import type { Seat } from './seat.ts';

export interface LaneOptions {
  readonly gate: Gate;
  /** How many tokens the lane holds. */
  readonly contextSize: number;
  readonly take: (tokens: readonly Token[]) => Seat;
  readonly leave: (seat: Seat | undefined) => void;
}

/** One call's way through a model. Lanes on one window are evaluated together, and know nothing of each other. */
export class Lane {
  readonly contextSize: number;
  readonly #gate: Gate;
  readonly #take: LaneOptions['take'];
  readonly #leave: LaneOptions['leave'];
  #seat: Seat | undefined;
  #hasLeft = false;

  constructor({ gate, contextSize, take, leave }: LaneOptions) {
    this.#gate = gate;
    this.contextSize = contextSize;
    this.#take = take;
    this.#leave = leave;
  }

  /** The lane's sequence now; it can be another after any wait. */
  get sequence(): LlamaContextSequence {
    return this.#takenSeat.sequence;
  }

  /**
   * Begins with what a sequence has evaluated already, as far as it is the beginning of `tokens` too. Once, before
   * everything else.
   * @returns how many tokens that is.
   */
  async begin(tokens: readonly Token[]): Promise<number> {
    this.#seat = this.#take(tokens);
    // Other lanes have to hold, for the engine takes tokens out of a context only between two batches.
    if (this.#seat.commonBeginning(tokens) < this.sequence.nextTokenIndex)
      await this.#gate.shutFor(() => this.sequence.adaptStateToTokens([...tokens], false));
    return this.sequence.nextTokenIndex;
  }

  /** Evaluates `tokens` and gives nothing back. @throws LlmError `cancelled` within one piece of them. */
  async read(tokens: readonly Token[], signal: AbortSignal): Promise<void> {
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
    return this.#gate.pass(() => evaluateThenSample(this.sequence, token, this.#takenSeat.priority, sample));
  }

  /** Frees the sequence for others; it keeps what it holds. May be called twice. */
  release(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#leave(this.#seat);
  }

  get #takenSeat(): Seat {
    if (!this.#seat) throw new Error('the lane has not begun');
    return this.#seat;
  }
}

/** How many tokens of a prompt are evaluated between two looks at the abort signal. */
const pieceTokens = 128;
