import type { ChatEvent, FinishReason, Usage } from '../chat.ts';
import { asLlmError, LlmError, messageOf } from '../errors.ts';
import { costOf, type ModelPrice } from '../pricing.ts';
import type { Provider } from '../provider.ts';
import type { FinalOutcome, Run, RunEstimate, RunStore } from '../store.ts';
import { type Clock, type RetryEvent, type RetryOptions, withRetry, withTiming } from '../stream.ts';
import { emptyOutput, foldRun, type RunEvent } from './fold.ts';
import type { PreparedRun } from './prepareRun.ts';

/** What a run needs of the world. */
export interface RunSurroundings {
  /** Who serves the model of the run's request. */
  readonly provider: Provider;
  /** The model's price, or `undefined` when it is unknown. */
  readonly price: ModelPrice | undefined;
  /**
   * What is expected of the input, worked out while the run is under way. It must not reject, and is not waited for: what is
   * not there when the run ends is left out. Absent where nothing is.
   */
  readonly estimate?: Promise<RunEstimate | undefined>;
  /** Where the run is kept; absent to keep it nowhere. */
  readonly store?: RunStore;
  readonly retry: RetryOptions;
  /** Measures durations. */
  readonly clock: Clock;
  /** The time of day, in ms since 1970. */
  readonly now: () => number;
  readonly newId: () => string;
  /** Calls `action` once after `ms`, unless the function that it returns is called before. */
  readonly schedule: (ms: number, action: () => void) => () => void;
}

/** A run under way. `events` must be read to the end for the run to be carried out; it never throws. */
export interface RunningRun {
  /** As recorded, before anything was sent. */
  readonly run: Run;
  /** Ends with exactly one `end`, whatever happens: an error is an outcome. */
  readonly events: AsyncIterable<RunEvent>;
}

/** Why a run's signal is aborted when its program ends: the run is interrupted, where else it would be stopped. */
export const interruption = 'interrupted';

/** Text that has arrived is written to the store after this time at the latest, in ms. */
const saveEveryMs = 250;

/**
 * One call to a model, recorded: the run is in the store before the first byte is sent, its text is saved as it
 * streams, and its end holds outcome, usage, timing and cost. A store that cannot be written never stops the
 * answer; it becomes an `unsaved` event.
 */
export function runPrompt(
  { input, warnings, promptText }: PreparedRun,
  surroundings: RunSurroundings,
  signal: AbortSignal,
): RunningRun {
  const run: Run = {
    ...input,
    ...emptyOutput,
    warnings,
    id: surroundings.newId(),
    startedAt: surroundings.now(),
  };
  return { run, events: carryOut(run, promptText, surroundings, signal) };
}

async function* carryOut(
  run: Run,
  promptText: string | undefined,
  { provider, price, estimate, store, retry, clock, schedule }: RunSurroundings,
  signal: AbortSignal,
): AsyncGenerator<RunEvent> {
  const recorder = new Recorder(run, store, schedule);
  yield* recorder.begin(promptText);

  const stream = withTiming(withRetry(provider, run.request, retry, signal), clock);
  let outcome: FinalOutcome | undefined;
  let isReported = false;
  try {
    for await (const event of stream.events) {
      // What is said of an answer that is still under way is not yet all of it.
      isReported = event.type === 'usage' || (isReported && !isAnswer(event));
      if (event.type === 'finish') outcome = finished(event.reason, event.rawReason);
      yield event;
      yield* recorder.add(event);
    }
    outcome ??= failed(new LlmError('network', 'The answer broke off before its end. Run again.'));
  } catch (error) {
    const failure = asLlmError(error);
    outcome = failure.kind === 'cancelled' ? cancelled(signal) : failed(failure);
  }

  const { usage: told } = recorder.run;
  const isWhole = isReported || outcome.status === 'finished';
  const usage: Usage | undefined = told && !isWhole ? { ...told, isPartial: true } : told;
  const cost = usage && costOf(usage, price);
  const timing = stream.timing();
  const expected = await Promise.race([estimate, Promise.resolve(undefined)]);
  const end: RunEvent = {
    type: 'end',
    outcome,
    timing,
    ...(usage && usage !== told ? { usage } : {}),
    ...(cost ? { cost } : {}),
    ...(expected ? { estimate: expected } : {}),
  };
  yield* recorder.end(end);
  yield end;
}

function isAnswer({ type }: ChatEvent | RetryEvent): boolean {
  return type === 'text' || type === 'reasoning' || type === 'tool-call';
}

/** Keeps the store in step with a run, and says once when it cannot. */
class Recorder {
  run: Run;
  readonly #store: RunStore | undefined;
  readonly #schedule: RunSurroundings['schedule'];
  #cancelSave: (() => void) | undefined;
  #failure: string | undefined;
  #told = false;

  constructor(run: Run, store: RunStore | undefined, schedule: RunSurroundings['schedule']) {
    this.run = run;
    this.#store = store;
    this.#schedule = schedule;
  }

  begin(promptText: string | undefined): RunEvent[] {
    this.#write((store) => store.insert(this.run, promptText));
    return this.#news();
  }

  add(event: RunEvent): RunEvent[] {
    this.run = foldRun(this.run, event);
    this.#cancelSave ??= this.#schedule(saveEveryMs, () => {
      this.#cancelSave = undefined;
      this.#save();
    });
    return this.#news();
  }

  end(event: RunEvent): RunEvent[] {
    this.#cancelSave?.();
    this.run = foldRun(this.run, event);
    this.#save();
    return this.#news();
  }

  #save(): void {
    this.#write((store) => store.update(this.run.id, this.run));
  }

  #write(action: (store: RunStore) => void): void {
    if (!this.#store || this.#failure !== undefined) return;
    try {
      action(this.#store);
    } catch (error) {
      this.#failure = messageOf(error);
    }
  }

  #news(): RunEvent[] {
    if (this.#failure === undefined || this.#told) return [];
    this.#told = true;
    return [{ type: 'unsaved', reason: this.#failure }];
  }
}

function finished(reason: FinishReason, rawReason: string | undefined): FinalOutcome {
  return { status: 'finished', reason, ...(rawReason === undefined ? {} : { rawReason }) };
}

function cancelled({ reason }: AbortSignal): FinalOutcome {
  return { status: reason === interruption ? 'interrupted' : 'stopped' };
}

function failed(error: LlmError): FinalOutcome {
  return { status: 'failed', error: error.toData() };
}
