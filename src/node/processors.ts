import { availableParallelism } from 'node:os';

/**
 * How many threads the local runtime gets where the user did not say: half of the logical processors where there are
 * many, because two threads on one core do not multiply matrices faster. A machine of up to four is taken at its
 * word: small virtual machines count cores. More threads than cores is the worst choice, many times slower.
 */
export function defaultThreads(): number {
  const logical = availableParallelism();
  return logical <= 4 ? logical : Math.ceil(logical / 2);
}
