import { findProvider, type ConditionalPrice, type ModelInfo, type Provider } from '@pydantic/genai-prices';
import type { ModelPrice, PriceTier, Rates } from '../core/pricing.ts';
import { modelNamed } from './priceMatch.ts';

/** The day on which the table was published: version 0.1.8 of `@pydantic/genai-prices`. It moves with the version. */
export const tableDate = '2026-09-23';

/** The table's names of the providers that have another one here. */
const tableNames: ReadonlyMap<string, string> = new Map([
  ['bedrock', 'aws'],
  ['gemini', 'google'],
  ['moonshot', 'moonshotai'],
  ['xai', 'x-ai'],
]);

/** What the table says of `provider/model`, or `undefined` when it has no such model. */
export function tableEntryOf(modelId: string): ModelInfo | undefined {
  const slash = modelId.indexOf('/');
  const provider = providerNamed(modelId.slice(0, slash));
  if (!provider) return undefined;
  // Azure sells the models of others at their prices and Google those of Anthropic; the table says whose.
  const sellers = [provider, ...(provider.fallback_model_providers ?? []).map(providerNamed)];
  for (const seller of sellers) {
    const model = seller && modelNamed(seller.models, modelId.slice(slash + 1));
    if (model) return model;
  }
  return undefined;
}

/**
 * What the model costs at a moment, or `undefined` when the table does not say all of it: no rate for input or output, or
 * a fee for the request itself, which tokens do not tell.
 */
export function tablePriceOf(model: ModelInfo, at: Date): ModelPrice | undefined {
  const entry = entryAt(model, at);
  if (!entry || 'requests_kcount' in entry || 'output_citation_mtok' in entry) return undefined;
  const source = { kind: 'table', matchedId: model.id, date: tableDate } as const;
  // An empty entry stands for free models and for those whose price was never found; only the service's own word tells.
  if (Object.keys(entry).length === 0) {
    return model.id.endsWith(':free') ? { input: 0, output: 0, source } : undefined;
  }
  const rates = ratesAbove(entry, 0);
  if (!rates) return undefined;
  const tiers = limitsIn(entry).flatMap((above): PriceTier[] => {
    const higher = ratesAbove(entry, above + 1);
    return higher ? [{ above, ...higher }] : [];
  });
  return { ...rates, ...(tiers.length === 0 ? {} : { tiers }), source };
}

function providerNamed(id: string): Provider | undefined {
  const providerId = tableNames.get(id) ?? id;
  const provider = findProvider({ providerId });
  // It also finds providers by parts of their names.
  return provider?.id === providerId ? provider : undefined;
}

type PriceEntry = ConditionalPrice['prices'];

/** The entry that holds at a moment: the last one whose condition is met. */
function entryAt({ prices }: ModelInfo, at: Date): PriceEntry | undefined {
  if (!Array.isArray(prices)) return prices;
  return prices.findLast(({ constraint }) => !constraint || holds(constraint, at))?.prices;
}

function holds(constraint: NonNullable<ConditionalPrice['constraint']>, at: Date): boolean {
  switch (constraint.type) {
    case 'start_date':
      return at >= new Date(constraint.start_date);
    case 'time_of_date': {
      // Every time of day in the table is in UTC (`00:30:00Z`), so that times compare as texts. The end is exclusive.
      const time = `${at.toISOString().slice(11, 19)}Z`;
      const { start_time: start, end_time: end } = constraint;
      return start <= end ? start <= time && time < end : start <= time || time < end;
    }
    default:
      constraint satisfies never;
      return false;
  }
}

/** The rates for `inputTokens` of input. A tier holds when the input is longer than its `start`. */
function ratesAbove(entry: PriceEntry, inputTokens: number): Rates | undefined {
  const rateOf = (name: string): number | undefined => {
    const price = entry[name];
    if (price === undefined || typeof price === 'number') return price;
    return price.tiers.findLast(({ start }) => inputTokens > start)?.price ?? price.base;
  };
  const [input, output] = [rateOf('input_mtok'), rateOf('output_mtok')];
  if (input === undefined || output === undefined) return undefined;
  const optional = {
    cachedInput: rateOf('cache_read_mtok'),
    cacheWrite: rateOf('cache_write_mtok'),
    cacheWriteHour: rateOf('cache_write_1h_mtok'),
    reasoning: rateOf('output_reasoning_mtok'),
  };
  const known = Object.entries(optional).filter(([, rate]) => rate !== undefined);
  return { input, output, ...(Object.fromEntries(known) as Partial<Rates>) };
}

/** The lengths of input, in tokens, beyond which any rate changes; rising. */
function limitsIn(entry: PriceEntry): number[] {
  const starts = Object.values(entry).flatMap((price) =>
    typeof price === 'object' ? price.tiers.map(({ start }) => start) : [],
  );
  return [...new Set(starts)].sort((a, b) => a - b);
}
