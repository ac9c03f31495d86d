import { formatTokens, formatUsd } from '../format.ts';
import type { PromptEstimate } from '../tokens/estimate.ts';

/**
 * Why runs must not be sent that may cost at most `limit` in USD, all of them together, as a sentence; `undefined` where
 * they may. Each is reckoned with the answer that is reserved for it. What is not known is never taken to keep to it.
 */
export function costLimitProblem(runs: readonly PromptEstimate[], limit: number): string | undefined {
  const unknown = runs.find(({ cost }) => cost === undefined);
  if (unknown)
    return `The price of ${unknown.modelId} is not known, so a cost of ${formatUsd(limit)} at most cannot be held.`;
  const paid = runs.filter(({ cost }) => cost && cost.atMost > 0);
  const uncounted = paid.find(({ images }) => images > 0);
  if (uncounted)
    return `The images in the prompt are not counted, so a cost of ${formatUsd(limit)} at most cannot be held on ${uncounted.modelId}.`;
  const total = paid.reduce((sum, { cost }) => sum + (cost?.atMost ?? 0), 0);
  if (total <= limit) return undefined;
  return `${subjectOf(runs)} may cost ${formatUsd(total)}, ${answersOf(paid)}: over the limit of ${formatUsd(limit)}.`;
}

function subjectOf(runs: readonly PromptEstimate[]): string {
  const [only] = runs;
  return only && runs.length === 1 ? `The run on ${only.modelId}` : `The ${runs.length} runs together`;
}

/** `with an answer of 1,024 tokens, which is assumed` */
function answersOf(paid: readonly PromptEstimate[]): string {
  const longest = Math.max(...paid.map(({ output }) => output.tokens));
  const isAssumed = paid.some(({ output }) => output.isAssumed);
  const answer = paid.length === 1 ? 'an answer of' : 'answers of up to';
  return `with ${answer} ${formatTokens(longest)}${isAssumed ? ', which is assumed' : ''}`;
}
