/** What one side puts in and the other takes out, in order, waiting while there is nothing. For one reader. */
export class Inbox<Item> {
  readonly #items: Item[] = [];
  #failure: { readonly error: Error } | undefined;
  #wake: (() => void) | undefined;

  put(item: Item): void {
    this.#items.push(item);
    this.#wake?.();
  }

  /** Nothing more will come; only the first error counts. */
  fail(error: Error): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  /** The next item. @throws the error of `fail` once everything before it has been taken. */
  async take(): Promise<Item> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) return item;
      if (this.#failure) throw this.#failure.error;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
