import { stringify } from 'yaml';
import type { PromptTool } from '../prompt/frontMatter.ts';
import type { ImportedInput, ImportedPrompt } from './conversion.ts';

/** A prompt as the text of a `.prompt` file. Without front matter where nothing stands in it. */
export function promptTextOf(prompt: ImportedPrompt): string {
  const { name, description, version, model, config, inputs, output, tools, kept, template } = prompt;
  const defaults = inputs.flatMap((input) =>
    input.default === undefined ? [] : [[input.name, input.default] as const],
  );
  const head = Object.fromEntries(
    Object.entries({
      name,
      description,
      version,
      model,
      config: orNothing(config),
      input: orNothing({
        schema: inputs.length === 0 ? undefined : schemaOf(inputs),
        default: orNothing(Object.fromEntries(defaults)),
      }),
      output: output && orNothing({ format: output.format, schema: output.schema }),
      tools: tools.length === 0 ? undefined : tools.map(toolEntry),
      ...kept,
    }).filter(([, value]) => value !== undefined),
  );
  const needsHead = Object.keys(head).length > 0 || /^(\uFEFF|---)/.test(template);
  if (!needsHead) return template;
  const yaml =
    Object.keys(head).length === 0 ? '' : stringify(head, { lineWidth: 0, aliasDuplicateObjects: false });
  return `---\n${yaml}---\n${template}`;
}

/** A tool of which only the name is known is written as that. */
function toolEntry({ isNameOnly, ...tool }: PromptTool): unknown {
  return isNameOnly === true ? tool.name : tool;
}

function orNothing(map: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  const entries = Object.entries(map).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Picoschema, which people read and write, and JSON Schema where that cannot say it. */
function schemaOf(inputs: readonly ImportedInput[]): unknown {
  return inputs.every(fitsPicoschema)
    ? Object.fromEntries(inputs.map(picoschemaEntry))
    : {
        type: 'object',
        properties: Object.fromEntries(inputs.map((input) => [input.name, jsonSchemaOf(input)])),
        required: inputs.filter(({ required }) => required).map(({ name }) => name),
      };
}

/** A variable called `type` or `properties` would make a JSON Schema of the whole. */
function fitsPicoschema({ name, type, description = '', choices }: ImportedInput): boolean {
  const plainName = /^[A-Za-z_][\w-]*$/.test(name) && !['type', 'properties'].includes(name);
  const inBrackets = type === 'array' || choices !== undefined;
  const plainDescription = inBrackets ? /^[^\r\n()]*$/.test(description) : /^[^\r\n]*$/.test(description);
  return plainName && plainDescription && type !== 'object' && (choices ?? []).every(isText);
}

function picoschemaEntry({ name, type, description, choices, required }: ImportedInput): [string, unknown] {
  const key = required ? name : `${name}?`;
  const behind = description === undefined ? '' : `, ${description}`;
  if (choices) return [`${key}(enum${behind})`, choices];
  if (type === 'array') return [`${key}(array${behind})`, 'any'];
  return [key, `${type}${behind}`];
}

function jsonSchemaOf({ type, description, choices }: ImportedInput): unknown {
  return {
    ...(choices ? { enum: choices } : type === 'any' ? {} : { type }),
    ...(description === undefined ? {} : { description }),
  };
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
