import { messageOf } from '../core/errors.ts';
import { resolveModel } from '../core/provider.ts';
import { laneRun } from '../core/run/overrides.ts';
import type { PreparedRun } from '../core/run/prepareRun.ts';
import { interruption, runPrompt } from '../core/run/runPrompt.ts';
import { sampleGroups, samplesAtOnce } from '../core/run/samples.ts';
import { nodeSurroundings } from '../node/surroundings.ts';
import type { LaneView, ModelView, Run } from '../protocol.ts';
import { problemOf } from './blocked.ts';
import { nowhere } from './chatTurns.ts';
import type { EventBatch } from './eventBatch.ts';
import type { SessionSurroundings } from './sessionSurroundings.ts';

/** A lane that is shown for the first time. */
export const emptyLane: Omit<LaneView, 'id'> = {
  modelId: null,
  settings: {},
  promptVersion: null,
  version: null,
  model: null,
  turns: [],
  earlier: 0,
  lead: '',
  run: null,
  samples: null,
  message: null,
  problem: null,
  check: null,
  schemaCheck: null,
  context: null,
  fit: null,
};

/** A lane that shows what another one does. */
export function withPathOf({ turns, earlier, lead, run, message }: LaneView, lane: LaneView): LaneView {
  return { ...lane, turns, earlier, lead, run, message };
}

/** What a lane asks of the session that it belongs to. */
export interface LaneSession {
  readonly surroundings: SessionSurroundings;
  /** How the lane stands; the session holds it, so that all lanes make one state. */
  readonly view: () => LaneView;
  readonly change: (change: Partial<LaneView>) => void;
  readonly batch: EventBatch;
  /** Takes the lane out of the conversation, because it runs the prompt from the start. */
  readonly leaveChat: () => void;
}

/** An answer that a lane is asked for within its conversation. */
export interface LaneTurn {
  readonly prepared: PreparedRun;
  /** Adds the answer to the conversation, as its run begins; returns how the lane then stands. */
  readonly begin: (run: Run) => Partial<LaneView>;
}

/** How long a provider may take to list its models, in ms. A run does not wait for it. */
const modelsTimeoutMs = 5_000;

/** One column at work. Whatever goes wrong in it is shown in it and touches no other. */
export class Lane {
  readonly id: string;
  readonly #session: LaneSession;
  #running: AbortController | undefined;
  /** The model that was asked about last. */
  #described: string | undefined;

  constructor(id: string, session: LaneSession) {
    this.id = id;
    this.#session = session;
  }

  get view(): LaneView {
    return this.#session.view();
  }

  /** From the moment that a run is asked for, before it is there. */
  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /**
   * Runs the prompt with the lane's model and settings, to its end. It never throws; where the prompt could not be
   * prepared nothing happens, which is the session's to tell. Does nothing while a run is under way.
   */
  async run(prompt: Promise<PreparedRun>): Promise<void> {
    await this.#alone(async (signal) => {
      const prepared = await prompt.catch(() => undefined);
      if (!prepared || signal.aborted) return;
      const count = this.view.sampleCount ?? 1;
      const begin: LaneTurn['begin'] = (run) => {
        this.#session.leaveChat();
        return { ...nowhere, run, fit: null };
      };
      await (count > 1
        ? this.#sample(prepared, signal, { count, begin })
        : this.#carryOut(prepared, signal, begin));
    });
  }

  /** Adds an answer to the lane's conversation, to its end. It never throws. Does nothing while a run is under way. */
  async converse(turn: (signal: AbortSignal) => Promise<LaneTurn>): Promise<void> {
    await this.#alone(async (signal) => {
      const { prepared, begin } = await turn(signal);
      await this.#carryOut(prepared, signal, begin);
    });
  }

  /** Stops the run that is under way; its text is kept. */
  stop(): void {
    this.#running?.abort();
  }

  /** Ends the run that is under way because the window closes: it was not the user who stopped it. */
  interrupt(): void {
    this.#running?.abort(interruption);
  }

  /** Finds out what is known of the model that the lane calls, unless that is known already. It never throws. */
  async describe(modelId: string): Promise<void> {
    if (this.#described === modelId) return;
    this.#described = modelId;
    const model = await this.#modelView(modelId);
    // Another may have been chosen since.
    if (this.#described !== modelId) return;
    // Its server may run the next time, or its key be set.
    if (!model) this.#described = undefined;
    if (model || this.view.model) this.#session.change({ model });
  }

  async #alone(action: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#running) return;
    const abort = new AbortController();
    this.#running = abort;
    try {
      await action(abort.signal);
    } catch (error) {
      this.#session.change({ problem: problemOf(error) });
      this.#session.surroundings.log.error(messageOf(error));
    }
    this.#running = undefined;
    // Whoever shows that it runs shows that it has ended.
    this.#session.change({});
  }

  /** Runs the prompt `count` times, some at a time. One that fails keeps no other from its answer. */
  async #sample(
    prompt: PreparedRun,
    signal: AbortSignal,
    { count, begin }: Pick<LaneTurn, 'begin'> & { readonly count: number },
  ): Promise<void> {
    let pending = count;
    let begun: readonly Run[] | undefined;
    const beginNext = (run: Run): Partial<LaneView> => {
      const first = begun ? {} : begin(run);
      // What has come of the others since they began is in the view.
      begun = [...(begun ? (this.view.samples?.runs ?? begun) : []), run];
      return { ...first, samples: { runs: begun, pending } };
    };
    const work = async (): Promise<void> => {
      while (pending > 0 && !signal.aborted) {
        pending--;
        await this.#carryOut(prompt, signal, beginNext);
      }
    };
    const results = await Promise.allSettled(Array.from({ length: Math.min(count, samplesAtOnce) }, work));
    const { samples, run } = this.view;
    if (samples && samples.pending > 0) this.#session.change({ samples: { ...samples, pending: 0 } });
    // Whoever has turned to none sees the answer that most of them gave.
    const most = samples && sampleGroups({ ...samples, pending: 0 })[0];
    if (most && run?.id === samples.runs[0]?.id) this.#session.change({ run: most[0] });
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #carryOut(prompt: PreparedRun, signal: AbortSignal, begin: LaneTurn['begin']): Promise<void> {
    const { batch, surroundings } = this.#session;
    const { store, priceOf, providers, estimateOf } = surroundings;
    const prepared = laneRun(prompt, this.view);
    const { modelId } = prepared.input;
    const { provider } = resolveModel(providers, modelId);
    const { run, events } = runPrompt(
      prepared,
      {
        ...nodeSurroundings,
        provider,
        price: await priceOf(modelId),
        estimate: estimateOf(prepared.input, signal),
        store,
      },
      signal,
    );
    this.#session.change({ samples: null, ...begin(run), problem: null });
    try {
      for await (const event of events) batch.add(run.id, event);
    } finally {
      batch.flush();
    }
  }

  async #modelView(modelId: string): Promise<ModelView | null> {
    const { providers, log } = this.#session.surroundings;
    const slash = modelId.indexOf('/');
    const provider = providers.find(({ id }) => id === modelId.slice(0, slash));
    try {
      const models = await provider?.models(AbortSignal.timeout(modelsTimeoutMs));
      const info = models?.find(({ id }) => id === modelId.slice(slash + 1));
      return info ? { ...info, id: modelId } : null;
    } catch (error) {
      log.warn(`The models of ${provider?.name ?? modelId} are not known: ${messageOf(error)}`);
      return null;
    }
  }
}
