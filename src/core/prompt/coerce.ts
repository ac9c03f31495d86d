import type { VariableValue } from '../store.ts';
import type { VariableField, VariableShape } from './fields.ts';
import { PromptError } from './problems.ts';
import { mismatch } from './values.ts';

/**
 * The value that `text` from a form or the command line means for a field. A list is JSON or one item a line, an
 * object is JSON, and a field of any type takes JSON and else text.
 * @throws PromptError with the sentence to show, at the place where the field is declared.
 */
export function coerceVariable(field: VariableField, text: string): VariableValue {
  const value = meaningOf(field, text);
  const wrong = mismatch(field, value);
  if (wrong !== undefined) throw new PromptError(wrong, field.range);
  return value;
}

/**
 * What `text` means for a shape; the text itself where it means no value of that type, so that the complaint of
 * `mismatch` can quote it.
 */
export function meaningOf(shape: VariableShape, text: string): VariableValue {
  const trimmed = text.trim();
  switch (shape.type) {
    case 'text':
    case 'file':
      return text;
    case 'date':
      return trimmed;
    case 'number':
    case 'integer':
      return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
    case 'boolean':
      return truths.get(trimmed.toLowerCase()) ?? text;
    case 'enum':
      return (
        shape.choices?.find((choice) => choice === trimmed || JSON.stringify(choice) === trimmed) ?? text
      );
    case 'array':
      return trimmed.startsWith('[') ? fromJson(trimmed) : itemsOf(shape.items, trimmed);
    case 'object':
    case 'any':
      return fromJson(text);
    default:
      return shape.type satisfies never;
  }
}

const truths = new Map([
  ['true', true],
  ['yes', true],
  ['false', false],
  ['no', false],
]);

function itemsOf(items: VariableShape | undefined, text: string): VariableValue {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.map((line) => (items ? meaningOf(items, line) : line));
}

function fromJson(text: string): VariableValue {
  try {
    return JSON.parse(text) as VariableValue;
  } catch {
    return text;
  }
}
