import { formatTokens, formatUsd } from '../../core/format.ts';
import type { ModelPrice } from '../../core/pricing.ts';
import type { ModelCapabilities, ModelInfo } from '../../core/provider.ts';

/**
 * What a model is, takes and costs, as Markdown.
 * @param price `null` where it is not to be told, and `undefined` where it is not known.
 */
export function modelMarkdown(
  modelId: string,
  model: ModelInfo,
  price: ModelPrice | undefined | null = null,
): string {
  const taken = Object.entries(capabilityNames).filter(
    ([name]) => model.capabilities[name as keyof ModelCapabilities],
  );
  return [
    `**${model.name}** \`${modelId}\``,
    model.description,
    windowOf(model),
    price !== null && priceText(price),
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

/** `$1.25 for a million tokens of input, $10.00 of output.` */
function priceText(price: ModelPrice | undefined): string {
  if (!price) return 'Price unknown.';
  if (price.source.kind === 'local') return 'Runs on this machine, so it costs nothing.';
  const { input, output, cachedInput } = price;
  const cached = cachedInput === undefined ? '' : `, ${formatUsd(cachedInput)} of input from a cache`;
  const from = price.source.kind === 'user' ? 'your settings' : `the price table of ${price.source.date}`;
  return `${formatUsd(input)} for a million tokens of input${cached}, ${formatUsd(output)} of output (${from}).`;
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
  xtc: 'XTC sampling',
  dry: 'a DRY penalty',
  gbnf: 'a grammar',
  stop: 'stop sequences',
  logitBias: 'a logit bias',
  contextSize: 'a context size',
  keepAlive: 'a time to stay in memory',
};
