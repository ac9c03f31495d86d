import type { EstimatedCost, Fit, PromptEstimate, ReservedOutput } from '../tokens/estimate.ts';
import { fitOf } from '../tokens/estimate.ts';
import type { TokenizerExactness } from '../tokens/tokenizerFor.ts';
import { fitAdvice } from './fitAdvice.ts';
import { type RoleShare, roleShares } from './roleShares.ts';

/** How full a model's window would be with what is sent next. All counts are tokens. */
export interface ContextFigures {
  /** `provider/model` */
  readonly modelId: string;
  /** The input: the sum of `parts`. What is kept free for the answer is no part of it. */
  readonly used: number;
  readonly parts: ContextParts;
  /** What `parts.prompt` is made of. */
  readonly roles: readonly RoleShare[];
  readonly exactness: TokenizerExactness;
  /** How it was counted, as sentences. */
  readonly note: string;
  /** Names of variables that have no value yet, whose text is not counted. */
  readonly missing: readonly string[];
  /** What is kept free for the answer. */
  readonly reserved: ReservedOutput;
  /** Input and output together; absent when unknown. */
  readonly window?: number;
  readonly fit: Fit;
  /** In USD; absent when the price is unknown, which is not a cost of 0. */
  readonly cost?: EstimatedCost;
  /** A sentence each, with what to do: that it does not fit, that it passes a limit of the user. */
  readonly warnings: readonly string[];
}

export interface ContextParts {
  /** The prompt itself. */
  readonly prompt: number;
  /** What was said since: answers and follow-ups. */
  readonly history: number;
  /** The follow-up that is being written. */
  readonly followUp: number;
  /** What the model puts around them, tools and the schema of the answer. */
  readonly around: number;
  /** What was learned to add for this model, or to take away where it is negative. */
  readonly correction: number;
}

/** Where a request's messages come from: those before `prompt` are the prompt's, the rest was said since. */
export interface MessageOrigin {
  /** How many messages are the prompt's. */
  readonly prompt: number;
  /** Whether the last message is the follow-up that is being written. */
  readonly hasFollowUp: boolean;
}

/** @param limitWarnings what the estimate passes of the user's limits, a sentence each. */
export function contextFigures(
  estimate: PromptEstimate,
  origin: MessageOrigin,
  limitWarnings: readonly string[],
): ContextFigures {
  const parts = partsOf(estimate, origin);
  const { modelId, inputTokens, exactness, tokenizer, reasons, output, contextWindow, cost, missing } =
    estimate;
  const advice = fitAdvice(estimate, { history: parts.history });
  return {
    modelId,
    used: inputTokens,
    parts,
    roles: roleShares(estimate.messages.slice(0, origin.prompt)),
    exactness,
    note:
      exactness === 'exact'
        ? `Exact, counted with ${tokenizer}.`
        : [`Counted with ${tokenizer}.`, ...reasons.filter((reason) => !reason.startsWith('Counted'))].join(
            ' ',
          ),
    missing,
    reserved: output,
    ...(contextWindow === undefined ? {} : { window: contextWindow }),
    fit: fitOf(estimate),
    ...(cost ? { cost } : {}),
    warnings: [...(advice === undefined ? [] : [advice]), ...limitWarnings],
  };
}

function partsOf(estimate: PromptEstimate, { prompt, hasFollowUp }: MessageOrigin): ContextParts {
  const { messages, tools, schema, overhead, inputTokens } = estimate;
  const end = hasFollowUp ? messages.length - 1 : messages.length;
  const around = tools + schema + overhead;
  const parts = {
    prompt: sum(messages.slice(0, prompt)),
    history: sum(messages.slice(prompt, end)),
    followUp: sum(messages.slice(end)),
    around,
  };
  const counted = parts.prompt + parts.history + parts.followUp + around;
  return { ...parts, correction: inputTokens - counted };
}

function sum(messages: PromptEstimate['messages']): number {
  return messages.reduce((total, { tokens }) => total + tokens, 0);
}
