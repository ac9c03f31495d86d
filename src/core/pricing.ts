import type { Usage } from './chat.ts';
import { formatUsd } from './format.ts';

/** USD per million tokens. An absent rate says what is charged instead. */
export interface Rates {
  readonly input: number;
  readonly output: number;
  /** Input read from a cache; absent where that costs what input costs. */
  readonly cachedInput?: number;
  /** Input written to a cache; absent where that costs what input costs. */
  readonly cacheWrite?: number;
  /** Input written to a cache that keeps it for an hour; absent where it is not known. */
  readonly cacheWriteHour?: number;
  /** Reasoning; absent where it costs what output costs. */
  readonly reasoning?: number;
}

/** The rates of one whole request once its input, cached input included, is longer than `above` tokens. */
export interface PriceTier extends Rates {
  readonly above: number;
}

/** What a model costs at one moment, and who says so. */
export interface ModelPrice extends Rates {
  /** In rising order of `above`; absent where length changes nothing. */
  readonly tiers?: readonly PriceTier[];
  readonly source: PriceSource;
}

/** Who says what a model costs. */
export type PriceSource =
  /** It runs on the user's own machine. */
  | { readonly kind: 'local' }
  /** The user's settings; `matchedId` is the entry there, such as `openai/gpt-5` or `openai/*`. */
  | { readonly kind: 'user'; readonly matchedId: string }
  /** The table that ships with the extension; `matchedId` is its own name for the model, `date` its day (`2026-09-23`). */
  | { readonly kind: 'table'; readonly matchedId: string; readonly date: string };

/** Prices by model id (`provider/model`). A model that is not in it has no known price, which is not a price of 0. */
export type PriceTable = { readonly [modelId: string]: ModelPrice };

/** What one call cost, in USD. `input`, `cacheRead`, `cacheWrite` and `output` add up to `total`. */
export interface Cost {
  readonly total: number;
  /** Input that came neither from nor into a cache. */
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  /** Output, reasoning included. */
  readonly output: number;
  /** The part of `output` that was spent on reasoning; absent when the service did not report it. */
  readonly reasoning?: number;
  readonly source: PriceSource;
}

/**
 * What `usage` cost at `price`. Costs are never guessed, so there is none when the price is unknown, when the usage
 * contradicts itself (more cached than sent), and when it lacks or has a figure that the price does not cover.
 * What runs on the user's own machine costs nothing however much it is.
 */
export function costOf(usage: Usage, price: ModelPrice | undefined): Cost | undefined {
  if (!price || contradictsItself(usage)) return undefined;
  if (usage.isPartial && price.source.kind !== 'local') return undefined;
  const { inputTokens, outputTokens, cachedTokens = 0, cacheWriteTokens = 0 } = usage;
  const { cacheWriteHourTokens = 0, reasoningTokens } = usage;
  const rates = ratesAt(price, inputTokens);
  if (cacheWriteHourTokens > 0 && rates.cacheWriteHour === undefined) return undefined;
  if (reasoningTokens === undefined && rates.reasoning !== undefined) return undefined;

  const input = usd(inputTokens - cachedTokens - cacheWriteTokens, rates.input);
  const cacheRead = usd(cachedTokens, rates.cachedInput ?? rates.input);
  const cacheWrite =
    usd(cacheWriteTokens - cacheWriteHourTokens, rates.cacheWrite ?? rates.input) +
    usd(cacheWriteHourTokens, rates.cacheWriteHour ?? 0);
  const reasoning = usd(reasoningTokens ?? 0, rates.reasoning ?? rates.output);
  const output = usd(outputTokens - (reasoningTokens ?? 0), rates.output) + reasoning;
  return {
    total: input + cacheRead + cacheWrite + output,
    input,
    cacheRead,
    cacheWrite,
    output,
    ...(reasoningTokens === undefined ? {} : { reasoning }),
    source: price.source,
  };
}

/** What `tokens` cost as uncached input of one request, in USD, or `undefined` when the price is unknown. */
export function inputCostOf(tokens: number, price: ModelPrice | undefined): number | undefined {
  return costOf({ inputTokens: tokens, outputTokens: 0, reasoningTokens: 0 }, price)?.total;
}

/**
 * The user's own price of a model, or `undefined` when the settings have none. `provider/*` stands for all models of a
 * provider; an entry for the model itself wins over it.
 */
export function ownPriceOf(prices: PriceTable, modelId: string): ModelPrice | undefined {
  const everyModel = `${modelId.slice(0, modelId.indexOf('/'))}/*`;
  for (const entry of [modelId, everyModel]) {
    if (Object.hasOwn(prices, entry)) return prices[entry];
  }
  return undefined;
}

/** `gpt-5, table of 2026-09-23`: says whose price it is, after "Priced as". */
export function formatPriceSource(source: PriceSource): string {
  switch (source.kind) {
    case 'local':
      return 'free, on your own machine';
    case 'user':
      return `${source.matchedId}, your settings`;
    case 'table':
      return `${source.matchedId}, table of ${source.date}`;
    default:
      source satisfies never;
      return '';
  }
}

/** `$1.25 in, $10.00 out / 1M`: the first tier's rates; `free` on the user's own machine, empty when unknown. */
export function formatRates(price: ModelPrice | undefined): string {
  if (!price) return '';
  if (price.source.kind === 'local') return 'free';
  return `${formatUsd(price.input)} in, ${formatUsd(price.output)} out / 1M`;
}

/** The price of a model that runs on the user's own machine. */
export const freePrice: ModelPrice = { input: 0, output: 0, source: { kind: 'local' } };

/**
 * The rates of a request with so many tokens of input. The services that charge by length charge all of a request by its
 * length, not only what is beyond the limit.
 */
export function ratesAt(price: ModelPrice, inputTokens: number): Rates {
  return price.tiers?.findLast(({ above }) => inputTokens > above) ?? price;
}

function contradictsItself(usage: Usage): boolean {
  const { inputTokens, outputTokens, cachedTokens = 0, cacheWriteTokens = 0 } = usage;
  const { cacheWriteHourTokens = 0, reasoningTokens = 0 } = usage;
  const counts = [
    inputTokens,
    outputTokens,
    cachedTokens,
    cacheWriteTokens,
    cacheWriteHourTokens,
    reasoningTokens,
  ];
  return (
    counts.some((count) => !(count >= 0)) ||
    cachedTokens + cacheWriteTokens > inputTokens ||
    cacheWriteHourTokens > cacheWriteTokens ||
    reasoningTokens > outputTokens
  );
}

function usd(tokens: number, rate: number): number {
  return (tokens * rate) / 1e6;
}
