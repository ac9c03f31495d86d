import type { VariableField } from '../prompt/variables.ts';
import { missingIn, openPrompt, type PreparedRun, type PromptSource } from '../run/prepareRun.ts';
import type { VariableValue, VariableValues } from '../store.ts';
import { type VariableTexts, variableTexts } from './variableTexts.ts';

/** A prompt as it would be sent now. */
export interface EstimatedPrompt {
  readonly prepared: PreparedRun;
  /** Variables without a value; what stands for them is as little text as their type allows. */
  readonly missing: readonly string[];
  readonly variables: readonly VariableTexts[];
}

/**
 * Renders a prompt with the values that there are.
 * @param defaultModel for a prompt that names none
 * @throws PromptError when the prompt has an error, or a value is of the wrong type.
 */
export async function estimatedPrompt(
  source: PromptSource,
  values: VariableValues,
  defaultModel: string,
): Promise<EstimatedPrompt> {
  const opened = await openPrompt(source);
  const missing = missingIn(opened, values);
  const complete = { ...values, ...standIns(opened.fields, values) };
  const prepared = await opened.prepare(complete, opened.frontMatter.model ?? defaultModel);
  const { variables, request } = prepared.input;
  const texts = await variableTexts(source, variables, request.messages);
  return { prepared, missing, variables: texts.filter(({ name }) => !missing.includes(name)) };
}

/** The least that each required field without a value can hold. */
function standIns(fields: readonly VariableField[], values: VariableValues): VariableValues {
  const needed = fields.flatMap((field): (readonly [string, VariableValue])[] => {
    const value = Object.hasOwn(values, field.name) ? values[field.name] : undefined;
    if (value == null) {
      return field.required && field.default === undefined ? [[field.name, standIn(field)]] : [];
    }
    if (!field.fields || typeof value !== 'object' || Array.isArray(value)) return [];
    const record = value as VariableValues;
    return [[field.name, { ...record, ...standIns(field.fields, record) }]];
  });
  return Object.fromEntries(needed);
}

function standIn(field: VariableField): VariableValue {
  switch (field.type) {
    case 'text':
    case 'file':
    case 'any':
      return '';
    case 'number':
    case 'integer':
      return 0;
    case 'boolean':
      return false;
    case 'enum':
      return field.choices?.[0] ?? '';
    case 'date':
      return '2000-01-01';
    case 'array':
      return [];
    case 'object':
      return standIns(field.fields ?? [], {});
    default:
      return field.type satisfies never;
  }
}
