import { isRecord } from '../isRecord.ts';
import type { PromptTool } from '../prompt/frontMatter.ts';
import type { ForeignFile, ImportedInput, ImportedPrompt, Warnings } from './conversion.ts';
import { inputOf } from './declaredInputs.ts';
import { Fields } from './fields.ts';
import { splitFrontMatter } from './frontMatterText.ts';
import { outputOf } from './outputFormat.ts';
import { promptyBody, type PromptyFormat } from './promptyBody.ts';
import { labelsOf, modelOf } from './commonFields.ts';

/**
 * Reads a Prompty of version 2: `model.id`, `model.options`, `inputs` by name or as a list, `outputs`, `tools`.
 * @throws PromptError when it cannot be read, with its place.
 */
export function readPromptyV2(file: ForeignFile, warnings: Warnings): ImportedPrompt {
  const split = splitFrontMatter(file.text);
  const fields = new Fields(split.head, [], warnings);
  const kept: Record<string, unknown> = {};
  const config: Record<string, unknown> = {};

  const written = fields.text('model');
  const modelFields = fields.map('model');
  const model = modelOf(fields, written ?? modelFields?.text('id'), modelFields?.text('provider'));
  const apiType = modelFields?.text('apiType') ?? modelFields?.text('api');
  if (apiType !== undefined && apiType !== 'chat') {
    modelFields?.warn(`The API "${apiType}" is chosen by the model here; the field is left out.`);
  }
  const options = modelFields?.map('options');
  const more = options?.map('additionalProperties');
  const format = options && outputOf(options);
  for (const each of [options, more]) each?.settings(config);
  for (const each of [more, options, modelFields]) each?.keepRest('prompty', kept);

  const output = format ?? outputs(fields);
  const metadata = fields.map('metadata');
  const version = metadata?.label('version');
  metadata?.keepRest('prompty', kept);
  const prompt = {
    ...(version === undefined ? {} : { version }),
    ...labelsOf(fields),
    ...(model === undefined ? {} : { model }),
    config,
    inputs: inputs(fields, kept),
    ...(output ? { output } : {}),
    tools: tools(fields, kept),
    template: promptyBody(split, formatOf(fields), warnings),
  };
  fields.keepRest('prompty', kept);
  return { ...prompt, kept };
}

/** Whether a front matter is of the second version: what the first has no name for, or another form. */
export function isPromptyV2(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { model, inputs, outputs, template, metadata } = value;
  const described = [inputs, outputs].filter(isRecord).flatMap((map) => Object.values(map));
  return (
    Array.isArray(inputs) ||
    metadata !== undefined ||
    (typeof model === 'string' && value['sample'] === undefined) ||
    (isRecord(model) &&
      ['id', 'options', 'connection', 'apiType'].some((name) => Object.hasOwn(model, name))) ||
    (isRecord(template) && (Object.hasOwn(template, 'format') || Object.hasOwn(template, 'parser'))) ||
    described.some((each) => isRecord(each) && Object.hasOwn(each, 'kind'))
  );
}

function inputs(fields: Fields, kept: Record<string, unknown>): readonly ImportedInput[] {
  const map = fields.map('inputs') ?? fields.map('inputSchema')?.map('properties');
  if (map) return map.names().map((name) => inputOf(map, name, undefined, kept));
  const list = fields.list('inputs') ?? [];
  return list.flatMap((item, index) => {
    const name = isRecord(item) ? item['name'] : undefined;
    if (typeof name !== 'string' || name === '') {
      fields.warnings.add(
        `Input ${index + 1} has no name; it is left out.`,
        fields.source.placeOf(['inputs', index]),
      );
      return [];
    }
    // As if it stood under its name.
    const source = { ...fields.source, value: { [name]: item } };
    const place = fields.source.placeOf;
    const at = {
      ...source,
      placeOf: (path: readonly (string | number)[]) => place(['inputs', index, ...path.slice(1)]),
    };
    return [inputOf(new Fields(at, [], fields.warnings), name, undefined, kept)];
  });
}

/** What the answer is made of, as a JSON Schema. */
function outputs(fields: Fields): ImportedPrompt['output'] {
  const map = fields.has('outputs') ? fields.take('outputs') : undefined;
  if (map === undefined) return undefined;
  const entries = isRecord(map)
    ? Object.entries(map)
    : (Array.isArray(map) ? map : [])
        .filter(isRecord)
        .map((each): [string, unknown] => [String(each['name']), each]);
  if (entries.length === 0) return undefined;
  const properties = entries.map(([name, described]): [string, unknown] => {
    const { kind, type = kind, description, items, properties: inner } = isRecord(described) ? described : {};
    const known = typeof type === 'string' && schemaTypes.has(type) ? type : undefined;
    const lost = Object.keys(isRecord(described) ? described : {}).filter((key) => !carried.has(key));
    if (lost.length > 0) fields.warn(`Of the output "${name}", ${lost.join(', ')} is left out.`, 'outputs');
    return [name, { ...defined({ type: known, description, items, properties: inner }) }];
  });
  const schema = {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: entries.map(([name]) => name),
    additionalProperties: false,
  };
  return { format: 'json', schema };
}

const schemaTypes: ReadonlySet<string> = new Set([
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
]);
const carried: ReadonlySet<string> = new Set([
  'name',
  'kind',
  'type',
  'description',
  'items',
  'properties',
  'required',
]);

/** The names of the tools; what they are is kept beside. */
function tools(fields: Fields, kept: Record<string, unknown>): readonly PromptTool[] {
  const list = fields.list('tools');
  if (!list) return [];
  kept['prompty.tools'] = list;
  fields.warn(
    'Only the names of the tools are in "tools"; the rest is kept as "prompty.tools". Define them there to have them sent.',
    'tools',
  );
  return list.flatMap((tool) =>
    isRecord(tool) && typeof tool['name'] === 'string' ? [{ name: tool['name'], isNameOnly: true }] : [],
  );
}

function formatOf(fields: Fields): PromptyFormat {
  const template = fields.map('template');
  const written =
    fields.text('template') ?? template?.text('format') ?? template?.map('format')?.text('kind') ?? 'jinja2';
  const parser = template?.text('parser') ?? template?.map('parser')?.text('kind') ?? 'prompty';
  if (parser !== 'prompty')
    fields.warn(`The parser "${parser}" is not known; the text was read as Prompty.`, 'template');
  if (/^(mustache|handlebars)$/i.test(written)) return 'mustache';
  if (!/^(jinja2?|nunjucks)$/i.test(written)) {
    fields.warn(`The template format "${written}" is not known; it was read as Jinja.`, 'template');
  }
  return 'jinja2';
}

function defined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
