import { formatCount, formatTokens, formatUsd } from '../core/format.ts';
import { inputCostOf, type ModelPrice, ratesAt } from '../core/pricing.ts';
import type { TokenizerExactness } from '../core/tokens/tokenizerFor.ts';

/** A count and what it was made for. */
export interface Counted {
  readonly tokens: number;
  /** `provider/model` */
  readonly modelId: string;
  readonly exactness: TokenizerExactness;
  /** Absent when the price is unknown. */
  readonly price?: ModelPrice | undefined;
}

/** `142 tok`, `~142 tok`. */
export function shortCount({ tokens, exactness }: Pick<Counted, 'tokens' | 'exactness'>): string {
  return `${markOf(exactness)}${formatCount(tokens)} tok`;
}

/** What can be shown of a count in the status bar; the tokens always are. */
export const countParts = ['model', 'cost'] as const;
export type CountPart = (typeof countParts)[number];

/** `142 tok · gpt-5 · $0.00018`; what it costs as input, where the price is known. */
export function countLabel(counted: Counted, shown: readonly CountPart[] = countParts): string {
  const { tokens, modelId, exactness, price } = counted;
  const cost = inputCostOf(tokens, price);
  const parts = {
    model: modelId.slice(modelId.lastIndexOf('/') + 1),
    cost: cost === undefined ? undefined : `${markOf(exactness)}${formatUsd(cost)}`,
  };
  return [shortCount(counted), ...countParts.map((part) => (shown.includes(part) ? parts[part] : undefined))]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** What a hover says, a line each: how much of what, how it was counted, what it costs, what a click does. */
export function countHover(counted: Counted, what: string, note: string): string {
  const { tokens, exactness, price } = counted;
  const cost = inputCostOf(tokens, price);
  return [
    `${markOf(exactness)}${formatTokens(tokens)} in ${what}`,
    note,
    price && price.input > 0 && cost !== undefined
      ? `${formatUsd(cost)} as input, at ${formatUsd(ratesAt(price, tokens).input)} per million tokens`
      : undefined,
    'Click to inspect the tokens or to choose another model.',
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

/** `Counting tokens… 45%`, with a symbol that turns. `done` is from 0 to 1. */
export function countingLabel(done: number): string {
  return `$(loading~spin) Counting tokens… ${Math.floor(done * 100)}%`;
}

function markOf(exactness: TokenizerExactness): string {
  return exactness === 'exact' ? '' : '~';
}
