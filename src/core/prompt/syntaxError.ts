import { messageOf } from '../errors.ts';

/** What the parser's error says. `line` counts from 1 and `column` from 0, as in the tree. */
export function syntaxError(
  error: unknown,
  handlebars: typeof Handlebars,
): { message: string; line: number; column: number } {
  const { lineNumber, column } = error as { lineNumber?: number; column?: number };
  if (lineNumber !== undefined && column !== undefined) {
    const message = messageOf(error).replace(` - ${lineNumber}:${column}`, '');
    return { message: `The template does not parse: ${message}.`, line: lineNumber, column };
  }
  // The grammar's own errors carry their place in a drawing only; the lexer still stands there.
  const { lexer } = (handlebars as unknown as { Parser: { lexer: Lexer } }).Parser;
  return {
    message: lexer.done
      ? 'The template ends before a {{#block}} or a {{…}} is closed.'
      : `The template does not parse at "${lexer.match}".`,
    line: lexer.yylloc.first_line,
    column: lexer.yylloc.first_column,
  };
}

interface Lexer {
  readonly done: boolean;
  readonly match: string;
  readonly yylloc: { readonly first_line: number; readonly first_column: number };
}
