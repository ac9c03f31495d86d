import type { Correction } from '../tokens/estimate.ts';

/** What one finished run says about a model's tokens. */
export interface CorrectionSample {
  /** The input that the service reported. */
  readonly reported: number;
  /** The same input as it is counted here, without a correction. */
  readonly counted: number;
}

/** From fewer runs nothing is learned. */
const fewestRuns = 3;

/** As many of a model's newest runs are looked at. */
export const mostRuns = 12;

/**
 * The ratio of all that was reported to all that was counted, so that long inputs weigh more. `undefined` where there
 * are too few runs, or where they differ so much that one ratio does not hold for them: then something else than the
 * tokenizer differs, such as documents that the service adds.
 */
export function correctionOf(samples: readonly CorrectionSample[]): Correction | undefined {
  const usable = samples.filter(({ reported, counted }) => reported > 0 && counted > 0);
  if (usable.length < fewestRuns) return undefined;
  const reported = usable.reduce((sum, sample) => sum + sample.reported, 0);
  const counted = usable.reduce((sum, sample) => sum + sample.counted, 0);
  const ratio = reported / counted;
  const isSteady = usable.every((sample) => {
    const own = sample.reported / sample.counted;
    return own > ratio / 2 && own < ratio * 2;
  });
  return isSteady ? { ratio, runs: usable.length } : undefined;
}

/** `1.08× learned from 12 runs`. */
export function formatCorrection({ ratio, runs }: Correction): string {
  return `${ratio.toFixed(2)}× learned from ${runs} runs`;
}
