import type { Usage } from './chat.ts';

/** USD per million tokens. `cachedInput` and `cacheWrite` absent mean that they cost what input costs. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
}

/** Prices by model id (`provider/model`). A model that is not in it has no known price, which is not a price of 0. */
export type PriceTable = { readonly [modelId: string]: ModelPrice };

/** What one call cost, in USD. The three parts add up to `total`. */
export interface Cost {
  readonly total: number;
  /** Input that came neither from nor into a cache. */
  readonly input: number;
  /** Input read from or written to a cache. */
  readonly cache: number;
  /** Output, reasoning included. */
  readonly output: number;
}

/** What `usage` cost at `price`, or `undefined` when the price is unknown: costs are never guessed. */
export function costOf(usage: Usage, price: ModelPrice | undefined): Cost | undefined {
  if (!price) return undefined;
  const cached = usage.cachedTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  const input = ((usage.inputTokens - cached - written) * price.input) / 1e6;
  const cache =
    (cached * (price.cachedInput ?? price.input) + written * (price.cacheWrite ?? price.input)) / 1e6;
  const output = (usage.outputTokens * price.output) / 1e6;
  return { total: input + cache + output, input, cache, output };
}

/** The price of a model that runs on the user's own machine. */
export const freePrice: ModelPrice = { input: 0, output: 0 };
