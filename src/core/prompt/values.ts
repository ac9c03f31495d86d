import { isRecord } from '../isRecord.ts';
import type { VariableValue, VariableValues } from '../store.ts';
import type { VariableField, VariableShape } from './fields.ts';

/** Values by variable name, as far as there are any. */
export type PartialValues = Readonly<Record<string, VariableValue | undefined>>;

/** The value of a name, and not what every object has under names such as `constructor`. */
export function valueOf(values: PartialValues, name: string): VariableValue | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** The values, and the defaults of those names that have none. `null` is a value here: it takes a default away. */
export function withDefaults(defaults: VariableValues, values: PartialValues): VariableValues {
  const given = Object.entries(values).filter(
    (entry): entry is [string, VariableValue] => entry[1] !== undefined,
  );
  return { ...defaults, ...Object.fromEntries(given) };
}

/**
 * The paths, such as `user.name`, that are required and have no value. Empty text is a value; `null` is one for a field
 * that is not declared, since a template can compare with it.
 */
export function missingPaths(fields: readonly VariableField[], values: PartialValues): readonly string[] {
  return fields.flatMap((field) => {
    const value = valueOf(values, field.name);
    const absent = value === undefined || (value === null && field.declared);
    if (absent) return field.required && field.default === undefined ? [field.name] : [];
    if (!field.fields || !isRecord(value)) return [];
    return missingPaths(field.fields, value).map((path) => `${field.name}.${path}`);
  });
}

/** What is wrong with a value, such as `"n" must be a whole number, not "many".`, or `undefined` when nothing is. */
export function mismatch(field: VariableField, value: VariableValue): string | undefined {
  if (value === null && !(field.required && field.declared)) return undefined;
  return mismatchAt(field.name, field, field.declared, value);
}

function mismatchAt(
  path: string,
  shape: VariableShape,
  declared: boolean,
  value: VariableValue,
): string | undefined {
  if (!takes(shape, declared, value)) return `"${path}" must be ${expected(shape)}, not ${quoted(value)}.`;
  const below: (string | undefined)[] = [];
  if (Array.isArray(value) && shape.items) {
    const items = value as readonly VariableValue[];
    below.push(...items.map((item, i) => mismatchAt(`${path}[${i}]`, shape.items ?? shape, declared, item)));
  }
  if (isRecord(value)) {
    for (const field of shape.fields ?? []) {
      const inner = valueOf(value, field.name);
      if (inner != null) below.push(mismatchAt(`${path}.${field.name}`, field, declared, inner));
    }
  }
  return below.find((message) => message !== undefined);
}

/** A type that was guessed from the template takes whatever Handlebars can do something with. */
function takes(shape: VariableShape, declared: boolean, value: VariableValue): boolean {
  switch (shape.type) {
    case 'text':
      return !declared || typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'integer':
      return Number.isInteger(value);
    case 'boolean':
      return !declared || typeof value === 'boolean';
    case 'enum':
      return (shape.choices ?? []).includes(value);
    case 'date':
      return typeof value === 'string' && isDate(value);
    case 'file':
      return typeof value === 'string';
    case 'array':
      return Array.isArray(value) || (!declared && isRecord(value));
    case 'object':
      return isRecord(value);
    case 'any':
      return true;
    default:
      return shape.type satisfies never;
  }
}

function expected(shape: VariableShape): string {
  switch (shape.type) {
    case 'text':
      return 'text';
    case 'number':
      return 'a number';
    case 'integer':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'enum':
      return `one of ${(shape.choices ?? []).map((choice) => JSON.stringify(choice)).join(', ')}`;
    case 'date':
      return 'a date such as 2026-11-22';
    case 'file':
      return 'the text of a file';
    case 'array':
      return 'a list';
    case 'object':
      return 'an object';
    case 'any':
      return 'any value';
    default:
      return shape.type satisfies never;
  }
}

function quoted(value: VariableValue): string {
  const json = JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}

/** Whether a text is a day of the calendar: 2026-02-30 has the form and is none. */
function isDate(text: string): boolean {
  const date = new Date(text);
  return (
    /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  );
}
