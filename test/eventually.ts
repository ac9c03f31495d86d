import { setTimeout as sleep } from 'node:timers/promises';

/** How long what a page shows may follow after what causes it, on a machine that is loaded. */
const deadlineMs = 15_000;

/** Repeats a check until it holds. Where it does not hold in time, throws what it threw last. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(20);
    }
  }
}
