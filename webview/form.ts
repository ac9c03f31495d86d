/** The variables form without its looks: what a field shows, and what the text in it means. */
import {
  type Filled,
  meaningOf,
  mismatch,
  missingPaths,
  newestRun,
  type PanelState,
  type VariableField,
  type VariableValue,
  type VariableValues,
} from '../src/protocol.ts';

/** What was typed and not run yet, by variable name. A field without a draft shows the host's value. */
export type Drafts = Readonly<Record<string, string>>;

/** A sentence beside a field, by variable name. */
export type FieldMessages = Readonly<Record<string, string>>;

export const missingMessage = 'Needs a value.';

/** The values that the form starts with: those of the newest run that is shown, else what the host remembers. */
export function valuesShown({ prompt, lanes }: Pick<PanelState, 'prompt' | 'lanes'>): VariableValues {
  if (!prompt) return {};
  const run = newestRun(lanes);
  return run?.prompt?.uri === prompt.uri ? { ...prompt.values, ...run.variables } : prompt.values;
}

/** The text in a field. `''` stands for no value, except in a text. */
export function textIn(field: VariableField, values: VariableValues, drafts: Drafts): string {
  return drafts[field.name] ?? textFor(field, values[field.name] ?? field.default);
}

/** The text that stands for a value in a field, the inverse of {@link readText}. */
export function textFor(field: VariableField, value: VariableValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (field.type === 'enum') return JSON.stringify(value);
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** What the text in a field means: a value, nothing at all, or what is wrong with it, by the rules of a run. */
export function readText(
  field: VariableField,
  text: string,
): { readonly value?: VariableValue; readonly message?: string } {
  if (text.trim() === '') {
    if (field.type === 'boolean') return field.required ? { value: false } : {};
    if (field.required) return { message: missingMessage };
    return field.type === 'text' ? { value: text } : {};
  }
  const value = valueOf(field, text);
  const message = hintFor(field, value) ?? mismatch(field, value) ?? missingPart(field, value);
  return message === undefined ? { value } : { message };
}

/** The drafts after the form was filled: what is not filled stays as it was typed. */
export function filledDrafts(fields: readonly VariableField[], drafts: Drafts, filled: Filled): Drafts {
  const texts = fields.flatMap((field): readonly [string, string][] => {
    const { name } = field;
    if (Object.hasOwn(filled.texts, name)) return [[name, filled.texts[name] ?? '']];
    return Object.hasOwn(filled.values, name) ? [[name, textFor(field, filled.values[name])]] : [];
  });
  return { ...drafts, ...Object.fromEntries(texts) };
}

/** All values of the form, and a message for each field that keeps the prompt from running. */
export function readForm(
  fields: readonly VariableField[],
  values: VariableValues,
  drafts: Drafts,
): { readonly values: VariableValues; readonly messages: FieldMessages } {
  const read: Record<string, VariableValue> = {};
  const messages: Record<string, string> = {};
  for (const field of fields) {
    const untouched = drafts[field.name] === undefined && values[field.name] === undefined;
    if (untouched && field.default === undefined && !field.required) continue;
    const { value, message } = readText(field, textIn(field, values, drafts));
    if (message !== undefined) messages[field.name] = message;
    else if (value !== undefined) read[field.name] = value;
  }
  return { values: read, messages };
}

/** The drafts that differ from what the form would show without them. */
export function draftsThatDiffer(
  fields: readonly VariableField[],
  values: VariableValues,
  drafts: Drafts,
): Drafts {
  const differs = (field: VariableField) =>
    drafts[field.name] !== undefined && drafts[field.name] !== textIn(field, values, {});
  return Object.fromEntries(fields.filter(differs).map(({ name }) => [name, drafts[name] ?? '']));
}

/** A choice and a truth stand in their fields as {@link textFor} writes them. */
function valueOf(field: VariableField, text: string): VariableValue {
  if (field.type === 'enum') return fromJson(text) ?? text;
  if (field.type === 'boolean') return text === 'true' || (text === 'false' ? false : text);
  return meaningOf(field, text);
}

/** What to write, where text that should be JSON is none. */
function hintFor({ type }: VariableField, value: VariableValue): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (type === 'array') return 'Write one item a line, or a JSON list such as ["one", "two"].';
  return type === 'object' ? 'Write a JSON object, such as {"name": "value"}.' : undefined;
}

/** What an object lacks, or a value of `null` that must be one. */
function missingPart(field: VariableField, value: VariableValue): string | undefined {
  const paths = missingPaths([field], { [field.name]: value });
  if (paths[0] === field.name) return missingMessage;
  return paths.length === 0 ? undefined : `Needs a value for ${paths.map((path) => `"${path}"`).join(', ')}.`;
}

/** The value of a JSON text, or `undefined` where it is none. */
function fromJson(text: string): VariableValue | undefined {
  try {
    return JSON.parse(text) as VariableValue;
  } catch {
    return undefined;
  }
}
