/**
 * Remembers with which models the runtime's process died, so that one that crashes it again and again is not tried for
 * ever. A model counts when it was at work as the process died, whether or not it was to blame.
 */
export class Crashes {
  readonly #now: () => number;
  readonly #byModel = new Map<string, { readonly process: object; readonly at: number }[]>();

  /** @param now a clock in ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts the death of `process` once for a model, however many of its calls it ended. */
  record(model: string, process: object): void {
    const crashes = this.#recent(model);
    if (crashes.some((crash) => crash.process === process)) return;
    this.#byModel.set(model, [...crashes, { process, at: this.#now() }]);
  }

  /** Whether the model was there at three deaths within the last minute. */
  areTooMany(model: string): boolean {
    return this.#recent(model).length >= mostCrashes;
  }

  #recent(model: string): readonly { readonly process: object; readonly at: number }[] {
    return (this.#byModel.get(model) ?? []).filter(({ at }) => this.#now() - at < spanMs);
  }
}

const mostCrashes = 3;
const spanMs = 60_000;
