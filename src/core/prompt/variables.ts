import type { VariableField } from './fields.ts';
import { fieldsUsed, type TemplateUses, usesOf } from './infer.ts';
import type { ParsedPrompt } from './parse.ts';
import { noPartials, type PartialLoader } from './partials.ts';
import { throwFirstError } from './problems.ts';
import { declaredFields, withDefault } from './schema.ts';
import { readTemplate, type Template } from './template.ts';
import { missingPaths, type PartialValues, valueOf } from './values.ts';

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
