import type { GenerationSettings } from '../chat.ts';

/** What a setting means, for a completion or a hover. */
export interface SettingDoc {
  /** One line. */
  readonly summary: string;
  /** What it does to the distribution over the next token, or to the answer; one or two sentences. */
  readonly effect: string;
  /** A value to begin with, as YAML. */
  readonly example: string;
}

/** Typed by the settings, so that a new one without its meaning does not compile. */
export const settingDocs: { readonly [K in keyof Required<GenerationSettings>]: SettingDoc } = {
  temperature: {
    summary: 'How evenly the next token is drawn.',
    effect:
      'Divides every logit by this number: below 1 likely tokens get likelier, above 1 unlikely ones do. 0 always takes the likeliest token.',
    example: '0.7',
  },
  topP: {
    summary: 'Draws from the likeliest tokens that together hold this much probability.',
    effect:
      'Cuts the tail of the distribution where the sum of probabilities reaches this number, and scales up what is left. 1 cuts nothing.',
    example: '0.9',
  },
  topK: {
    summary: 'Draws from this many of the likeliest tokens.',
    effect:
      'Cuts the distribution behind the k-th token and scales up what is left. 1 always takes the likeliest, 0 cuts nothing.',
    example: '40',
  },
  minP: {
    summary: 'Drops tokens that are too unlikely beside the likeliest.',
    effect:
      'Cuts every token whose probability is below this part of the likeliest token’s, so that a sure model is cut hard and an unsure one hardly. 0 cuts nothing.',
    example: '0.05',
  },
  maxOutputTokens: {
    summary: 'The most tokens that the answer may have.',
    effect:
      'Leaves the distribution as it is. The answer is cut off at the limit, with the finish reason “length”.',
    example: '500',
  },
  stop: {
    summary: 'Texts that end the answer.',
    effect:
      'Leaves the distribution as it is. The answer ends before the first of these texts, which is not part of it.',
    example: '["\\n\\n"]',
  },
  seed: {
    summary: 'The start of the random numbers.',
    effect:
      'Leaves the distribution as it is, and repeats the draws from it: the same request with the same seed gives the same answer, as far as the service keeps to it.',
    example: '1',
  },
  frequencyPenalty: {
    summary: 'Makes tokens less likely, the more often they have occurred.',
    effect:
      'Takes this number, times the occurrences so far, from a token’s logit. Below 0 it asks for repetition.',
    example: '0.5',
  },
  presencePenalty: {
    summary: 'Makes tokens that have occurred less likely.',
    effect:
      'Takes this number once from the logit of every token that has occurred. Below 0 it asks for repetition.',
    example: '0.5',
  },
  repeatPenalty: {
    summary: 'Makes recent tokens less likely, by a factor.',
    effect:
      'Divides the logits of recent tokens by this number, or multiplies negative ones with it. 1 changes nothing; 1.1 is usual.',
    example: '1.1',
  },
  xtcProbability: {
    summary: 'How often the likeliest tokens are left out (XTC).',
    effect:
      'Where several tokens are above the threshold, all of them but the least likely are left out with this probability: the expected gives way to what is good as well. 0 is never; 0.5 is usual.',
    example: '0.5',
  },
  xtcThreshold: {
    summary: 'From which probability on XTC counts a token as likely.',
    effect:
      'Only where at least two tokens are above it is anything left out, so that a sure model is not disturbed. Above 0.5 there never are two.',
    example: '0.1',
  },
  dryMultiplier: {
    summary: 'Punishes tokens that would go on with a repetition (DRY).',
    effect:
      'Takes this number, times the base to the power of the repetition’s length beyond what is allowed, from a token’s logit. 0 takes nothing; 0.8 is usual.',
    example: '0.8',
  },
  dryBase: {
    summary: 'How fast DRY’s punishment grows.',
    effect: 'The punishment is multiplied by this number for each further token of the repetition.',
    example: '1.75',
  },
  dryAllowedLength: {
    summary: 'How many tokens may repeat before DRY punishes.',
    effect: 'Repetitions up to this length cost nothing, so that names and idioms can return.',
    example: '2',
  },
  reasoningEffort: {
    summary: 'How long the model thinks before it answers.',
    effect:
      'Leaves the distribution as it is. More effort is more reasoning tokens: slower, dearer, better at hard tasks.',
    example: 'low',
  },
  logprobs: {
    summary: 'Reports each token’s log-probability and this many alternatives.',
    effect: 'Changes nothing in the answer: it shows the distribution that each token was drawn from.',
    example: '5',
  },
  logitBias: {
    summary: 'Makes single tokens likelier or less likely, by their ids.',
    effect:
      'Adds a number to a token’s logit before drawing: 100 all but forces it, -100 rules it out, 1 makes it e times as likely beside the others.',
    example: '{ "1234": -100 }',
  },
  contextSize: {
    summary: 'The window to allocate, in tokens; for runtimes that allocate one.',
    effect: 'Leaves the distribution as it is. A larger window takes longer inputs and more memory.',
    example: '4096',
  },
  keepAlive: {
    summary: 'How long the model stays in memory after the call; for Ollama.',
    effect: 'Changes nothing in the answer: a model in memory starts to answer sooner.',
    example: '5m',
  },
};
