import type { VariableValue } from '../store.ts';
import type { VariableField, VariableShape } from './fields.ts';
import { fieldsUsed, type TemplateUses, usesOf } from './infer.ts';
import type { ParsedPrompt } from './parse.ts';
import { noPartials, type PartialLoader } from './partials.ts';
import { PromptError, throwFirstError } from './problems.ts';
import { declaredFields, withDefault } from './schema.ts';
import { readTemplate, type Template } from './template.ts';
import { mismatch, missingPaths, type PartialValues, valueOf } from './values.ts';

export type { VariableField, VariableShape, VariableType } from './fields.ts';

/**
 * The variables of a prompt: those of `input.schema` in its order, then those that only the template uses. A default
 * of `input.default` stands in the field; one for a name that is neither declared nor used makes no field.
 * @throws PromptError when the schema or the template does not parse, or a partial is missing.
 */
export async function variablesOf(
  prompt: ParsedPrompt,
  partials: PartialLoader = noPartials,
): Promise<readonly VariableField[]> {
  const template = await readTemplate(prompt, partials);
  throwFirstError(template.problems);
  return fieldsOf(prompt, template);
}

/** {@link variablesOf} for a template that has been read, and whose uses may have been found already. */
export async function fieldsOf(
  prompt: ParsedPrompt,
  template: Template,
  uses: TemplateUses = usesOf(template),
): Promise<readonly VariableField[]> {
  const declared = await declaredFields(prompt);
  const names = new Set(declared.map(({ name }) => name));
  const used = fieldsUsed(template, uses)
    .filter(({ name }) => !names.has(name))
    .map((field) => withDefault(field, valueOf(prompt.frontMatter.input.default, field.name)));
  return [...declared, ...used];
}

/** The required fields that have neither a value nor a default, or of which a part has none; see `missingPaths`. */
export function missingVariables(
  fields: readonly VariableField[],
  values: PartialValues,
): readonly VariableField[] {
  return fields.filter((field) => missingPaths([field], values).length > 0);
}

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

/** The text itself where it does not mean a value of the field's type, so that the complaint can quote it. */
function meaningOf(shape: VariableShape, text: string): VariableValue {
  const trimmed = text.trim();
  switch (shape.type) {
    case 'text':
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
