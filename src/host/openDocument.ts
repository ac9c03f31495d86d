import type { TextEdit } from '../core/tokens/editableCount.ts';
import type { OpenText, Tokenizer, TokenizerSource } from '../node/tokenizer.ts';

/** What is needed of an editor's document. */
export interface CountedDocument {
  getText(): string;
  /** In UTF-16 code units. */
  readonly length: number;
}

/** A change as VS Code tells it: offsets in the text before it. */
export interface DocumentChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/**
 * A document that is kept open in the tokenizer's worker, so that to count it after a change costs what the change costs. Its
 * text is read once, at the first count.
 */
export class OpenDocument implements Disposable {
  readonly #document: CountedDocument;
  readonly #source: TokenizerSource;
  readonly #tokenizer: Tokenizer;
  readonly #closed = new AbortController();
  /** The text in the worker; absent before the first count and after it was lost. */
  #text: OpenText | undefined;
  /** Its length with the changes below, in UTF-16 code units. */
  #length = 0;
  #changes: TextEdit[] = [];
  #queue: Promise<unknown> = Promise.resolve();

  constructor(document: CountedDocument, source: TokenizerSource, tokenizer: Tokenizer) {
    this.#document = document;
    this.#source = source;
    this.#tokenizer = tokenizer;
  }

  /** Tells what has changed, once for each change of the document, in the editor's order: from the end to the beginning. */
  change(changes: readonly DocumentChange[]): void {
    for (const { rangeOffset, rangeLength, text } of changes) {
      this.#changes.push({ start: rangeOffset, end: rangeOffset + rangeLength, text });
      this.#length += text.length - rangeLength;
    }
  }

  /**
   * How many tokens the document has as it stands now.
   * @throws LlmError as `Tokenizer.open` does, and `cancelled` once this is disposed of.
   */
  async tokens(): Promise<number> {
    const counting = this.#queue.then(() => this.#count());
    this.#queue = counting.catch(() => {});
    return counting;
  }

  [Symbol.dispose](): void {
    this.#closed.abort();
    this.#text?.[Symbol.dispose]();
  }

  async #count(): Promise<number> {
    const { signal } = this.#closed;
    const changes = this.#changes;
    this.#changes = [];
    // Other line ends, for one, are no change with offsets.
    if (!this.#text || this.#length !== this.#document.length) return this.#open();
    try {
      return await this.#text.edit(changes, signal);
    } catch {
      // The worker died, or the text is not what it was thought to be.
      return this.#open();
    }
  }

  async #open(): Promise<number> {
    this.#text?.[Symbol.dispose]();
    this.#text = undefined;
    this.#changes = [];
    const text = this.#document.getText();
    this.#length = text.length;
    const opened = await this.#tokenizer.open(text, this.#source, this.#closed.signal);
    this.#text = opened;
    return opened.tokens;
  }
}
