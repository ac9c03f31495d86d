import { availableParallelism } from 'node:os';

/**
 * How many threads the local runtime gets where the user did not say: one less than the cores. The engine's threads
 * wait for each other at every layer, so one that shares its core with anything else holds up all of them: with one
 * other busy process on two cores, two threads made 1.7 tokens a second where one made 316.
 *
 * Half of the logical processors count as cores where there are more than four; small virtual machines count cores.
 */
export function defaultThreads(): number {
  const logical = availableParallelism();
  const cores = logical <= 4 ? logical : Math.ceil(logical / 2);
  return Math.max(1, cores - 1);
}
