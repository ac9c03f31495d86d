import type { VariableValue } from '../store.ts';
import type { ParsedPrompt } from './parse.ts';
import type { PartialLoader } from './partials.ts';
import type { FileRange } from './problems.ts';

export type VariableType =
  'text' | 'number' | 'integer' | 'boolean' | 'enum' | 'date' | 'array' | 'object' | 'any';

/** One variable of a prompt, as a form, a hover or the command line shows it. */
export interface VariableField {
  readonly name: string;
  readonly type: VariableType;
  readonly description?: string;
  /** Whether a render without it, and without a default, fails. */
  readonly required: boolean;
  readonly default?: VariableValue;
  /** The values of an `enum`, in the order of the schema. */
  readonly choices?: readonly VariableValue[];
  /** The fields of an `object`; absent where any are allowed. */
  readonly fields?: readonly VariableField[];
  /** What an `array` holds; absent where anything is allowed. */
  readonly items?: VariableField;
  /** Where the front matter declares it, or else where the template first uses it. */
  readonly range: FileRange;
}

/**
 * The variables of a prompt: those of `input.schema` in its order, then those that only the template uses.
 * @throws PromptError when the schema or the template does not parse, or a partial is missing.
 */
export function variablesOf(
  prompt: ParsedPrompt,
  partials?: PartialLoader,
): Promise<readonly VariableField[]> {
  throw new Error('not yet');
}

/** The required fields that have neither a value nor a default. `null` is no value; empty text is one. */
export function missingVariables(
  fields: readonly VariableField[],
  values: Readonly<Record<string, VariableValue | undefined>>,
): readonly VariableField[] {
  throw new Error('not yet');
}

/**
 * The value that `text` from a form or the command line means for a field.
 * @throws PromptError with the sentence to show, at the place where the field is declared.
 */
export function coerceVariable(field: VariableField, text: string): VariableValue {
  throw new Error('not yet');
}
