import type { VariableValue } from '../store.ts';
import type { FileRange } from './problems.ts';

/** `date` is text such as 2026-11-22; `file` is the text of a file, or its `data:` URL; `any` takes every value. */
export type VariableType =
  'text' | 'number' | 'integer' | 'boolean' | 'enum' | 'date' | 'file' | 'array' | 'object' | 'any';

/** What a value may be. */
export interface VariableShape {
  readonly type: VariableType;
  /** The values of an `enum`, in the order of the schema. */
  readonly choices?: readonly VariableValue[];
  /** The fields of an `object`; absent where any are allowed. */
  readonly fields?: readonly VariableField[];
  /** What an `array` holds; absent where anything is allowed. */
  readonly items?: VariableShape;
}

/** One variable of a prompt, as a form, a hover or the command line shows it. */
export interface VariableField extends VariableShape {
  readonly name: string;
  readonly description?: string;
  /** Whether a render fails that has neither a value nor a default for it. */
  readonly required: boolean;
  readonly default?: VariableValue;
  /** Whether `input.schema` declares it; otherwise the template uses it, and its type is a guess. */
  readonly declared: boolean;
  /** Where the front matter declares it, or else where the template first uses it. */
  readonly range: FileRange;
}
