import type { ChatFormat, ToolCallStyle } from '../core/template/chatFormat.ts';
import { possibleMark } from './answerText.ts';
import { type AnswerToken, splitTokens, textOf } from './answerToken.ts';

/** A stretch of an answer of one kind. */
export type AnswerPart =
  | { readonly kind: 'text' | 'reasoning'; readonly tokens: readonly AnswerToken[] }
  | {
      readonly kind: 'call';
      /** The tokens of the call with the marks around it, for the case that it is none. */
      readonly tokens: readonly AnswerToken[];
      /** What stands between the marks. */
      readonly text: string;
      /** Whom the call names outside of its text; absent where the format has no such place. */
      readonly recipient?: string;
    };

export interface AnswerPartsOptions {
  readonly format: ChatFormat;
  /** Whether the prompt ends inside a thought. */
  readonly isThinking: boolean;
  /** Whether the answer may call tools; what looks like a call is text otherwise. */
  readonly hasTools: boolean;
  /** Whether an answer is continued, so that no header comes first. */
  readonly isContinued: boolean;
}

type Mode = 'start' | 'header' | 'text' | 'reasoning' | 'call';

interface Mark {
  readonly text: string;
  readonly next: Mode;
}

/** Cuts an answer at the marks of its model's format, which are not part of it. A mark can span tokens. */
export class AnswerParts {
  readonly #options: AnswerPartsOptions;
  readonly #marks: Readonly<Record<Mode, readonly Mark[]>>;
  #mode: Mode;
  #held: AnswerToken[] = [];
  /** The tokens of a call or a header up to here, and where in them the text of the call begins. */
  #section: AnswerToken[] = [];
  #sectionStart = 0;
  #recipient: string | undefined;
  /** Blank space at the beginning of a part, and at the end of a thought, belongs to its marks. */
  #isAtBeginning = false;
  #blank: AnswerToken[] = [];

  constructor(options: AnswerPartsOptions) {
    this.#options = options;
    this.#marks = marksOf(options);
    this.#mode = firstMode(options);
    this.#isAtBeginning = this.#mode === 'reasoning';
  }

