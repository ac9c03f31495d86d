import type { Encoding } from './encoding.ts';

/**
 * Counts a text while it arrives. At every moment the count is that of the text so far, exactly; what lies
 * before the last cut is counted once.
 */
export class StreamCount {
  readonly #encoding: Encoding;
  #settledTokens = 0;
  /** UTF-16 code units that are counted for good. */
  #settledUnits = 0;
  /** The text behind them, as it came: joining what has no cut again and again would take longer and longer. */
  #rest: string[] = [];
  #restTokens: number | undefined = 0;

  constructor(encoding: Encoding) {
    this.#encoding = encoding;
  }

  /** Takes the next piece of the text. A piece may end anywhere, between two surrogates too. */
  append(chunk: string): void {
    if (chunk === '') return;
    const cut = this.#lastCut(chunk);
    this.#restTokens = undefined;
    if (cut === undefined) {
      this.#rest.push(chunk);
      return;
    }
    const settled = this.#rest.join('') + chunk.slice(0, cut);
    this.#settledTokens += this.#count(settled);
    this.#settledUnits += settled.length;
    this.#rest = [chunk.slice(cut)];
  }

  /**
   * How many tokens the text so far has. Costs what came since the last cut, so ask once a frame and not once
   * a chunk.
   */
  get tokens(): number {
    this.#restTokens ??= this.#count(this.#rest.join(''));
    return this.#settledTokens + this.#restTokens;
  }

  /** How many of {@link tokens} no later text will change. Costs nothing. */
  get settledTokens(): number {
    return this.#settledTokens;
  }

  #count(part: string): number {
    return this.#encoding.countPart(part, this.#settledUnits === 0);
  }

  /**
   * The last cut in the chunk, or before it. Only the chunk is searched: the rest has no cut inside, so a
   * text without cuts is not searched again and again.
   */
  #lastCut(chunk: string): number | undefined {
    for (let at = chunk.length - 1; at > 0; at--) if (this.#encoding.isCut(chunk, at)) return at;
    const before = this.#rest.at(-1)?.slice(-1) ?? '';
    return before !== '' && this.#encoding.isCut(before + chunk.charAt(0), 1) ? 0 : undefined;
  }
}
