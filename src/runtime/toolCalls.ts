import { isRecord } from '../core/isRecord.ts';
/** A call as the model wrote it. */
export interface ParsedCall {
  readonly name: string;
  /** A JSON object as text. */
  readonly arguments: string;
}

/**
 * The calls in a stretch of an answer, in any of the ways that models write them.
 * @param text what stands between the marks of a call, or a whole answer.
 * @param recipient the tool's name where it stands outside of the text, which then holds the arguments alone.
 * @returns `undefined` when it is none: no JSON, no name, or arguments that are no object.
 */
export function parsedCalls(text: string, recipient?: string): readonly ParsedCall[] | undefined {
  const trimmed = text.trim();
  if (recipient !== undefined) return callOf(recipient, jsonOf(trimmed === '' ? '{}' : trimmed));
  const named = /^([\w.-]+)\s*(?:\[ARGS\]|(?=\{))([\s\S]*)$/.exec(trimmed);
  if (named) return callOf(named[1], jsonOf(named[2] ?? ''));
  const tagged = /^<function=([\w.-]+)>([\s\S]*?)(?:<\/function>)?$/.exec(trimmed);
  if (tagged) return callOf(tagged[1], parametersOf(tagged[2] ?? ''));
  const value = jsonOf(trimmed);
  const calls = (Array.isArray(value) ? value : [value]).map(callOfObject);
  return calls.length > 0 && calls.every((call) => call !== undefined) ? calls.flat() : undefined;
}

function callOfObject(value: unknown): readonly ParsedCall[] | undefined {
  if (!isRecord(value)) return undefined;
  const { name, arguments: args = {}, parameters = args } = value;
  // Some models put the arguments into the JSON as text once more.
  return callOf(name, typeof parameters === 'string' ? jsonOf(parameters) : parameters);
}

function callOf(name: unknown, args: unknown): readonly ParsedCall[] | undefined {
  if (typeof name !== 'string' || name === '' || !isRecord(args)) return undefined;
  return [{ name, arguments: JSON.stringify(args) }];
}

/** Qwen 3 Coder's way: `<parameter=key>` and its value, which is JSON where it can be read as such. */
function parametersOf(text: string): Record<string, unknown> {
  const found = text.matchAll(/<parameter=([\w.-]+)>\n?([\s\S]*?)\n?<\/parameter>/g);
  return Object.fromEntries(found.map(([, key = '', value = '']) => [key, jsonOf(value) ?? value] as const));
}

/** @returns `undefined` for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
