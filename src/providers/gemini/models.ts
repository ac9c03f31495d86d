import type { ModelCapabilities } from '../../core/provider.ts';

/** How much a model reasons, in the service's words. */
export type ThinkingLevel = 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH';

/** What differs between the generations of models, for requests. */
export interface Family {
  /** How reasoning is asked for: not at all, by a budget of tokens, or by a level. */
  readonly thinking:
    | { readonly by: 'none' }
    | {
        readonly by: 'budget';
        /** The least that may be asked for, in tokens, where reasoning cannot be switched off; 0 where it can. */
        readonly least: number;
        readonly most: number;
      }
    | { readonly by: 'level'; /** From the least to the most. */ readonly levels: readonly ThinkingLevel[] };
  /** Whether it reports log-probabilities and takes penalties; newer models refuse both. */
  readonly samplerDetail: boolean;
  readonly tools: boolean;
  readonly jsonSchema: boolean;
  /** Whether it takes a system instruction; for the others it is a part of the first message. */
  readonly systemInstruction: boolean;
}

/**
 * The family of a model, by its name; an unknown one is taken as new. From Google's pages on thinking and on models,
 * and for log-probabilities and penalties from what the service answers, "not enabled for models/gemini-2.5-…" (read
 * 2026-11-24).
 */
export function familyOf(model: string): Family {
  if (/^gemma-(2|3)/.test(model))
    return { ...gemini, thinking: { by: 'none' }, tools: false, jsonSchema: false, systemInstruction: false };
  if (/^gemma-/.test(model)) return { ...gemini, thinking: { by: 'none' } };
  if (/^gemini-(1|2\.0)/.test(model)) return { ...gemini, thinking: { by: 'none' }, samplerDetail: true };
  if (/^gemini-2\.5-pro/.test(model))
    return { ...gemini, thinking: { by: 'budget', least: 128, most: 32_768 } };
  if (/^gemini-2/.test(model)) return { ...gemini, thinking: { by: 'budget', least: 0, most: 24_576 } };
  if (/^gemini-3-pro/.test(model)) return { ...gemini, thinking: { by: 'level', levels: ['LOW', 'HIGH'] } };
  if (/-pro/.test(model)) return { ...gemini, thinking: { by: 'level', levels: ['LOW', 'MEDIUM', 'HIGH'] } };
  return { ...gemini, thinking: { by: 'level', levels: ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH'] } };
}

const gemini = {
  samplerDetail: false,
  tools: true,
  jsonSchema: true,
  systemInstruction: true,
} as const;

/** Whether a model of the list answers a chat in words; images and speech are made by models of their own. */
export function answers(id: string, actions: readonly string[] | undefined): boolean {
  return actions?.includes('generateContent') === true && !/-(image|tts|native-audio|live)\b/.test(id);
}

/** What a model takes, by its family. */
export function capabilitiesOf(model: string): ModelCapabilities {
  const { thinking, samplerDetail, tools, jsonSchema } = familyOf(model);
  return {
    logprobs: samplerDetail,
    tools,
    images: !/^gemma-(2|3-1b|3n)/.test(model),
    reasoning: thinking.by !== 'none',
    reasoningEffort: thinking.by !== 'none',
    jsonSchema,
    temperature: true,
    topP: true,
    topK: true,
    minP: false,
    seed: true,
    penalties: samplerDetail,
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
