import { type LaneChoice, laneRun } from '../core/run/overrides.ts';
import type { PromptEstimate } from '../core/tokens/estimate.ts';
import type { EstimatedPrompt } from '../core/usage/estimatedPrompt.ts';
import { forEachVersion, resultOf } from './byVersion.ts';

/** The call of one lane, with what is known of its prompt. */
export type EstimatedLane = Pick<EstimatedPrompt, 'variables' | 'missing' | 'prepared'>;

/**
 * One estimate for each run that the lanes make, in their order. A version that cannot be read and a model that is not there are left out: the
 * lane itself says what is wrong, and keeps the others from nothing.
 * @param rendered a version of the prompt as it would be sent; `null` is the file as it is
 * @throws what is wrong with the first lane where there is no estimate at all
 */
export async function laneEstimates(
  lanes: readonly LaneChoice[],
  rendered: (version: string | null) => Promise<EstimatedPrompt>,
  estimate: (lane: EstimatedLane) => Promise<PromptEstimate>,
): Promise<readonly PromptEstimate[]> {
  const prompts = await forEachVersion(
    lanes.map(({ promptVersion }) => promptVersion),
    rendered,
  );
  const results = await Promise.allSettled(
    lanes.map(async (lane) => {
      const prompt = resultOf(prompts, lane.promptVersion);
      return estimate({ ...prompt, prepared: laneRun(prompt.prepared, lane) });
    }),
  );
  const made = results.flatMap((result, index) =>
    result.status === 'fulfilled'
      ? Array.from({ length: lanes[index]?.sampleCount ?? 1 }, () => result.value)
      : [],
  );
  const [first] = results;
  if (made.length === 0 && first?.status === 'rejected') throw first.reason;
  return made;
}
