/**
 * Tokens that a model's maker added by hand, such as `<tool_call>`. They are found in the text before
 * anything else is done, also in plain text, the longest first. (Control tokens such as `<|im_start|>` are
 * not among them: in plain text they mean nothing.)
 * Source: `tokenizer_st_partition` in llama.cpp's src/llama-vocab.cpp, read 2026-11-23.
 */
export class AddedTokens {
  readonly #texts: ReadonlyMap<number, string>;
  /** Longest in UTF-8 first. */
  readonly #ordered: readonly (readonly [id: number, text: string])[];
  /** The neighbours inside the tokens: between such two characters a cut could go through a token. */
  readonly #inner: ReadonlySet<string>;

  constructor(texts: ReadonlyMap<number, string>) {
    this.#texts = texts;
    const lengthInBytes = (text: string): number => utf8.encode(text).length;
    this.#ordered = [...texts].sort(([, a], [, b]) => lengthInBytes(b) - lengthInBytes(a));
    this.#inner = new Set(
      [...texts.values()].flatMap((text) =>
        Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2)),
      ),
    );
  }

  textOf(id: number): string {
    return this.#texts.get(id) ?? '';
  }

  /** Whether a token could lie across the offset `at`. */
  mayCross(text: string, at: number): boolean {
    return this.#inner.has(text.slice(at - 1, at + 1));
  }

  /** The text in order, with an id in the place of each token. */
  split(text: string): (string | number)[] {
    let segments: (string | number)[] = [text];
    for (const [id, token] of this.#ordered) {
      if (!text.includes(token)) continue;
      segments = segments.flatMap((segment) =>
        typeof segment === 'number' ? segment : splitAt(segment, token, id),
      );
    }
    return segments;
  }
}

function splitAt(text: string, token: string, id: number): (string | number)[] {
  return text
    .split(token)
    .flatMap((part, index) => (index === 0 ? [part] : [id, part]))
    .filter((segment) => segment !== '');
}

const utf8 = new TextEncoder();
