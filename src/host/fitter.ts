import { type ChatRequest, textMessage } from '../core/chat.ts';
import type { Fitting } from '../core/context/fitting.ts';
import type { FitView } from '../core/context/fitView.ts';
import { type LeftOut, leftOut, type Measured } from '../core/context/leftOut.ts';
import { likenessOf, textOfTurn } from '../core/context/likeness.ts';
import { withSummary } from '../core/context/summary.ts';
import { turnsOf } from '../core/context/turns.ts';
import type { Said, SaidSummary } from '../core/conversation/said.ts';
import { assumedOutputTokens, type PromptEstimate } from '../core/tokens/estimate.ts';
import type { Estimator } from '../node/estimate.ts';
import type { VectorCache } from './vectorCache.ts';

/** A request that is to fit, and where its messages come from. */
export interface Unfitted {
  /** `provider/model` */
  readonly modelId: string;
  readonly request: ChatRequest;
  /** About the messages of the request; those that are only being written have the id `null`. */
  readonly said: Pick<Said, 'ids' | 'promptMessages'>;
  readonly fitting: Fitting;
  /** What stands for the beginning of the conversation; absent where nothing does. */
  readonly summary?: SaidSummary | undefined;
}

/** A request of which no more is sent than its strategy wants. */
export interface Fitted {
  readonly request: ChatRequest;
  /** `null` where everything is sent. */
  readonly view: FitView | null;
  /** Present where a summary is wanted of the messages before this place. */
  readonly summariseTo?: number;
}

export interface FitterSurroundings {
  readonly estimator: Pick<Estimator, 'estimate'>;
  readonly vectors: Pick<VectorCache, 'of'>;
}

/** Cutting is counted again at most so often: what stands around messages changes a little with each that goes. */
const mostPasses = 4;

/** Leaves out of requests what a conversation's strategy does not send. */
export class Fitter {
  readonly #surroundings: FitterSurroundings;

  constructor(surroundings: FitterSurroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * @param mayAsk whether a service may be asked what is like what, which sends it what is being written; a model of this
   * machine always may.
   * @throws LlmError as Estimator and VectorCache do.
   */
  async fit(unfitted: Unfitted, mayAsk: boolean, signal: AbortSignal): Promise<Fitted> {
    const { fitting, request } = unfitted;
    if (fitting.strategy === 'all') return { request, view: null };
    if (fitting.strategy === 'relevant' && !mayAsk && !fitting.modelId.startsWith('local/'))
      return { request, view: { fitting, leftOut: [], summary: null, pending: 'choice' } };
    const likeness = await this.#likeness(unfitted, signal);
    const { measured, summaryTokens } = await this.#measured(unfitted, signal);
    const options = { likeness, summarised: summaryIn(unfitted)?.end ?? 0, summaryTokens };

    let { limit } = measured;
    for (let pass = 1; ; pass++) {
      const out = leftOut(fitting, { ...measured, ...(limit === undefined ? {} : { limit }) }, options);
      const fitted = fittedBy(unfitted, measured, out);
      if (!cutsToLimit.has(fitting.strategy) || limit === undefined || pass === mostPasses) return fitted;
      const estimate = await this.#surroundings.estimator.estimate(
        { request: fitted.request },
        unfitted.modelId,
        signal,
      );
      const over = estimate.inputTokens - (measured.limit ?? Infinity);
      if (over <= 0) return fitted;
      limit -= over;
    }
  }

  /** How like each turn before the last is to it; nothing where the strategy does not ask. */
  async #likeness(
    { fitting, request: { messages }, said }: Unfitted,
    signal: AbortSignal,
  ): Promise<readonly number[]> {
    if (fitting.strategy !== 'relevant') return [];
    const turns = turnsOf(messages, said.promptMessages);
    if (turns.length < 2) return [];
    const texts = turns.map((turn) => textOfTurn(messages, turn));
    const vectors = await this.#surroundings.vectors.of(fitting.modelId, texts, signal);
    const asked = vectors.at(-1) ?? [];
    return vectors.slice(0, -1).map((vector) => likenessOf(vector, asked));
  }

  async #measured(
    unfitted: Unfitted,
    signal: AbortSignal,
  ): Promise<{ readonly measured: Measured; readonly summaryTokens: number }> {
    const { request, modelId, said } = unfitted;
    const summary = summaryIn(unfitted);
    const messages = [...request.messages, ...(summary ? [textMessage('user', summary.summary.text)] : [])];
    const estimate = await this.#surroundings.estimator.estimate(
      { request: { ...request, messages } },
      modelId,
      signal,
    );
    const tokens = tokensOf(estimate);
    const limit = limitOf(estimate, request);
    return {
      summaryTokens: summary ? (tokens.at(-1) ?? 0) : 0,
      measured: {
        messages: request.messages,
        promptMessages: said.promptMessages,
        tokens: tokens.slice(0, request.messages.length),
        fixed: estimate.tools + estimate.schema,
        ...(limit === undefined ? {} : { limit }),
      },
    };
  }
}

/** The strategies that leave out as much as must be, which counting again tells. */
const cutsToLimit: ReadonlySet<Fitting['strategy']> = new Set(['drop-oldest', 'relevant']);

function summaryIn({ fitting, summary }: Unfitted): SaidSummary | undefined {
  return fitting.strategy === 'summary' ? summary : undefined;
}

function fittedBy(unfitted: Unfitted, { tokens }: Measured, { places, summariseTo }: LeftOut): Fitted {
  const { request, said, fitting } = unfitted;
  const isOut = new Set(places);
  const kept = request.messages.filter((_, place) => !isOut.has(place));
  const summary = places.length > 0 ? summaryIn(unfitted) : undefined;
  const leftOut = places.flatMap((place) => {
    const id = said.ids[place];
    return id == null ? [] : [{ id, tokens: tokens[place] ?? 0 }];
  });
  return {
    request: {
      ...request,
      messages: summary ? withSummary(kept, said.promptMessages, summary.summary.text) : kept,
    },
    view: {
      fitting,
      leftOut,
      summary: summary ? { messageId: summary.messageId, ...summary.summary } : null,
      pending: summariseTo === undefined ? null : 'summary',
    },
    ...(summariseTo === undefined ? {} : { summariseTo }),
  };
}

/** What each message takes, with its share of what stands around them and of what was learned to correct. */
function tokensOf({ messages, tools, schema, overhead, inputTokens }: PromptEstimate): readonly number[] {
  const counted = messages.reduce((sum, message) => sum + message.tokens, tools + schema + overhead);
  const ratio = counted === 0 ? 1 : inputTokens / counted;
  return messages.map((message) => Math.ceil((message.tokens + overhead / messages.length) * ratio));
}

/** How much the input may be, so that there is room for an answer; `undefined` where the window is not known. */
function limitOf({ contextWindow }: PromptEstimate, { settings }: ChatRequest): number | undefined {
  if (contextWindow === undefined) return undefined;
  const answer = settings.maxOutputTokens ?? Math.min(assumedOutputTokens, contextWindow / 4);
  return Math.max(0, Math.floor(contextWindow - answer));
}
