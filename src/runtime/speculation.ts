import type { Token } from 'node-llama-cpp';

/** Says what a text could go on with. */
export interface Guesser {
  /** Takes up what the text goes on with in fact. */
  add(tokens: readonly Token[]): void;
  /** At most `count` tokens that may come next, in order; none where it has no idea. */
  guess(count: number): Promise<readonly Token[]>;
}

/** How many guessed tokens there were, and how many of them were right. */
export interface GuessCounts {
  readonly drafted: number;
  readonly accepted: number;
}

/**
 * Decides how far ahead is guessed. Several tokens are checked in little more than the time of one, where reading the weights
 * is what takes the time; a wrong guess costs what its tokens cost. So as long as guesses are right more are made, and
 * after a row of wrong ones none for a while.
 */
export class Speculation {
  readonly #guesser: Guesser;
  readonly #isEnd: (token: Token) => boolean;
  #ahead = firstAhead;
  #wrongInARow = 0;
  /** How many tokens pass before the next guess. */
  #rest = 0;
  #drafted = 0;
  #accepted = 0;

  /** @param isEnd whether nothing can come after a token, so that nothing is guessed behind it. */
  constructor(guesser: Guesser, isEnd: (token: Token) => boolean) {
    this.#guesser = guesser;
    this.#isEnd = isEnd;
  }

  get counts(): GuessCounts {
    return { drafted: this.#drafted, accepted: this.#accepted };
  }

  /** @param room how many there may be at most. */
  async next(room: number): Promise<readonly Token[]> {
    if (this.#rest > 0) return [];
    const guessed = await this.#guesser.guess(Math.min(this.#ahead, room));
    const end = guessed.findIndex((token) => this.#isEnd(token));
    return end < 0 ? guessed : guessed.slice(0, end);
  }

  /**
   * Takes up what was generated.
   * @param guessed what {@link next} gave before.
   */
  told(tokens: readonly Token[], guessed: readonly Token[]): void {
    this.#guesser.add(tokens);
    if (guessed.length === 0) {
      this.#rest = Math.max(0, this.#rest - tokens.length);
      return;
    }
    const right = tokens.length - 1;
    this.#drafted += guessed.length;
    this.#accepted += right;
    if (right === 0) {
      this.#wrongInARow++;
      this.#ahead = Math.max(leastAhead, this.#ahead >> 1);
      if (this.#wrongInARow >= patience) this.#rest = restTokens;
      return;
    }
    this.#wrongInARow = 0;
    this.#ahead = right === guessed.length ? Math.min(mostAhead, this.#ahead * 2) : this.#ahead;
  }
}

const firstAhead = 4;
const leastAhead = 2;
/** Each takes a row of the vocabulary's size in memory. */
const mostAhead = 16;
/** After so many wrong guesses in a row there is a rest. */
const patience = 3;
const restTokens = 24;
