import { readJson } from './convert/readJson.ts';
import { messageOf } from './errors.ts';
import { PromptError } from './prompt/problems.ts';

/** A JSON value, as a file holds it. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** Text that is not JSON; the message says why and where. Lines and columns count from 1. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly line: number;
  readonly column: number;

  constructor(reason: string, line: number, column: number, options?: ErrorOptions) {
    super(`${reason.replace(/\.$/, '')} (line ${line}, column ${column}).`, options);
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
    const { message, line, column } = problemIn(json) ?? { message: messageOf(error), line: 1, column: 1 };
    throw new JsonError(message, line, column, { cause: error });
  }
}

/** Whether a JSON value is an object, and no list. */
export function isJsonObject(value: unknown): value is { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What our own reader, which is slower and keeps places, has against a text. */
function problemIn(json: string): PromptError['problem'] | undefined {
  try {
    readJson(json);
    return undefined;
  } catch (error) {
    if (error instanceof PromptError) return error.problem;
    throw error;
  }
}
