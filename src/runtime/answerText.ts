import { type AnswerToken, splitTokens, textOf } from './answerToken.ts';

/**
 * Turns tokens into text. It keeps back the bytes of an unfinished character, and tokens that may turn out to be the
 * beginning of a stop text. What it gives out never ends in half a character or in a part of a stop text.
 */
export class AnswerText {
  readonly #stops: readonly string[];
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #held: AnswerToken[] = [];

  constructor(stops: readonly string[]) {
    this.#stops = stops.filter((stop) => stop !== '');
  }

  /** Adds one token. With `isStopped` a stop text is complete and `shown` is the last that counts. */
  push(
    bytes: Uint8Array,
    logprob?: AnswerToken['logprob'],
  ): { readonly shown: readonly AnswerToken[]; readonly isStopped: boolean } {
    this.#held.push({ text: this.#decoder.decode(bytes, { stream: true }), logprob });
    const text = textOf(this.#held);
    const stopsAt = this.#stops.map((stop) => text.indexOf(stop)).filter((index) => index >= 0);
    if (stopsAt.length > 0)
      return { shown: splitTokens(this.#held, Math.min(...stopsAt))[0], isStopped: true };
    return { shown: this.#release(text.length - possibleMark(text, this.#stops)), isStopped: false };
  }

  /** What was kept back and now proves to be text, because the answer ends here. An unfinished character is dropped. */
  flush(): readonly AnswerToken[] {
    return this.#release(Infinity);
  }

  /** The tokens that end within the first `length` units; one that crosses them waits, for it cannot be taken back. */
  #release(length: number): readonly AnswerToken[] {
    let end = 0;
    const crossing = this.#held.findIndex((token) => (end += token.text.length) > length);
    return this.#held.splice(0, crossing < 0 ? this.#held.length : crossing);
  }
}

/** How many UTF-16 units at the end of `text` can be the beginning of one of `marks`. */
export function possibleMark(text: string, marks: readonly string[]): number {
  const lengths = marks.map((mark) => {
    for (let length = mark.length - 1; length > 0; length--)
      if (text.endsWith(mark.slice(0, length))) return length;
    return 0;
  });
  return Math.max(0, ...lengths);
}
