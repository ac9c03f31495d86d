import { formatTokens } from '../../core/format.ts';
import type { ModelCapabilities, ModelInfo } from '../../core/provider.ts';

/** What a model is and what it takes, as Markdown. */
export function modelMarkdown(modelId: string, model: ModelInfo): string {
  const taken = Object.entries(capabilityNames).filter(
    ([name]) => model.capabilities[name as keyof ModelCapabilities],
  );
  return [
    `**${model.name}** \`${modelId}\``,
    model.description,
    windowOf(model),
    taken.length > 0 && `Takes ${taken.map(([, what]) => what).join(', ')}.`,
  ]
    .filter((paragraph) => typeof paragraph === 'string')
    .join('\n\n');
}

/** `32,768 tokens of context, at most 4,096 of them in an answer`, as far as it is known. */
export function windowOf({ contextWindow, maxOutputTokens }: ModelInfo): string | undefined {
  const parts = [
    contextWindow !== undefined && `context window ${formatTokens(contextWindow)}`,
    maxOutputTokens !== undefined && `at most ${formatTokens(maxOutputTokens)} in an answer`,
  ].filter((part) => typeof part === 'string');
  return parts.length > 0 ? `${parts.join(', ')}.` : undefined;
}

// Typed by the capabilities, so that a new one without its name does not compile.
const capabilityNames: { readonly [K in keyof ModelCapabilities]: string } = {
  logprobs: 'log-probabilities',
  tools: 'tools',
  images: 'images',
  reasoning: 'reasoning',
  reasoningEffort: 'a reasoning effort',
  jsonSchema: 'a JSON schema',
  temperature: 'temperature',
  topP: 'top-p',
  topK: 'top-k',
  minP: 'min-p',
  seed: 'a seed',
  penalties: 'frequency and presence penalties',
  repeatPenalty: 'a repeat penalty',
  stop: 'stop sequences',
  logitBias: 'a logit bias',
  contextSize: 'a context size',
  keepAlive: 'a time to stay in memory',
};
