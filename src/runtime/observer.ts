import type { LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp';
import type { TokenAlternative } from '../core/chat.ts';
import { type Place, Sampler, type Share } from './native.ts';
import { bytesOf, nameOf } from './vocabulary.ts';

/** The distribution of a next token as the model gave it, before any sampler. */
export class Distribution {
  readonly #model: LlamaModel;
  readonly #ranked: readonly Share[];
  /** What has to be added to the logarithm of a share to make it the token's log-probability. */
  readonly #scale: number;
  #places: ReadonlyMap<Token, number> | undefined;

  /**
   * @param ranked the likeliest tokens, most likely first, as shares of their sum.
   * @param best the probability of the first.
   */
  constructor(model: LlamaModel, ranked: readonly Share[], best: number) {
    this.#model = model;
    this.#ranked = ranked;
    this.#scale = Math.log(best) - Math.log(ranked[0]?.share ?? 1);
  }

  /** The natural logarithm of a token's probability; `undefined` for one that is not among the likeliest. */
  logprobOf(token: Token): number | undefined {
    this.#places ??= new Map(this.#ranked.map(({ token: one }, place) => [one, place]));
    const place = this.#places.get(token);
    return place === undefined ? undefined : this.#logprob(this.#ranked[place]?.share ?? 0);
  }

  /** The `count` likeliest tokens, most likely first. */
  top(count: number): TokenAlternative[] {
    return this.#ranked.slice(0, count).map(({ token, share }) => this.describe(token, this.#logprob(share)));
  }

  describe(token: Token, logprob: number): TokenAlternative {
    const bytes = [...bytesOf(this.#model, token)];
    return {
      token: nameOf(this.#model, token),
      logprob,
      ...(bytes.length > 0 ? { bytes } : {}),
      id: token,
    };
  }

  /**
   * Between which values the entropy lies, in nats. What is known are the likeliest tokens and how much is left for the
   * others: it is least when each of them is as likely as the last one known, and most when all are equally likely.
   */
  get entropy(): readonly [least: number, most: number] {
    let known = 0;
    let rest = 1;
    let last = 1;
    for (const { share } of this.#ranked) {
      const logprob = this.#logprob(share);
      last = Math.exp(logprob);
      known -= last * logprob;
      rest -= last;
    }
    const others = this.#model.fileInfo.metadata.tokenizer.ggml.tokens.length - this.#ranked.length;
    if (others <= 0 || rest < negligible) return [rounded(known), rounded(known)];
    return [rounded(known - rest * Math.log(last)), rounded(known + rest * Math.log(others / rest))];
  }

  #logprob(share: number): number {
    return Math.min(0, Math.log(Math.max(share, smallestShare)) + this.#scale);
  }
}

/** Reads distributions from a place in a context, without choosing a token. */
export class Observer {
  readonly #model: LlamaModel;
  readonly #greedy: Sampler;
  readonly #top: Sampler;
  readonly #whole: Sampler;

  /** @param least how many of the likeliest tokens are wanted. */
  constructor(sequence: LlamaContextSequence, least: number) {
    this.#model = sequence.model;
    this.#greedy = new Sampler(sequence, { temperature: 0 });
    this.#top = new Sampler(sequence, { ...untouched, topK: Math.max(least, usualTop) });
    this.#whole = new Sampler(sequence, { ...untouched, topK: 0 });
  }

  /**
   * The whole vocabulary as a JavaScript list costs 17 ms a token at 32,000 tokens. So the shares within the top are
   * read, and scaled by the one true probability that is cheap, that of the most likely token. Only where a token from
   * below the top is `wanted` it is read whole.
   */
  async at(place: Place, wanted?: Token): Promise<Distribution> {
    const best = await this.#greedy.confidence(place);
    const top = await this.#top.shares(place);
    const isThere = wanted === undefined || top.some(({ token }) => token === wanted);
    return new Distribution(this.#model, isThere ? top : await this.#whole.shares(place), best);
  }

  dispose(): void {
    for (const sampler of [this.#greedy, this.#top, this.#whole]) sampler.dispose();
  }
}

/** Keeps every probability as the model gave it. */
const untouched = { temperature: 1, topP: 1, minP: 0 } as const;

/** So many that what is left for the others is little; more would cost time. */
const usualTop = 100;

/** Probabilities are 32-bit floats; what is missing from their sum below this is rounding. */
const negligible = 1e-6;

/** Shares are 32-bit floats; below this they are 0, whose logarithm JSON cannot hold. */
const smallestShare = 2 ** -149;

/** What is kept of a figure for people. */
export function rounded(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
