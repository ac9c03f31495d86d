import type { Warnings } from './conversion.ts';
import {
  keptFields,
  merged,
  orAbsent,
  present,
  renamedSettings,
  splitModel,
  warnOfLost,
  yamlOf,
} from './exportedParts.ts';
import type { ExportedPrompt } from './exportedPrompt.ts';
import { exportMessages } from './handlebarsExport.ts';
import { jinjaDialect, promptyRole } from './jinjaDialect.ts';

/** A Prompty of version 2, its template in Jinja. */
export function promptyText(exported: ExportedPrompt, warnings: Warnings): string {
  const { prompt, template, frontMatter, fields, responseFormat } = exported;
  const { name, description, version, model: modelId } = frontMatter;
  const { provider, model } = splitModel(modelId ?? '');
  const kept = keptFields(frontMatter, 'prompty', warnings);
  warnOfLost(exported, kept['tools'] === undefined ? ['tools'] : [], 'Prompty', warnings);
  const own = present({
    name,
    description,
    metadata: orAbsent({ version }),
    model: orAbsent({
      id: modelId && model,
      provider: modelId && provider,
      apiType: 'chat',
      options: orAbsent(optionsOf(exported, warnings)),
    }),
    inputs: orAbsent(Object.fromEntries(fields.map((field) => [field.name, inputOf(field)]))),
    outputs: outputsOf(responseFormat),
    template: { format: { kind: 'jinja2' }, parser: { kind: 'prompty' } },
  });
  const dialect = (): ReturnType<typeof jinjaDialect> =>
    jinjaDialect({
      name: 'Prompty',
      image: (url) => `![image](${url})`,
      roleMark: promptyRole,
      check: checkRoles,
    });
  const messages = exportMessages(prompt, template, dialect, warnings);
  return `---\n${yamlOf(merged(own, kept))}---\n${messages.map(({ role, text }) => `${role}:\n${text}\n`).join('\n')}`;
}

function checkRoles(text: string, warn: (message: string) => void): void {
  const [line] =
    /^[ \t]*#?[ \t]*(system|user|assistant|developer|tool|function)[ \t]*:[ \t]*$/im.exec(text) ?? [];
  if (line !== undefined) warn(`The line "${line.trim()}" would begin a message in Prompty. Change it.`);
}

function optionsOf(exported: ExportedPrompt, warnings: Warnings): Record<string, unknown> {
  const named = renamedSettings(exported, allNames, 'Prompty', warnings);
  const own = Object.entries(named).filter(([name]) => ownNames.has(name));
  const others = Object.entries(named).filter(([name]) => !ownNames.has(name));
  const { responseFormat } = exported;
  if (responseFormat?.type === 'json') others.push(['response_format', { type: 'json_object' }]);
  return { ...Object.fromEntries(own), additionalProperties: orAbsent(Object.fromEntries(others)) };
}

function inputOf(field: ExportedPrompt['fields'][number]): unknown {
  const { type, description, choices, required } = field;
  return orAbsent({
    kind: kinds[type],
    description,
    enumValues: choices,
    required: required ? undefined : false,
    default: field.default,
  });
}

function outputsOf(format: ExportedPrompt['responseFormat']): unknown {
  if (format?.type !== 'json-schema') return undefined;
  const { properties } = format.schema as {
    properties?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  if (!properties) return undefined;
  return Object.fromEntries(
    Object.entries(properties).map(([name, { type, description, items, properties: inner }]) => [
      name,
      orAbsent({ kind: [type].flat()[0] ?? 'string', description, items, properties: inner }),
    ]),
  );
}

const kinds = {
  text: 'string',
  date: 'string',
  file: 'string',
  enum: 'string',
  any: 'object',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  array: 'array',
  object: 'object',
} as const satisfies Record<ExportedPrompt['fields'][number]['type'], string>;

const allNames = {
  temperature: 'temperature',
  topP: 'topP',
  topK: 'topK',
  maxOutputTokens: 'maxOutputTokens',
  stop: 'stopSequences',
  seed: 'seed',
  frequencyPenalty: 'frequencyPenalty',
  presencePenalty: 'presencePenalty',
  minP: 'min_p',
  repeatPenalty: 'repeat_penalty',
  reasoningEffort: 'reasoning_effort',
  logitBias: 'logit_bias',
  logprobs: 'logprobs',
  contextSize: 'num_ctx',
  keepAlive: 'keep_alive',
};

const ownNames: ReadonlySet<string> = new Set([
  'temperature',
  'topP',
  'topK',
  'maxOutputTokens',
  'stopSequences',
  'seed',
  'frequencyPenalty',
  'presencePenalty',
]);
