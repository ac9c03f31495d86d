import { nextCut } from './cuts.ts';
import type { Encoding } from './encoding.ts';

/** What an edit replaces: UTF-16 offsets in the text before it, end exclusive. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Counts a text that is being edited. It keeps the text in blocks between cuts, and an edit costs the blocks
 * that it touches: 1 to 3 KB, whatever the length of the text. (A text without cuts, such as a megabyte of
 * one letter, is one block.)
 */
export class EditableCount {
  readonly #encoding: Encoding;
  #blocks: Block[];
  #tokens = 0;
  #length = 0;

  constructor(encoding: Encoding, text: string) {
    this.#encoding = encoding;
    this.#blocks = this.#blocksOf(text, true);
    for (const block of this.#blocks) this.#add(block, 1);
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** The length of the text in UTF-16 code units. */
  get length(): number {
    return this.#length;
  }

  /** @throws RangeError when the edit is not within the text, which then is unchanged. */
  edit({ start, end, text }: TextEdit): void {
    if (!(start >= 0 && start <= end && end <= this.#length)) {
      throw new RangeError(`${start} to ${end} is not within the ${this.#length} characters of the text.`);
    }
    const [firstTouched, offset] = this.#blockAt(start);
    let first = firstTouched;
    let [last] = this.#blockAt(end);
    const touched = this.#textOf(first, last);
    let changed = touched.slice(0, start - offset) + text + touched.slice(end - offset);
    // The borders to the neighbours must still be cuts; and the first block of a text counts for itself.
    while (first > 0 && !this.#isBorder(this.#textOf(first - 1, first - 1), changed))
      changed = this.#textOf(--first, first) + changed;
    while (last < this.#blocks.length - 1 && !this.#isBorder(changed, this.#textOf(last + 1, last + 1)))
      changed += this.#textOf(++last, last);
    const blocks = this.#blocksOf(changed, first === 0);
    for (const block of this.#blocks.splice(first, last - first + 1, ...blocks)) this.#add(block, -1);
    for (const block of blocks) this.#add(block, 1);
  }

  /**
   * The block that the offset is in, as an index, and where that block starts. The end of the text is in the
   * last one.
   */
  #blockAt(offset: number): [index: number, start: number] {
    let start = 0;
    for (const [index, { text }] of this.#blocks.entries()) {
      if (offset < start + text.length) return [index, start];
      start += text.length;
    }
    const last = this.#blocks.length - 1;
    return [last, this.#length - (this.#blocks[last]?.text.length ?? 0)];
  }

  #textOf(first: number, last: number): string {
    return this.#blocks
      .slice(first, last + 1)
      .map(({ text }) => text)
      .join('');
  }

  #isBorder(before: string, after: string): boolean {
    return before !== '' && after !== '' && this.#encoding.isCut(before.slice(-1) + after.charAt(0), 1);
  }

  /** At least one block, which is empty only for an empty text. */
  #blocksOf(text: string, isStart: boolean): Block[] {
    const blocks: Block[] = [];
    let at = 0;
    do {
      // The last block takes what is too little for two, so that edits leave no trail of tiny blocks.
      const isLast = text.length - at <= 2 * blockUnits;
      const end = isLast ? text.length : nextCut(text, at + blockUnits, this.#encoding.isCut);
      const part = text.slice(at, end);
      blocks.push({ text: part, tokens: this.#encoding.countPart(part, isStart && at === 0) });
      at = end;
    } while (at < text.length);
    return blocks;
  }

  #add({ text, tokens }: Block, sign: 1 | -1): void {
    this.#tokens += sign * tokens;
    this.#length += sign * text.length;
  }
}

interface Block {
  readonly text: string;
  readonly tokens: number;
}

const blockUnits = 1024;
