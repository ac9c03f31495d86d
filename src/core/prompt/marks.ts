import type { ImagePart, Message, Role } from '../chat.ts';

/** What a helper puts among the text of a rendered template. */
export type Mark =
  | { readonly type: 'role'; readonly role: Role }
  | { readonly type: 'messages'; readonly messages: readonly Message[] }
  | ImagePart;

/**
 * Marks in rendered text, as a character that occurs nowhere else around the mark's number. Dotprompt writes them as
 * `<<<dotprompt:role:system>>>`, which a variable's text can hold, or two variables together, and so speak as the system.
 */
export class Marks {
  readonly #separator: string;
  readonly #marks: Mark[] = [];

  /** @throws RangeError when `texts` hold all 6,400 characters that Unicode leaves to private use. */
  constructor(texts: readonly string[]) {
    let code = 0xe000;
    while (texts.some((text) => text.includes(String.fromCharCode(code)))) code++;
    if (code > 0xf8ff) throw new RangeError('The text leaves no private-use character free.');
    this.#separator = String.fromCharCode(code);
  }

  /** The text that stands for a mark until {@link split}. */
  add(mark: Mark): string {
    return `${this.#separator}${this.#marks.push(mark) - 1}${this.#separator}`;
  }

  /** A text that stands for no text at all. */
  get nothing(): string {
    return this.#separator + this.#separator;
  }

  /** Rendered text as pieces of text and the marks between them, in order. */
  split(rendered: string): readonly (string | Mark)[] {
    return rendered.split(this.#separator).map((piece, i) => {
      const mark = i % 2 === 1 && piece !== '' ? this.#marks[Number(piece)] : undefined;
      return mark ?? piece;
    });
  }
}
