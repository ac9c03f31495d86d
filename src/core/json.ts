import { type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

/** A JSON value, as a file holds it. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** Text that is not JSON; the message says why and where. Lines and columns count from 1. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly line: number;
  readonly column: number;

  constructor(reason: string, line: number, column: number, options?: ErrorOptions) {
    super(`It is not JSON: ${reason} (line ${line}, column ${column}).`, options);
    this.line = line;
    this.column = column;
  }
}

/**
 * The value of a JSON text. A byte order mark before it does not count.
 * @throws JsonError with the place, which the engine's own error has only sometimes, and only in its words.
 */
export function parseJson(text: string): JsonValue {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(json) as JsonValue;
  } catch (error) {
    const errors: ParseError[] = [];
    parseTree(json, errors, { disallowComments: true });
    // Engines refuse some control characters that the library lets through; then the place is the start.
    const [first] = errors;
    const offset = first?.offset ?? 0;
    const code = first && printParseErrorCode(first.error);
    const before = json.slice(0, offset).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new JsonError(reasons[code ?? ''] ?? 'something is out of place', before.length, column, {
      cause: error,
    });
  }
}

/** Whether a JSON value is an object, and no list. */
export function isJsonObject(value: unknown): value is { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** By the library's name for the error. */
const reasons: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a word stands there that is neither a value nor quoted',
  InvalidNumberFormat: 'the number is not written as JSON writes numbers',
  PropertyNameExpected: 'a quoted name is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: 'a colon is missing',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'the brace } is missing',
  CloseBracketExpected: 'the bracket ] is missing',
  EndOfFileExpected: 'more text follows the value',
  InvalidCommentToken: 'comments are not part of JSON',
  UnexpectedEndOfComment: 'a comment is not closed',
  UnexpectedEndOfString: 'a text has no closing quote',
  UnexpectedEndOfNumber: 'a number breaks off',
  InvalidUnicode: 'a \\u is not followed by four digits',
  InvalidEscapeCharacter: 'a backslash is followed by a letter that means nothing',
  InvalidCharacter: 'a line break or another control character stands in a text',
};
