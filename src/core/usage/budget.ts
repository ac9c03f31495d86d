import { formatTokens, formatUsd } from '../format.ts';
import { fitOf, type PromptEstimate } from '../tokens/estimate.ts';
import { fitAdvice } from './fitAdvice.ts';

/** What the user wants to spend at most; an absent limit is none. */
export interface BudgetLimits {
  /** USD; a run that may cost more is asked about. */
  readonly perRun?: number;
  /** USD in a calendar month. */
  readonly perMonth?: number;
  /** Input, and the answer as far as the prompt limits it; a run that may take more is asked about. */
  readonly tokensPerRun?: number;
}

/** What the runs of this month have cost. */
export interface Spending {
  /** In USD, of the runs whose cost is known. */
  readonly cost: number;
  /** Runs whose cost is not known. */
  readonly unpricedRuns: number;
}

export type BudgetVerdict =
  /** `warning` is a sentence for the user; absent where there is nothing to say. */
  | { readonly type: 'go'; readonly warning?: string }
  /** To be run only when the user says so; a sentence for each reason. */
  | { readonly type: 'ask'; readonly reasons: readonly string[] }
  /** The month's budget is used up. */
  | { readonly type: 'stop'; readonly message: string };

/** From this share of the month's budget on there is a warning. */
const warningShare = 0.8;

export function hasLimits({ perRun, perMonth, tokensPerRun }: BudgetLimits): boolean {
  return perRun !== undefined || perMonth !== undefined || tokensPerRun !== undefined;
}

/**
 * Whether runs that are about to start fit their windows and keep to the budget. What costs nothing is never stopped, and an unknown price never
 * counts as 0: it is a reason to ask, except for the models in `accepted`, about which the user has been asked already.
 */
export function budgetVerdict(
  limits: BudgetLimits,
  spending: Spending,
  runs: readonly PromptEstimate[],
  accepted: ReadonlySet<string> = new Set(),
): BudgetVerdict {
  const { perMonth } = limits;
  const paid = runs.filter(({ cost }) => cost === undefined || cost.atMost > 0);
  if (perMonth !== undefined && paid.length > 0 && spending.cost >= perMonth) {
    return {
      type: 'stop',
      message: `This month’s runs have cost ${spent(spending)}, and the budget is ${formatUsd(perMonth)} a month. Raise llmPlayground.budget.perMonth, choose a local model, or run anyway once.`,
    };
  }
  const reasons = [
    ...runs.flatMap((run) => (fitOf(run) === 'too-long' ? (fitAdvice(run, { history: 0 }) ?? []) : [])),
    ...runs.flatMap((run) => limitWarnings(run, limits, accepted)),
    ...monthReasons(limits, spending, paid),
  ];
  if (reasons.length > 0) return { type: 'ask', reasons };
  if (perMonth !== undefined && paid.length > 0 && spending.cost >= perMonth * warningShare) {
    const percent = Math.floor((spending.cost / perMonth) * 100);
    return {
      type: 'go',
      warning: `This month’s runs have cost ${spent(spending)}, ${percent} % of the budget of ${formatUsd(perMonth)}.`,
    };
  }
  return { type: 'go' };
}

/** What a run passes of the limits for one run, a sentence each. A model in `accepted` may cost what it costs. */
export function limitWarnings(
  { modelId, cost, output, inputTokens }: PromptEstimate,
  { perRun, perMonth, tokensPerRun }: BudgetLimits,
  accepted: ReadonlySet<string> = new Set(),
): string[] {
  const reasons: string[] = [];
  if (cost === undefined && (perRun !== undefined || perMonth !== undefined) && !accepted.has(modelId)) {
    reasons.push(
      `What ${modelId} costs is not known, so the budget cannot be held. Set its price in llmPlayground.prices.`,
    );
  }
  if (cost && perRun !== undefined && cost.atMost > perRun) {
    const answer = `with an answer of ${formatTokens(output.tokens)}${output.isAssumed ? ', which is assumed' : ''}`;
    reasons.push(
      `The run on ${modelId} may cost ${formatUsd(cost.atMost)}, ${answer}; the budget is ${formatUsd(perRun)} a run.`,
    );
  }
  const tokens = inputTokens + (output.isAssumed ? 0 : output.tokens);
  if (tokensPerRun !== undefined && tokens > tokensPerRun) {
    reasons.push(
      `The run on ${modelId} may take ${formatTokens(tokens)}; the budget is ${formatTokens(tokensPerRun)} a run.`,
    );
  }
  return reasons;
}

function monthReasons(
  { perMonth }: BudgetLimits,
  spending: Spending,
  paid: readonly PromptEstimate[],
): string[] {
  if (perMonth === undefined) return [];
  const atMost = paid.reduce((sum, { cost }) => sum + (cost?.atMost ?? 0), 0);
  if (spending.cost + atMost <= perMonth) return [];
  return [
    `This may cost ${formatUsd(atMost)}. This month’s runs have cost ${spent(spending)}, and the budget is ${formatUsd(perMonth)} a month.`,
  ];
}

function spent({ cost, unpricedRuns }: Spending): string {
  if (unpricedRuns === 0) return formatUsd(cost);
  return `${formatUsd(cost)} and ${unpricedRuns === 1 ? 'a run' : `${unpricedRuns} runs`} of unknown cost`;
}
