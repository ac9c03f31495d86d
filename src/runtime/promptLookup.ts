import type { Token } from 'node-llama-cpp';
import type { Guesser } from './speculation.ts';

/** Of a longer prompt its end is kept, which is nearer to what the answer is about. */
const mostAdded = 16_384;

/** What is looked up: so many tokens at the end of the text, the longer ones first, because they say more. */
const lengths = [4, 3, 2] as const;

/**
 * Guesses that a text goes on as it did the last time that its last tokens stood in it: names, code and quotes come again.
 * It costs nothing but memory.
 */
export class PromptLookup implements Guesser {
  readonly #tokens: Token[] = [];
  /** Where a run of tokens ended last, by its length and its tokens: the place of what followed. */
  readonly #ends = lengths.map((length) => ({ length, places: new Map<string, number>() }));

  add(tokens: readonly Token[]): void {
    for (const token of tokens.slice(-mostAdded)) {
      // What ends here now is looked up by what comes next, so it is known only from the next token on.
      for (const { length, places } of this.#ends) {
        const key = this.#key(length);
        if (key !== undefined) places.set(key, this.#tokens.length);
      }
      this.#tokens.push(token);
    }
  }

  guess(count: number): Promise<readonly Token[]> {
    for (const { length, places } of this.#ends) {
      const key = this.#key(length);
      const place = key === undefined ? undefined : places.get(key);
      if (place !== undefined) return Promise.resolve(this.#tokens.slice(place, place + count));
    }
    return Promise.resolve([]);
  }

  /** The last tokens as one text; `undefined` where there are not so many. */
  #key(length: number): string | undefined {
    return this.#tokens.length < length ? undefined : this.#tokens.slice(-length).join();
  }
}
