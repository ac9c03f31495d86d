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
import { plainDialect } from './plainDialect.ts';

/** GitHub's `.prompt.yml`. It has variables and nothing else; blocks stay as they are written, with a warning. */
export function githubText(exported: ExportedPrompt, warnings: Warnings): string {
  const { prompt, template, frontMatter, responseFormat } = exported;
  const { default: defaults } = frontMatter.input;
  const name = 'GitHub’s prompts';
  const dialect = (): ReturnType<typeof plainDialect> =>
    plainDialect({
      name,
      variable: (path) => (path.some((part) => /[{}]/.test(part)) ? undefined : `{{${path.join('.')}}}`),
      mistaken: /\{\{[^{}\n]+\}\}/,
    });
  const parameters = renamedSettings(exported, parameterNames, name, warnings);
  warnOfLost(exported, ['version', 'tools'], name, warnings);
  if (Object.keys(defaults).length > 0)
    warnings.add(`${name} have no defaults; they are left out.`, prompt.locate(['input', 'default']));
  const own = {
    name: frontMatter.name,
    description: frontMatter.description,
    model: modelOf(frontMatter.model, warnings),
    modelParameters: orAbsent(parameters),
    ...formatFields(responseFormat),
    messages: exportMessages(prompt, template, dialect, warnings).map(({ role, text }) => ({
      role,
      content: text,
    })),
  };
  return yamlOf(merged(present(own), keptFields(frontMatter, 'github', warnings)));
}

function formatFields(format: ExportedPrompt['responseFormat']): Record<string, unknown> {
  if (!format) return {};
  if (format.type === 'json') return { responseFormat: 'json_object' };
  if (format.type === 'gbnf') return {};
  const { name, schema } = format;
  return {
    responseFormat: 'json_schema',
    jsonSchema: JSON.stringify({ name, strict: false, schema }, null, 2),
  };
}

/** GitHub Models names a model by its publisher. */
function modelOf(modelId: string | undefined, warnings: Warnings): string | undefined {
  if (modelId === undefined) return undefined;
  const { provider, model } = splitModel(modelId);
  const publisher = publishers.get(provider);
  if (publisher !== undefined) return `${publisher}/${model}`;
  warnings.add(`GitHub has no models of "${provider}"; write one of its own under "model".`);
  return undefined;
}

const publishers: ReadonlyMap<string, string> = new Map([
  ['openai', 'openai'],
  ['mistral', 'mistral-ai'],
  ['deepseek', 'deepseek'],
  ['xai', 'xai'],
]);

const parameterNames = {
  temperature: 'temperature',
  topP: 'topP',
  maxOutputTokens: 'maxTokens',
};
