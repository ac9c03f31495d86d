/** Lets any number pass at once, and shuts for whoever needs all of them out. */
export class Gate {
  #inside = 0;
  #shut: Promise<undefined> | undefined;
  #emptied: (() => void) | undefined;

  /** Whether somebody has shut it, or waits for those inside to leave. */
  get isShut(): boolean {
    return this.#shut !== undefined;
  }

  /** Runs `step` as soon as the gate is open; at once when it is. */
  async pass<Result>(step: () => Promise<Result>): Promise<Result> {
    while (this.#shut) await this.#shut;
    this.#inside++;
    try {
      return await step();
    } finally {
      if (--this.#inside === 0) this.#emptied?.();
    }
  }

  /** Runs `change` while nobody is inside; who comes meanwhile waits. Two changes follow each other. */
  async shutFor<Result>(change: () => Promise<Result>): Promise<Result> {
    while (this.#shut) await this.#shut;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#shut = promise;
    try {
      if (this.#inside > 0) await new Promise<void>((emptied) => (this.#emptied = emptied));
      return await change();
    } finally {
      this.#emptied = undefined;
      this.#shut = undefined;
      resolve(undefined);
    }
  }
}
