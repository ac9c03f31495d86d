import type { JsonSchema, ResponseFormat } from '../chat.ts';
import { messageOf } from '../errors.ts';
import { isRecord } from '../isRecord.ts';
import type { VariableValue } from '../store.ts';
import type { VariableField, VariableShape } from './fields.ts';
import type { ParsedPrompt } from './parse.ts';
import { type FileRange, PromptError } from './problems.ts';
import { valueOf } from './values.ts';

/**
 * What the front matter's `output` asks the answer to be, or `undefined` for free text.
 * @throws PromptError when its schema is not one.
 */
export async function responseFormatOf(prompt: ParsedPrompt): Promise<ResponseFormat | undefined> {
  const { format, grammar } = prompt.frontMatter.output;
  if (grammar !== undefined) return { type: 'gbnf', grammar };
  if (format === 'text') return undefined;
  const schema = await jsonSchemaOf(prompt, 'output');
  if (!schema) return format === 'json' ? { type: 'json' } : undefined;
  // Services allow only these characters in a schema's name, and 64 of them.
  const name = (prompt.frontMatter.name ?? 'answer').replace(/[^\w-]+/g, '_').slice(0, 64);
  return { type: 'json-schema', name, schema };
}

/**
 * The variables that `input.schema` declares, in its order; none where there is no schema.
 * @throws PromptError when the schema is not one, or does not describe an object.
 */
export async function declaredFields(prompt: ParsedPrompt): Promise<readonly VariableField[]> {
  const schema = await jsonSchemaOf(prompt, 'input');
  if (!schema) return [];
  if (!isRecord(schema['properties'])) {
    throw new PromptError(
      '"input.schema" must describe an object: a map of variable names to their types.',
      prompt.locate(['input', 'schema']),
    );
  }
  const defaults = prompt.frontMatter.input.default;
  return propertiesOf(schema, (name) => prompt.locate(pathOf(name, prompt.frontMatter.input.schema))).map(
    (field) => withDefault(field, valueOf(defaults, field.name)),
  );
}

/** A field with another default, or as it is when that is absent. */
export function withDefault(field: VariableField, value: VariableValue | undefined): VariableField {
  return value === undefined ? field : { ...field, default: value };
}

/** The schema of a part as JSON Schema; `undefined` where there is none. @throws PromptError when it is not one. */
async function jsonSchemaOf(prompt: ParsedPrompt, part: 'input' | 'output'): Promise<JsonSchema | undefined> {
  const { schema } = prompt.frontMatter[part];
  return schema === undefined ? undefined : readSchema(prompt, [part, 'schema'], schema);
}

/**
 * Picoschema or JSON Schema as JSON Schema.
 * @param path where the front matter has it.
 * @throws PromptError when it is neither.
 */
export async function readSchema(
  prompt: ParsedPrompt,
  path: readonly string[],
  schema: unknown,
): Promise<JsonSchema> {
  const { picoschema } = await import('dotprompt');
  try {
    // A copy, because the library adds `null` to the lists of optional enums; it also sets keywords to `undefined`.
    const read: unknown = await picoschema(structuredClone(schema), { schemaResolver: namedSchema });
    return JSON.parse(JSON.stringify(read)) as JsonSchema;
  } catch (error) {
    const reason = messageOf(error).replace('Picoschema: ', '').replace(/\.$/, '');
    throw new PromptError(`"${path.join('.')}" is not a schema: ${reason}.`, prompt.locate(path), {
      cause: error,
    });
  }
}

/** Picoschema takes a name for a schema; these two make its fields a date and a file, as `format` does in JSON Schema. */
function namedSchema(name: string): JsonSchema {
  if (textTypes.has(name)) return { type: 'string', format: name };
  throw new Error(`unsupported scalar type '${name}'`);
}

/** Kinds of text, by their `format`. */
const textTypes: ReadonlyMap<unknown, VariableShape['type']> = new Map([
  ['date', 'date'],
  ['file', 'file'],
]);

function propertiesOf(schema: JsonSchema, rangeOf: (name: string) => FileRange): readonly VariableField[] {
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  return Object.entries(schema['properties'] as JsonSchema).map(([name, property]): VariableField => {
    const range = rangeOf(name);
    const { description, default: value } = isRecord(property) ? property : {};
    const field: VariableField = {
      name,
      ...shapeOf(property, range),
      ...(typeof description === 'string' ? { description } : {}),
      required: required.includes(name),
      declared: true,
      range,
    };
    return withDefault(field, value as VariableValue | undefined);
  });
}

/** What a JSON Schema allows, as far as a form needs it; `any` where it takes more than one type or combines others. */
function shapeOf(schema: unknown, range: FileRange): VariableShape {
  if (!isRecord(schema)) return { type: 'any' };
  if (Array.isArray(schema['enum'])) {
    return { type: 'enum', choices: (schema['enum'] as VariableValue[]).filter((choice) => choice !== null) };
  }
  const types = [schema['type']].flat().filter((type) => type !== 'null');
  switch (types.length === 1 ? types[0] : undefined) {
    case 'string':
      return { type: textTypes.get(schema['format']) ?? 'text' };
    case 'number':
      return { type: 'number' };
    case 'integer':
      return { type: 'integer' };
    case 'boolean':
      return { type: 'boolean' };
    case 'array':
      return 'items' in schema
        ? { type: 'array', items: shapeOf(schema['items'], range) }
        : { type: 'array' };
    case 'object':
      return isRecord(schema['properties'])
        ? { type: 'object', fields: propertiesOf(schema, () => range) }
        : { type: 'object' };
    default:
      return { type: 'any' };
  }
}

/** Where a schema as it is written declares a variable: in Picoschema its key can be `name?(enum, what it is for)`. */
export function pathOf(name: string, schema: unknown): readonly string[] {
  if (!isRecord(schema)) return ['input', 'schema'];
  if (isRecord(schema['properties'])) return ['input', 'schema', 'properties', name];
  const key = Object.keys(schema).find((written) => written.replace(/\??(\(.*)?$/, '') === name);
  return ['input', 'schema', key ?? name];
}
