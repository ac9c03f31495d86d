import { isRecord } from '../core/isRecord.ts';
import type { ModelPrice, PriceTable } from '../core/pricing.ts';

/** What the setting `llmPlayground.prices` says. */
export interface PriceSetting {
  readonly prices: PriceTable;
  /** A sentence for each entry that cannot be used and is not in `prices`. */
  readonly problems: readonly string[];
}

/** Checks the setting: an object from `provider/model` or `provider/*` to rates in USD per million tokens. */
export function priceSettingOf(raw: unknown): PriceSetting {
  if (!isRecord(raw)) {
    return { prices: {}, problems: [`llmPlayground.prices is not an object. ${howToWrite}`] };
  }
  const prices: [string, ModelPrice][] = [];
  const problems: string[] = [];
  for (const [modelId, entry] of Object.entries(raw)) {
    const problem = problemOf(modelId, entry);
    if (problem === undefined) {
      prices.push([modelId, { ...(entry as Entry), source: { kind: 'user', matchedId: modelId } }]);
    } else {
      problems.push(`The price of "${modelId}" in llmPlayground.prices ${problem} ${howToWrite}`);
    }
  }
  return { prices: Object.fromEntries(prices), problems };
}

const howToWrite =
  'Write { "provider/model": { "input": 1.25, "output": 10 } }, in USD per million tokens; "cachedInput", "cacheWrite", "cacheWriteHour", "reasoning" and "tiers" may follow.';

type Entry = Omit<ModelPrice, 'source'>;

const needed: readonly string[] = ['input', 'output'] satisfies (keyof Entry)[];
const rates: readonly string[] = [
  'input',
  'output',
  'cachedInput',
  'cacheWrite',
  'cacheWriteHour',
  'reasoning',
] satisfies (keyof Entry)[];

/** What is wrong with an entry, as the rest of a sentence; `undefined` when it is an {@link Entry}. */
function problemOf(modelId: string, entry: unknown): string | undefined {
  if (!/^[^/\s]+\/\S+$/.test(modelId)) return 'is for no model id.';
  if (!isRecord(entry)) return 'is not an object.';
  const { tiers, ...own } = entry;
  return problemOfRates(own) ?? (tiers === undefined ? undefined : problemOfTiers(tiers));
}

function problemOfRates(entry: Readonly<Record<string, unknown>>): string | undefined {
  const missing = needed.find((name) => entry[name] === undefined);
  if (missing !== undefined) return `lacks "${missing}".`;
  const unknown = Object.keys(entry).find((name) => !rates.includes(name));
  if (unknown !== undefined) return `has a rate "${unknown}", which there is not.`;
  const bad = Object.keys(entry).find((name) => !isRate(entry[name]));
  return bad === undefined ? undefined : `has a rate "${bad}" that is no number from 0 up.`;
}

/** Each tier has all of its rates, and begins above the one before it. */
function problemOfTiers(tiers: unknown): string | undefined {
  if (!Array.isArray(tiers)) return 'has "tiers" that are no list.';
  let before = 0;
  for (const [index, tier] of (tiers as readonly unknown[]).entries()) {
    const where = `in tier ${index + 1}`;
    if (!isRecord(tier)) return `has no object ${where}.`;
    const { above, ...own } = tier;
    const problem = problemOfRates(own);
    if (problem !== undefined) return `${problem.slice(0, -1)} ${where}.`;
    if (typeof above !== 'number' || !(above > before))
      return `has an "above" ${where} that is no number of tokens greater than ${before}.`;
    before = above;
  }
  return undefined;
}

function isRate(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
