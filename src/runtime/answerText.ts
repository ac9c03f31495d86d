import type { TokenLogprob } from '../core/chat.ts';

/** A stretch of the answer: never half a character, never a part of a stop text. */
export interface AnswerPiece {
  readonly text: string;
  /** The tokens of `text`; empty when log-probabilities were not asked for. */
  readonly logprobs: readonly TokenLogprob[];
}

/**
 * Turns tokens into text. It keeps back the bytes of an unfinished character, and tokens that may turn out to be the
 * beginning of a stop text.
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
    logprob?: TokenLogprob,
  ): { readonly shown: AnswerPiece; readonly isStopped: boolean } {
    this.#held.push({ text: this.#decoder.decode(bytes, { stream: true }), logprob });
    const text = this.#held.map((token) => token.text).join('');
    const stopsAt = this.#stops.map((stop) => text.indexOf(stop)).filter((index) => index >= 0);
    if (stopsAt.length > 0)
      return { shown: pieceOf(cutAt(this.#held, Math.min(...stopsAt))), isStopped: true };
    return { shown: this.#release(text.length - this.#possibleStop(text)), isStopped: false };
  }

  /** What was kept back and now proves to be text, because the answer ends here. An unfinished character is dropped. */
  flush(): AnswerPiece {
    return this.#release(Infinity);
  }

  /** How many UTF-16 units at the end of `text` can be the beginning of a stop text. */
  #possibleStop(text: string): number {
    const lengths = this.#stops.map((stop) => {
      for (let length = stop.length - 1; length > 0; length--)
        if (text.endsWith(stop.slice(0, length))) return length;
      return 0;
    });
    return Math.max(0, ...lengths);
  }

  /** The tokens that end within the first `length` units; one that crosses them waits, for it cannot be taken back. */
  #release(length: number): AnswerPiece {
    let end = 0;
    const crossing = this.#held.findIndex((token) => (end += token.text.length) > length);
    return pieceOf(this.#held.splice(0, crossing < 0 ? this.#held.length : crossing));
  }
}

interface AnswerToken {
  /** What the token adds to the text; empty while a character is unfinished. */
  readonly text: string;
  readonly logprob: TokenLogprob | undefined;
}

function pieceOf(tokens: readonly AnswerToken[]): AnswerPiece {
  return {
    text: tokens.map((token) => token.text).join(''),
    logprobs: tokens.flatMap(({ logprob }) => logprob ?? []),
  };
}

/** The tokens of the first `length` units, the last one shortened so that tokens and text stay in step. */
function cutAt(tokens: readonly AnswerToken[], length: number): AnswerToken[] {
  const shown: AnswerToken[] = [];
  let left = length;
  for (const { text, logprob } of tokens) {
    if (left <= 0) break;
    const hiddenBytes = new TextEncoder().encode(text.slice(left)).length;
    const bytes = logprob?.bytes?.slice(0, logprob.bytes.length - hiddenBytes);
    shown.push({
      text: text.slice(0, left),
      logprob: logprob && {
        ...logprob,
        ...(hiddenBytes > 0 && bytes ? { token: text.slice(0, left), bytes } : {}),
      },
    });
    left -= text.length;
  }
  return shown;
}
