import { type CountedModel, formatRates, formatUsd, inputCostOf } from '../../src/inspectorProtocol.ts';

/**
 * What a text costs as input: `$0.00018`, `~$0.00018` where the count is an estimate, `free` on the user's own machine,
 * `unknown`; `undefined` for an encoding without a model, which has no price.
 */
export function inputCostLabel(tokens: number, model: CountedModel | undefined): string | undefined {
  if (!model) return undefined;
  const { price, exactness } = model;
  if (price?.source.kind === 'local') return 'free';
  const cost = inputCostOf(tokens, price ?? undefined);
  if (cost === undefined) return 'unknown';
  return `${exactness === 'estimate' ? '~' : ''}${formatUsd(cost)}`;
}

/** Whose price it is, and what to do where there is none. */
export function inputCostTitle(model: CountedModel | undefined): string {
  if (!model) return 'An encoding has no price. Add a model that uses it to see what the text costs.';
  const { id, price } = model;
  if (!price) return `The price of ${id} is not known. It can be set in llmPlayground.prices.`;
  return `${id}: ${formatRates(price)}`;
}
