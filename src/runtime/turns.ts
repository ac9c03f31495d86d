import { cancelledError } from '../core/errors.ts';

/** Lets one caller in at a time, in the order in which they came. */
export class Turns {
  #last: Promise<undefined> = Promise.resolve(undefined);
  #waitingOrInside = 0;

  get isIdle(): boolean {
    return this.#waitingOrInside === 0;
  }

  /**
   * Waits for its turn and resolves to what ends it, which must be called exactly once.
   * @throws LlmError `cancelled` when `signal` aborts first; the turn then passes on to the next.
   */
  async take(signal: AbortSignal): Promise<() => void> {
    const previous = this.#last;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#last = promise;
    this.#waitingOrInside++;
    const end = (): void => {
      this.#waitingOrInside--;
      resolve(undefined);
    };
    try {
      await unlessAborted(previous, signal);
    } catch (error) {
      void previous.then(end);
      throw error;
    }
    return end;
  }
}

/** Waits for `promise`. @throws LlmError `cancelled` when `signal` aborts first. */
export async function unlessAborted(promise: Promise<undefined>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(cancelledError());
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
