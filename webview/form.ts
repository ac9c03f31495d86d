/** The variables form without its looks: what a field shows, and what the text in it means. */
import {
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

/** What the text in a field means: a value, nothing at all, or what is wrong with it. */
export function readText(
  field: VariableField,
  text: string,
): { readonly value?: VariableValue; readonly message?: string } {
  if (field.type === 'boolean') {
    if (text === '' && !field.required) return {};
    return { value: text === 'true' };
  }
  if (text.trim() === '') {
    if (field.required) return { message: missingMessage };
    return field.type === 'text' ? { value: text } : {};
  }
  switch (field.type) {
    case 'text':
      return { value: text };
    case 'any':
      return { value: fromJson(text) ?? text };
    case 'number':
    case 'integer':
      return readNumber(text.trim(), field.type);
    case 'date':
      return Number.isNaN(Date.parse(text))
        ? { message: 'Write a date, such as 2026-11-23.' }
        : { value: text.trim() };
    case 'enum':
      return { value: fromJson(text) ?? text };
    case 'array':
      return readList(field, text);
    case 'object':
      return readObject(text);
    default:
      return field.type satisfies never;
  }
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

function readNumber(text: string, type: 'number' | 'integer'): ReturnType<typeof readText> {
  const value = Number(text);
  if (!Number.isFinite(value)) return { message: 'Write a number, such as 0.7.' };
  if (type === 'integer' && !Number.isInteger(value)) return { message: 'Write a whole number.' };
  return { value };
}

/** JSON, or one item a line. */
function readList(field: VariableField, text: string): ReturnType<typeof readText> {
  if (!text.trim().startsWith('[')) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return { value: field.items?.type === 'text' ? lines : lines.map((line) => fromJson(line) ?? line) };
  }
  const value = fromJson(text);
  if (!Array.isArray(value))
    return { message: 'Write one item a line, or a JSON list such as ["one", "two"].' };
  return { value };
}

function readObject(text: string): ReturnType<typeof readText> {
  const value = fromJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { message: 'Write a JSON object, such as {"name": "value"}.' };
  }
  return { value };
}

/** The value of a JSON text, or `undefined` where it is none. */
function fromJson(text: string): VariableValue | undefined {
  try {
    return JSON.parse(text) as VariableValue;
  } catch {
    return undefined;
  }
}
