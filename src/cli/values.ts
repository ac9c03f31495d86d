import { readFile } from 'node:fs/promises';
import type { ParseArgsOptionsConfig } from 'node:util';
import { coerceVariable } from '../core/prompt/coerce.ts';
import type { VariableField } from '../core/prompt/fields.ts';
import type { VariableValue, VariableValues } from '../core/store.ts';
import { UsageError } from './command.ts';

/** Where a command line takes a prompt's values from. */
export interface ValueOptions {
  /** `NAME=VALUE`, in the order of the command line. */
  readonly var: readonly string[];
  /** A JSON file of values; `var` wins over it. */
  readonly vars?: string | undefined;
}

/** These options for `parseArgs`. */
export const valueOptions = {
  var: { type: 'string', multiple: true, default: [] as string[] },
  vars: { type: 'string' },
} satisfies ParseArgsOptionsConfig;

/**
 * The values that a command line gives to a prompt's variables.
 * @throws UsageError for a name that is no variable, or an option that gives no value.
 * @throws PromptError for a value of the wrong type.
 */
export async function valuesFrom(
  options: ValueOptions,
  fields: readonly VariableField[],
): Promise<VariableValues> {
  return { ...(await valuesOfFile(options.vars)), ...valuesOf(options.var, fields) };
}

function valuesOf(assignments: readonly string[], fields: readonly VariableField[]): VariableValues {
  return Object.fromEntries(
    assignments.map((assignment): [string, VariableValue] => {
      const equals = assignment.indexOf('=');
      const name = assignment.slice(0, Math.max(equals, 0));
      const field = fields.find((candidate) => candidate.name === name);
      if (equals < 1) throw new UsageError(`--var ${assignment} lacks its value. Write --var NAME=VALUE.`);
      if (!field) {
        const known = fields.map((candidate) => candidate.name).join(', ') || 'none';
        throw new UsageError(`The prompt has no variable "${name}". Its variables: ${known}.`);
      }
      return [name, coerceVariable(field, assignment.slice(equals + 1))];
    }),
  );
}

async function valuesOfFile(file: string | undefined): Promise<VariableValues> {
  if (file === undefined) return {};
  const values: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new UsageError(`${file} must hold one JSON object, from variable names to values.`);
  }
  return values as VariableValues;
}
