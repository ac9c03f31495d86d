import type { Warnings } from './conversion.ts';
import { keptFields, orAbsent, renamedSettings, splitModel, warnOfLost, yamlOf } from './exportedParts.ts';
import type { ExportedPrompt } from './exportedPrompt.ts';
import { exportMessages } from './handlebarsExport.ts';
import { jinjaDialect } from './jinjaDialect.ts';

/** A configuration of promptfoo: the prompt as messages of Nunjucks, its model, and one test with the values. */
export function promptfooText(exported: ExportedPrompt, warnings: Warnings): string {
  const { prompt, template, frontMatter, fields, values, responseFormat } = exported;
  const dialect = (): ReturnType<typeof jinjaDialect> =>
    jinjaDialect({ name: 'promptfoo', image: () => undefined, roleMark: () => undefined });
  const messages = exportMessages(prompt, template, dialect, warnings);
  warnOfLost(
    exported,
    ['version', 'tools', ...(responseFormat ? (['output'] as const) : [])],
    'promptfoo',
    warnings,
  );
  keptFields(frontMatter, 'promptfoo', warnings);
  const missing = fields.filter(({ name, required }) => required && !Object.hasOwn(values, name));
  for (const { name, range } of missing) {
    warnings.add(`The test has no value for "${name}". Give one, or write it in.`, range);
  }
  return yamlOf({
    description: frontMatter.description ?? frontMatter.name,
    prompts: [
      {
        label: frontMatter.name ?? 'prompt',
        raw: JSON.stringify(
          messages.map(({ role, text }) => ({ role, content: text })),
          null,
          2,
        ),
      },
    ],
    providers: providersOf(exported, warnings),
    tests: [orAbsent({ vars: orAbsent(values) }) ?? {}],
  });
}

function providersOf(exported: ExportedPrompt, warnings: Warnings): readonly unknown[] {
  const { model: modelId } = exported.frontMatter;
  const { provider, model } = splitModel(modelId ?? '');
  const prefix = Object.hasOwn(prefixes, provider) ? prefixes[provider] : undefined;
  if (prefix === undefined) {
    warnings.add(
      modelId === undefined
        ? 'The prompt names no model; "echo" stands for it. Write one under "providers".'
        : `promptfoo has no provider for "${modelId}"; "echo" stands for it. Write one under "providers".`,
    );
    return ['echo'];
  }
  const config = orAbsent(renamedSettings(exported, settingNames, 'promptfoo', warnings));
  return [config ? { id: `${prefix}:${model}`, config } : `${prefix}:${model}`];
}

const prefixes: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic:messages',
  gemini: 'google',
  ollama: 'ollama:chat',
  azure: 'azure:chat',
  openrouter: 'openrouter',
  groq: 'groq',
  mistral: 'mistral',
  deepseek: 'deepseek',
  xai: 'xai',
  together: 'togetherai',
};

const settingNames = {
  temperature: 'temperature',
  topP: 'top_p',
  topK: 'top_k',
  maxOutputTokens: 'max_tokens',
  stop: 'stop',
  seed: 'seed',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  reasoningEffort: 'reasoning_effort',
};
