import type { ModelCapabilities } from '../../core/provider.ts';

/** What differs between the generations of Claude, for requests. */
export interface Family {
  /** How reasoning is asked for: not at all, by a budget of tokens, or by an effort that the model spends as it likes. */
  readonly thinking: 'none' | 'budget' | 'adaptive';
  /** The limit of the output to ask for where the user gives none: the API wants one. */
  readonly defaultMaxTokens: number;
  readonly jsonSchema: boolean;
}

/** The family of a model, by its name (Anthropic's models overview, read 2026-11-24); an unknown one is taken as new. */
export function familyOf(model: string): Family {
  if (/claude-(2|instant)|claude-3-(opus|sonnet|haiku)/.test(model))
    return { thinking: 'none', defaultMaxTokens: 4096, jsonSchema: false };
  if (/claude-3-5/.test(model)) return { thinking: 'none', defaultMaxTokens: 8192, jsonSchema: false };
  if (/claude-3-7|claude-(opus|sonnet)-4(-[01])?(-\d{8})?$/.test(model))
    return { thinking: 'budget', defaultMaxTokens: 16_000, jsonSchema: false };
  if (/claude-(sonnet|haiku)-4-5/.test(model))
    return { thinking: 'budget', defaultMaxTokens: 16_000, jsonSchema: true };
  return { thinking: 'adaptive', defaultMaxTokens: 16_000, jsonSchema: true };
}

/** What a model takes, by its family. Anthropic reports no log-probabilities and takes no seed. */
export function capabilitiesOf(model: string): ModelCapabilities {
  const { thinking, jsonSchema } = familyOf(model);
  return {
    logprobs: false,
    tools: true,
    images: !/claude-(2|instant)/.test(model),
    reasoning: thinking !== 'none',
    reasoningEffort: thinking !== 'none',
    jsonSchema,
    temperature: true,
    topP: true,
    topK: true,
    minP: false,
    seed: false,
    penalties: false,
    repeatPenalty: false,
    xtc: false,
    dry: false,
    gbnf: false,
    stop: true,
    logitBias: false,
    contextSize: false,
    keepAlive: false,
  };
}