  /** The texts of all marks, which count even where they are control tokens. */
  get marks(): ReadonlySet<string> {
    return new Set(Object.values(this.#marks).flatMap((marks) => marks.map(({ text }) => text)));
  }

  /** What is certain once these tokens have come. */
  push(tokens: readonly AnswerToken[]): AnswerPart[] {
    this.#held.push(...tokens);
    const parts: AnswerPart[] = [];
    while (this.#step(parts));
    return parts;
  }

  /** What was kept back, because the answer ends here. A call that has not ended counts as one. */
  end(): AnswerPart[] {
    const parts: AnswerPart[] = [];
    this.#add(this.#held.splice(0), parts);
    if (this.#mode === 'call') this.#endCall(parts);
    if (this.#mode === 'header' || this.#mode === 'start') pushPart(parts, 'text', this.#section.splice(0));
    return parts;
  }

  /** @returns whether there may be more to do with what is held. */
  #step(parts: AnswerPart[]): boolean {
    const text = textOf(this.#held);
    const marks = this.#marks[this.#mode];
    const found = marks
      .map((mark) => ({ mark, at: text.indexOf(mark.text) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at)[0];
    if (!found) {
      const certain =
        text.length -
        possibleMark(
          text,
          marks.map((mark) => mark.text),
        );
      let end = 0;
      const crossing = this.#held.findIndex((token) => (end += token.text.length) > certain);
      const before = this.#mode;
      this.#add(this.#held.splice(0, crossing < 0 ? this.#held.length : crossing), parts);
      return this.#mode !== before && this.#held.length > 0;
    }
    const [before, rest] = splitTokens(this.#held, found.at);
    const [mark, after] = splitTokens(rest, found.mark.text.length);
    this.#held = after;
    this.#add(before, parts);
    this.#enter(found.mark.next, mark, parts);
    return true;
  }

  #enter(next: Mode, mark: readonly AnswerToken[], parts: AnswerPart[]): void {
    const left = this.#mode;
    if (left === 'call') {
      this.#section.push(...mark);
      this.#endCall(parts, textOf(mark).length);
    }
    this.#blank = [];
    this.#mode = next;
    this.#isAtBeginning = next === 'reasoning' || left !== 'start';
    if (left === 'header' && next !== 'header') this.#readHeader();
    else if (next === 'call') this.#section = [...mark];
    if (this.#mode === 'call') this.#sectionStart = textOf(this.#section).length;
    else if (next !== 'header' || left !== 'header') this.#section = [];
  }

  /** What a header says decides what follows it. */
  #readHeader(): void {
    const header = textOf(this.#section);
    this.#recipient = /to=(?:functions\.)?([\w.-]+)/.exec(header)?.[1];
    if (this.#recipient !== undefined && this.#options.hasTools) this.#mode = 'call';
    else this.#mode = /analysis/.test(header) ? 'reasoning' : 'text';
  }

  #endCall(parts: AnswerPart[], markLength = 0): void {
    const tokens = this.#section.splice(0);
    const whole = textOf(tokens);
    const recipient = this.#recipient;
    this.#recipient = undefined;
    parts.push({
      kind: 'call',
      tokens,
      text: whole.slice(this.#sectionStart, whole.length - markLength),
      ...(recipient === undefined ? {} : { recipient }),
    });
  }

  #add(tokens: readonly AnswerToken[], parts: AnswerPart[]): void {
    if (tokens.length === 0) return;
    switch (this.#mode) {
      case 'start': {
        this.#section.push(...tokens);
        const beginning = textOf(this.#section).trimStart();
        if (beginning === '') return;
        this.#mode = beginning.startsWith('{') ? 'call' : 'text';
        this.#sectionStart = 0;
        if (this.#mode === 'text') pushPart(parts, 'text', this.#section.splice(0));
        return;
      }
      case 'header':
      case 'call':
        this.#section.push(...tokens);
        return;
      case 'text':
        pushPart(parts, 'text', this.#withoutBeginning(tokens));
        return;
      case 'reasoning': {
        const shown = [...this.#blank, ...this.#withoutBeginning(tokens)];
        const [certain, blank] = splitTokens(shown, textOf(shown).trimEnd().length);
        this.#blank = blank;
        pushPart(parts, 'reasoning', certain);
        return;
      }
    }
  }

  #withoutBeginning(tokens: readonly AnswerToken[]): readonly AnswerToken[] {
    if (!this.#isAtBeginning) return tokens;
    const text = textOf(tokens);
    const [, rest] = splitTokens(tokens, text.length - text.trimStart().length);
    if (rest.length > 0) this.#isAtBeginning = false;
    return rest;
  }
}

function firstMode({ format, isThinking, hasTools, isContinued }: AnswerPartsOptions): Mode {
  if (isThinking) return 'reasoning';
  if (isContinued) return 'text';
  if (format.hasChannels) return 'header';
  return format.calls === 'bare' && hasTools ? 'start' : 'text';
}

function marksOf({ format, hasTools }: AnswerPartsOptions): Record<Mode, readonly Mark[]> {
  if (format.hasChannels) {
    const ends = ['<|start|>', '<|end|>', '<|call|>', '<|return|>', '<|channel|>'];
    const marks = ends.map((text): Mark => ({ text, next: 'header' }));
    const header: Mark[] = [{ text: '<|message|>', next: 'text' }];
    return { start: [], header, text: marks, reasoning: marks, call: marks };
  }
  const thought: Mark[] = format.thought ? [{ text: format.thought.open, next: 'reasoning' }] : [];
  const { opens, close } = callMarks[hasTools && format.calls ? format.calls : 'none'];
  const calls = opens.map((text): Mark => ({ text, next: 'call' }));
  return {
    start: [...thought, ...calls],
    header: [],
    text: [...thought, ...calls],
    reasoning: format.thought ? [{ text: format.thought.close, next: 'text' }] : [],
    call: close === undefined ? calls : [{ text: close, next: 'text' }],
  };
}

const callMarks: Readonly<
  Record<ToolCallStyle | 'none', { readonly opens: readonly string[]; readonly close?: string }>
> = {
  none: { opens: [] },
  channels: { opens: [] },
  tagged: { opens: ['<tool_call>'], close: '</tool_call>' },
  bracketed: { opens: ['[TOOL_CALLS]'] },
  bare: { opens: ['<|python_tag|>'] },
};

function pushPart(parts: AnswerPart[], kind: 'text' | 'reasoning', tokens: readonly AnswerToken[]): void {
  if (tokens.length > 0) parts.push({ kind, tokens });
}
