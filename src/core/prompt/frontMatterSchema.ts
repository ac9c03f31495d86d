import type { JsonSchema } from '../chat.ts';
import { type FieldDoc, fieldDocs } from './frontMatterDocs.ts';
import { settingDocs } from './settingDocs.ts';
import { otherNames, schemaOf, settingNames } from './settings.ts';

/**
 * The front matter of a prompt as JSON Schema, draft 7, for editors and checkers of other tools. It is made of what
 * completions and checks are made of; `media/prompt.schema.json` holds it.
 */
export function frontMatterSchema(): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Front matter of a .prompt file',
    ...fieldsBelow(''),
    // Keys with a dot belong to other programs.
    patternProperties: { '\\.': true },
    additionalProperties: false,
  };
}

/** Types that the docs do not tell, by the path of the field. */
const types: Readonly<Record<string, JsonSchema>> = {
  version: { type: ['string', 'number'] },
  'input.schema': { type: ['object', 'string'] },
  'output.schema': { type: ['object', 'string'] },
  'tools.inputSchema': { type: ['object', 'string'] },
  'tools.name': { type: 'string', pattern: '^[\\w-]{1,64}$' },
};

function fieldsBelow(above: string): JsonSchema {
  const below = [...fieldDocs].filter(([path]) => parentOf(path) === above);
  return {
    type: 'object',
    properties: Object.fromEntries(
      below.map(([path, doc]) => [path.slice(path.lastIndexOf('.') + 1), fieldSchema(path, doc)]),
    ),
  };
}

function fieldSchema(path: string, { summary, isMap, values }: FieldDoc): JsonSchema {
  const described = { description: summary };
  if (path === 'config') return { ...described, ...settingsSchema() };
  if (path === 'tools') {
    const tool = { ...fieldsBelow(path), required: ['name'], additionalProperties: false };
    return { ...described, type: 'array', items: { anyOf: [{ type: 'string' }, tool] } };
  }
  if (types[path]) return { ...described, ...types[path] };
  if (values) return { ...described, enum: values };
  if (isMap !== true) return { ...described, type: 'string' };
  const hasFields = [...fieldDocs.keys()].some((other) => parentOf(other) === path);
  return {
    ...described,
    ...(hasFields ? { ...fieldsBelow(path), additionalProperties: false } : { type: 'object' }),
  };
}

/** Every setting under every name that it may have; unknown ones are a warning here, so they are allowed. */
function settingsSchema(): JsonSchema {
  const properties = settingNames.flatMap((name) => {
    const { summary, effect } = settingDocs[name];
    const schema = { description: `${summary} ${effect}`, ...schemaOf(name) };
    const others = [...otherNames].filter(([, meant]) => meant === name).map(([other]) => other);
    const written = [name, ...others].flatMap((key) => [key, snakeCase(key)]);
    return [...new Set(written)].map((key) => [key, schema] as const);
  });
  return { type: 'object', properties: Object.fromEntries(properties) };
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('.'), 0));
}
