import { messageOf } from '../errors.ts';

/** What keeps a template from being parsed. `line` counts from 1 and `column` from 0, as in the tree. */
export interface SyntaxFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /** Whether the text ended, outside of all tags, before a block was closed. */
  readonly isOpenAtEnd: boolean;
  /** Whether the parser would take seconds for it, or overflow its stack. */
  readonly isTooDeep: boolean;
}

/** What the parser's error says; a RangeError is that of a template that is nested too deeply. */
export function syntaxError(error: unknown, handlebars: typeof Handlebars): SyntaxFault {
  const sound = { isOpenAtEnd: false, isTooDeep: false };
  if (error instanceof RangeError) {
    const message = 'The blocks of the template are nested too deeply. Take some out of each other.';
    return { ...sound, message, line: 1, column: 0, isTooDeep: true };
  }
  const { lineNumber, column } = error as { lineNumber?: number; column?: number };
  if (lineNumber !== undefined && column !== undefined) {
    const message = messageOf(error).replace(` - ${lineNumber}:${column}`, '');
    return { ...sound, message: `The template does not parse: ${message}.`, line: lineNumber, column };
  }
  // The grammar's own errors carry their place in a drawing only; the lexer still stands there.
  const { lexer } = (handlebars as unknown as { Parser: { lexer: Lexer } }).Parser;
  return {
    ...sound,
    message: lexer.done
      ? 'The template ends before a {{#block}} or a {{…}} is closed.'
      : `The template does not parse at "${lexer.match}".`,
    line: lexer.yylloc.first_line,
    column: lexer.yylloc.first_column,
    isOpenAtEnd: lexer.done && lexer.match === '' && lexer.conditionStack.at(-1) === 'INITIAL',
  };
}

/** The end of a text, where what is not closed is found out. */
export function endOf(text: string): Pick<SyntaxFault, 'line' | 'column'> {
  const lines = text.split(/\r\n?|\n/);
  return { line: lines.length, column: lines.at(-1)?.length ?? 0 };
}

interface Lexer {
  readonly done: boolean;
  readonly match: string;
  readonly conditionStack: readonly string[];
  readonly yylloc: { readonly first_line: number; readonly first_column: number };
}
