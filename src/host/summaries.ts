import type { Message } from '../core/chat.ts';
import { summaryRequest, summaryTokens } from '../core/context/summary.ts';
import { turnsOf } from '../core/context/turns.ts';
import { LlmError } from '../core/errors.ts';
import type { ModelPrice } from '../core/pricing.ts';
import { type Provider, resolveModel } from '../core/provider.ts';
import { foldRun } from '../core/run/fold.ts';
import type { PreparedRun } from '../core/run/prepareRun.ts';
import { runPrompt } from '../core/run/runPrompt.ts';
import type { Run, RunStore } from '../core/store.ts';
import type { Estimator } from '../node/estimate.ts';
import { nodeSurroundings } from '../node/surroundings.ts';
import type { Unfitted } from './fitter.ts';

export interface SummariesSurroundings {
  readonly providers: readonly Provider[];
  readonly store: RunStore;
  /** The price of a `provider/model`, or `undefined` when it is unknown. */
  readonly priceOf: (modelId: string) => Promise<ModelPrice | undefined>;
  /** @throws Blocked when the budget does not let these runs start. */
  readonly holdToBudget: (runs: readonly PreparedRun[]) => Promise<void>;
  readonly estimator: Pick<Estimator, 'estimate'>;
  /** Shows that a summary is written while `action` runs, and lets the user cancel it. */
  readonly shown: <Result>(action: (cancelled: AbortSignal) => Promise<Result>) => Promise<Result>;
}

/** A summary that was written just now. */
export interface MadeSummary {
  /** How many messages of the request it stands for, from the first on. */
  readonly end: number;
  readonly text: string;
}

/** Has models write summaries. Each is a run of its own: it is recorded, held to the budget, and counted. */
export class Summaries {
  readonly #surroundings: SummariesSurroundings;
  readonly #unsaved: Run[] = [];

  constructor(surroundings: SummariesSurroundings) {
    this.#surroundings = surroundings;
  }

  /**
   * Summarises the turns of a request up to a place, or as many of them as the window of the summarising model holds at
   * once. The user sees that it is done, and can cancel.
   * @param conversationId what it is a summary of, by which its cost is counted there
   * @throws LlmError of any kind; Blocked when the budget does not let it.
   */
  async make(
    conversationId: string | null,
    unfitted: Unfitted,
    to: number,
    signal: AbortSignal,
  ): Promise<MadeSummary> {
    return this.#surroundings.shown((cancelled) =>
      this.#make(conversationId, unfitted, to, AbortSignal.any([signal, cancelled])),
    );
  }

  /** The runs for a conversation that the history did not take. */
  unsavedOf(conversationId: string): readonly Run[] {
    return this.#unsaved.filter(({ summaryOf }) => summaryOf === conversationId);
  }

  async #make(
    conversationId: string | null,
    unfitted: Unfitted,
    to: number,
    signal: AbortSignal,
  ): Promise<MadeSummary> {
    const { fitting, request, said, summary } = unfitted;
    const modelId =
      fitting.strategy === 'summary' && fitting.modelId !== null ? fitting.modelId : unfitted.modelId;
    const from = summary?.end ?? 0;
    const turns = turnsOf(request.messages, said.promptMessages).filter(
      (turn) => turn.to > from && turn.to <= to,
    );
    const before = summary?.summary.text;
    // Fewer at a time, until they fit into the window of the model that reads them.
    for (let count = turns.length; count > 0; count = Math.floor(count / 2)) {
      const [first, last] = [turns[0], turns[count - 1]];
      if (!first || !last) break;
      const messages = request.messages.slice(Math.max(first.from, from), last.to);
      const prepared = runOf(conversationId, modelId, messages, before);
      if (!(await this.#fits(prepared, signal))) continue;
      return { end: last.to, text: await this.#written(prepared, signal) };
    }
    throw new LlmError(
      'context-overflow',
      `What was said before is too long to be summarised by ${modelId}. Choose another model for summaries, or leave the oldest turns out.`,
    );
  }

  async #fits({ input: { request, modelId } }: PreparedRun, signal: AbortSignal): Promise<boolean> {
    const estimate = await this.#surroundings.estimator.estimate({ request }, modelId, signal);
    const { contextWindow = Infinity, inputTokens } = estimate;
    return inputTokens + summaryTokens <= contextWindow;
  }

  async #written(prepared: PreparedRun, signal: AbortSignal): Promise<string> {
    const { providers, store, priceOf, holdToBudget } = this.#surroundings;
    await holdToBudget([prepared]);
    const { modelId } = prepared.input;
    const { provider } = resolveModel(providers, modelId);
    const { run, events } = runPrompt(
      prepared,
      { ...nodeSurroundings, provider, price: await priceOf(modelId), store },
      signal,
    );
    let ended = run;
    for await (const event of events) ended = foldRun(ended, event);
    if (ended.unsaved !== undefined) this.#unsaved.push(ended);
    const { outcome, text } = ended;
    if (outcome.status !== 'finished') {
      throw outcome.status === 'failed'
        ? LlmError.fromData(outcome.error)
        : new LlmError('cancelled', 'The summary was stopped, so nothing was sent.');
    }
    if (text.trim() === '') {
      throw new LlmError(
        'provider',
        `${modelId} has written no summary. Choose another model for summaries, or leave the oldest turns out.`,
      );
    }
    return text.trim();
  }
}

function runOf(
  conversationId: string | null,
  modelId: string,
  messages: readonly Message[],
  before: string | undefined,
): PreparedRun {
  const model = modelId.slice(modelId.indexOf('/') + 1);
  return {
    warnings: [],
    input: {
      variables: {},
      modelId,
      request: summaryRequest(model, messages, before),
      ...(conversationId === null ? {} : { summaryOf: conversationId }),
    },
  };
}
