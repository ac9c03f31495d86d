import { isRecord } from '../isRecord.ts';
import type { VariableValue } from '../store.ts';
import type { ImportedInput, InputType } from './conversion.ts';
import type { Fields } from './fields.ts';

/**
 * One declared variable of a Prompty, by the map that describes it. A value that is no map is its default.
 * @param given a value from elsewhere, such as version 1's `sample`.
 */
export function inputOf(
  fields: Fields,
  name: string,
  given: unknown,
  kept: Record<string, unknown>,
): ImportedInput {
  const written = fields.take(name);
  if (!isRecord(written)) {
    const value = (given ?? written) as VariableValue | undefined;
    return {
      name,
      type: typeOf(undefined, value),
      required: true,
      ...(value === undefined ? {} : { default: value }),
    };
  }
  const input = fields.map(name);
  const kind = input?.text('type') ?? input?.text('kind');
  const description = input?.text('description');
  const choices = input?.list('enum') ?? input?.list('enumValues');
  const isRequired = input?.take('required') ?? input?.take('is_required');
  const value = given ?? input?.take('default') ?? input?.take('sample') ?? input?.take('example');
  input?.take('name');
  for (const rest of ['default', 'sample', 'example']) {
    const other = input?.take(rest);
    if (other !== undefined && other !== value) {
      input?.warn(`"${[...input.path, rest].join('.')}" is left out: a variable has one default.`, rest);
    }
  }
  input?.keepRest('prompty', kept);
  return {
    name,
    type: typeOf(kind, value),
    ...(description === undefined ? {} : { description }),
    ...(choices ? { choices: choices as readonly VariableValue[] } : {}),
    required: isRequired !== false,
    ...(value === undefined ? {} : { default: value as VariableValue }),
  };
}

function typeOf(written: string | undefined, value: unknown): InputType {
  const known = written === undefined ? undefined : types.get(written.toLowerCase());
  if (known) return known;
  if (written !== undefined) return 'any';
  if (Array.isArray(value)) return 'array';
  if (value === undefined) return 'string';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'any';
}

const types: ReadonlyMap<string, InputType> = new Map([
  ['string', 'string'],
  ['str', 'string'],
  ['number', 'number'],
  ['float', 'number'],
  ['integer', 'integer'],
  ['int', 'integer'],
  ['boolean', 'boolean'],
  ['bool', 'boolean'],
  ['array', 'array'],
  ['list', 'array'],
  ['object', 'object'],
  ['dict', 'object'],
]);
