import { readFile } from 'node:fs/promises';
import type { ParseArgsOptionsConfig } from 'node:util';
import { messageOf } from '../core/errors.ts';
import { isJsonObject, JsonError, parseJson } from '../core/json.ts';
import { coerceVariable } from '../core/prompt/coerce.ts';
import type { VariableField } from '../core/prompt/fields.ts';
import { inputSetsFileName, readInputSets } from '../core/prompt/inputSets.ts';
import { PromptError } from '../core/prompt/problems.ts';
import type { VariableValue, VariableValues } from '../core/store.ts';
import { fileValue } from '../node/fileValue.ts';
import { readText } from '../node/textFiles.ts';
import { UsageError } from './command.ts';

/** Where a command line takes a prompt's values from; each wins over those below it. */
export interface ValueOptions {
  /** `NAME=VALUE`, in the order of the command line. The value `-` stands for standard input; that of a file is its path. */
  readonly var: readonly string[];
  /** A JSON file of values, or `-` for standard input. */
  readonly vars?: string | undefined;
  /** The name of a set in the file of sets beside the prompt. */
  readonly inputs?: string | undefined;
}

/** These options for `parseArgs`. */
export const valueOptions = {
  var: { type: 'string', multiple: true, default: [] as string[] },
  vars: { type: 'string' },
  inputs: { type: 'string' },
} satisfies ParseArgsOptionsConfig;

/** How they are written, for the usage of a command. */
export const valueUsage = '[--var NAME=VALUE|-]… [--vars FILE.json|-] [--inputs SET]';

/**
 * The values that a command line gives to a prompt's variables. Names in a file that are no variables are passed on, for
 * a template may show all that it is given, and a warning says so on standard error.
 * @param file the prompt's, as it was named.
 * @throws UsageError for a name that is no variable, or an option that gives no value.
 * @throws PromptError for a value of the wrong type.
 * @throws Error for a file that cannot be used, with the place in it.
 */
export async function valuesFrom(
  options: ValueOptions,
  fields: readonly VariableField[],
  file: string,
): Promise<VariableValues> {
  const fromStdin = [options.vars ?? '', ...options.var].filter((text) => /^(-|[^=]+=-)$/.test(text));
  if (fromStdin.length > 1) throw new UsageError('Only one value can come from standard input (-).');
  const values = { ...(await valuesOfSet(options.inputs, file)), ...(await valuesOfFile(options.vars)) };
  const known = new Set(fields.map(({ name }) => name));
  for (const name of Object.keys(values).filter((each) => !known.has(each))) {
    console.error(`Warning (${name}): The prompt has no such variable. ${variablesOf(fields)}`);
  }
  return { ...values, ...(await valuesOf(options.var, fields)) };
}

async function valuesOf(
  assignments: readonly string[],
  fields: readonly VariableField[],
): Promise<VariableValues> {
  const values: [string, VariableValue][] = [];
  for (const assignment of assignments) {
    const equals = assignment.indexOf('=');
    const name = assignment.slice(0, Math.max(equals, 0));
    const field = fields.find((candidate) => candidate.name === name);
    if (equals < 1) throw new UsageError(`--var ${assignment} lacks its value. Write --var NAME=VALUE.`);
    if (!field) throw new UsageError(`The prompt has no variable "${name}". ${variablesOf(fields)}`);
    values.push([name, await valueOf(field, assignment.slice(equals + 1))]);
  }
  return Object.fromEntries(values);
}

async function valueOf(field: VariableField, written: string): Promise<VariableValue> {
  if (written === '-') return coerceVariable(field, await readText('-'));
  if (field.type !== 'file') return coerceVariable(field, written);
  try {
    return fileValue(written, await readFile(written));
  } catch (error) {
    const message = `The file of "${field.name}" cannot be read: ${messageOf(error)}`;
    throw new PromptError(message, field.range, { cause: error });
  }
}

async function valuesOfFile(file: string | undefined): Promise<VariableValues> {
  if (file === undefined) return {};
  const name = file === '-' ? 'standard input' : file;
  const values = await inFile(name, async () => parseJson(await readText(file)));
  if (isJsonObject(values)) return values;
  throw new UsageError(`${name} must hold one JSON object, from variable names to values.`);
}

async function valuesOfSet(name: string | undefined, prompt: string): Promise<VariableValues> {
  if (name === undefined) return {};
  const file = inputSetsFileName(prompt);
  const sets = await inFile(file, async () => readInputSets(await readText(file)));
  const set = sets.find((candidate) => candidate.name === name);
  if (set) return set.values;
  const known = sets.map((each) => each.name).join(', ') || 'none';
  throw new UsageError(`${file} has no set "${name}". Its sets: ${known}.`);
}

/** What `read` gives; what goes wrong has the file and the place in front, as compilers write it. */
async function inFile<Result>(file: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const place = error instanceof JsonError ? `:${error.line}:${error.column}` : '';
    throw new Error(`${file}${place}: ${messageOf(error)}`, { cause: error });
  }
}

function variablesOf(fields: readonly VariableField[]): string {
  return `Its variables: ${fields.map(({ name }) => name).join(', ') || 'none'}.`;
}
