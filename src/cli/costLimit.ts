import type { ModelPrice } from '../core/pricing.ts';
import type { PreparedRun } from '../core/run/prepareRun.ts';
import { costLimitProblem } from '../core/usage/costLimit.ts';
import { ChatTemplates } from '../node/chatTemplates.ts';
import { Estimator } from '../node/estimate.ts';
import type { Prices } from '../node/prices.ts';
import { Tokenizer } from '../node/tokenizer.ts';
import { UsageError } from './command.ts';
import { localRuntime } from './runtime.ts';

/** The option that says what a command may cost. */
export const costLimitOptions = { 'max-cost': { type: 'string' } } as const;

export const costLimitUsage = '[--max-cost USD]';

export interface CostLimitOptions {
  readonly 'max-cost'?: string | undefined;
}

/**
 * Holds runs to `--max-cost`, all of them together, before any of them is sent. What runs on this machine is free.
 * @throws UsageError when it is no amount, Error when they may cost more, or when nobody knows.
 */
export async function holdToCostLimit(
  runs: readonly PreparedRun[],
  { 'max-cost': text }: CostLimitOptions,
  prices: Prices,
): Promise<void> {
  const limit = amountOf(text);
  if (limit === undefined) return;
  const priceOf = (modelId: string): Promise<ModelPrice | undefined> => prices.priceOf(modelId, new Date());
  using tokenizer = new Tokenizer();
  using templates = new ChatTemplates();
  const estimator = new Estimator({
    tokenizer,
    templates,
    localFileOf: (model) => localRuntime().fileOf(model),
    priceOf,
    contextWindowOf: async (modelId) => (await prices.limitsOf(modelId)).contextWindow,
  });
  const { signal } = new AbortController();
  const estimates = await Promise.all(
    runs.map(async ({ input: { request, modelId } }) => {
      const isFree = (await priceOf(modelId))?.source.kind === 'local';
      return isFree ? [] : [await estimator.estimate({ request }, modelId, signal)];
    }),
  );
  const problem = costLimitProblem(estimates.flat(), limit);
  if (problem !== undefined) throw new Error(`${problem} Nothing was sent.`);
}

function amountOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const amount = Number(text);
  if (text.trim() === '' || !Number.isFinite(amount) || amount < 0)
    throw new UsageError(`--max-cost ${text} is not an amount of USD, such as 0.05.`);
  return amount;
}
