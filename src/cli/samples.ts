import { maxSamples, samplesAtOnce } from '../core/run/samples.ts';
import type { Run } from '../core/store.ts';
import { UsageError } from './command.ts';

/** These options for `parseArgs`. */
export const samplesOptions = { samples: { type: 'string', default: '1' } } as const;

export const samplesUsage = '[--samples N]';

/** How often each lane runs. @throws UsageError for what is no such number. */
export function sampleCountOf(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= maxSamples) return count;
  throw new UsageError(`--samples ${text} is not a whole number from 1 to ${maxSamples}.`);
}

/**
 * The runs that a lane makes, some at a time, in the order in which they begin. After an abort no other begins, but there is
 * always one.
 * @param runSample runs the sample of an index, from 0, to its end
 */
export async function samplesOf(
  count: number,
  runSample: (sample: number) => Promise<Run>,
  signal: AbortSignal,
): Promise<readonly [Run, ...Run[]]> {
  const first = runSample(0);
  const others: Run[] = [];
  let begun = 1;
  const work = async (): Promise<void> => {
    while (begun < count && !signal.aborted) {
      const sample = begun++;
      others[sample - 1] = await runSample(sample);
    }
  };
  await Promise.all([first.then(work), ...Array.from({ length: samplesAtOnce - 1 }, work)]);
  return [await first, ...others];
}
