import type { ChatRequest, GenerationSettings, Message, Warning } from './chat.ts';
import { LlmError } from './errors.ts';
import type { ModelCapabilities } from './provider.ts';

/**
 * What of a request a model takes: the request without the rest, and one warning for everything left out. What a
 * model does not take is known from its capabilities, so it is told beforehand and never sent to be refused.
 *
 * @param modelName how the warnings name the model, such as `gpt-5`.
 * @throws LlmError `bad-request` when nothing of a message is left.
 */
export function takenBy(
  request: ChatRequest,
  capabilities: ModelCapabilities,
  modelName: string,
): { readonly request: ChatRequest; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  const leaveOut = (subject: string, what: string): void => {
    warnings.push({ subject, message: `${modelName} does not take ${what}; it was left out.` });
  };

  const settings = Object.entries(request.settings).filter(([setting, value]) => {
    if (value === undefined) return false;
    const what = notTaken(setting as keyof GenerationSettings, capabilities);
    if (what !== undefined) leaveOut(setting, what);
    return what === undefined;
  });

  const { tools, responseFormat, messages, ...rest } = request;
  const hasTools = tools !== undefined && tools.length > 0;
  if (hasTools && !capabilities.tools) leaveOut('tools', 'tools');
  const isGrammar = responseFormat?.type === 'gbnf';
  const takesFormat = isGrammar ? capabilities.gbnf : capabilities.jsonSchema;
  if (responseFormat && !takesFormat)
    leaveOut('responseFormat', isGrammar ? 'a grammar' : 'a response format');
  const hasImages = messages.some(({ content }) => content.some(({ type }) => type === 'image'));
  if (hasImages && !capabilities.images) leaveOut('images', 'images');

  return {
    warnings,
    request: {
      ...rest,
      settings: Object.fromEntries(settings),
      messages: hasImages && !capabilities.images ? messages.map(withoutImages) : messages,
      ...(hasTools && capabilities.tools ? { tools } : {}),
      ...(responseFormat && takesFormat ? { responseFormat } : {}),
    },
  };
}

/** What a setting is called, such as `top-k`, where a model does not take it; `undefined` where it does. */
export function notTaken(
  setting: keyof GenerationSettings,
  capabilities: ModelCapabilities,
): string | undefined {
  const { capability, what } = needs[setting];
  return capability === undefined || capabilities[capability] ? undefined : what;
}

function withoutImages(message: Message): Message {
  const content = message.content.filter(({ type }) => type !== 'image');
  if (content.length > 0) return { ...message, content };
  throw new LlmError(
    'bad-request',
    'The model does not take images, and a message holds nothing else. Choose a model that does, or add text.',
  );
}

interface Need {
  /** What the model must be capable of; absent when every model takes the setting. */
  readonly capability?: keyof ModelCapabilities;
  /** The setting in a sentence. */
  readonly what: string;
}

// Typed by the settings, so that a new one without an answer does not compile.
const needs: { readonly [K in keyof Required<GenerationSettings>]: Need } = {
  temperature: { capability: 'temperature', what: 'a temperature' },
  topP: { capability: 'topP', what: 'top-p' },
  topK: { capability: 'topK', what: 'top-k' },
  minP: { capability: 'minP', what: 'min-p' },
  maxOutputTokens: { what: 'a limit of its output' },
  stop: { capability: 'stop', what: 'stop sequences' },
  seed: { capability: 'seed', what: 'a seed' },
  frequencyPenalty: { capability: 'penalties', what: 'a frequency penalty' },
  presencePenalty: { capability: 'penalties', what: 'a presence penalty' },
  repeatPenalty: { capability: 'repeatPenalty', what: 'a repeat penalty' },
  xtcProbability: { capability: 'xtc', what: 'XTC sampling' },
  xtcThreshold: { capability: 'xtc', what: 'XTC sampling' },
  dryMultiplier: { capability: 'dry', what: 'a DRY penalty' },
  dryBase: { capability: 'dry', what: 'a DRY penalty' },
  dryAllowedLength: { capability: 'dry', what: 'a DRY penalty' },
  reasoningEffort: { capability: 'reasoningEffort', what: 'a reasoning effort' },
  logprobs: { capability: 'logprobs', what: 'a request for log-probabilities' },
  logitBias: { capability: 'logitBias', what: 'a logit bias' },
  contextSize: { capability: 'contextSize', what: 'a context size' },
  keepAlive: { capability: 'keepAlive', what: 'a time to stay in memory' },
};
