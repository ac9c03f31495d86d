import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSurroundings } from '../core/run/runPrompt.ts';

/** What a run needs of the world, from Node: clocks, timers, randomness, and how often to try again. */
export const nodeSurroundings: Pick<RunSurroundings, 'retry' | 'clock' | 'now' | 'newId' | 'schedule'> = {
  retry: {
    attempts: 3,
    firstDelayMs: 500,
    // An abort ends the wait; whoever waits looks at the signal.
    sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
    random: Math.random,
  },
  clock: () => performance.now(),
  now: Date.now,
  newId: randomUUID,
  schedule: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};
