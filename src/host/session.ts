import type { Uri } from 'vscode';
import { type Disposable, EventEmitter, type LogOutputChannel, workspace } from 'vscode';
import { asLlmError, LlmError, messageOf } from '../core/errors.ts';
import type { ModelPrice } from '../core/pricing.ts';
import { PromptError } from '../core/prompt/problems.ts';
import { type Provider, resolveModel } from '../core/provider.ts';
import type { OpenedPrompt } from '../core/run/prepareRun.ts';
import { interruption, runPrompt } from '../core/run/runPrompt.ts';
import type { RunStore, VariableValues } from '../core/store.ts';
import { nodeSurroundings } from '../node/surroundings.ts';
import {
  emptyPanel,
  foldPanel,
  type HostMessage,
  type PanelState,
  type Problem,
  type PromptView,
} from '../protocol.ts';
import { EventBatch } from './eventBatch.ts';
import { nameOf, promptSourceOf } from './promptSource.ts';
import type { Settings } from './settings.ts';

/** What sessions need, wired once in `composition.ts`. */
export interface SessionSurroundings {
  readonly providers: readonly Provider[];
  readonly store: RunStore;
  readonly log: LogOutputChannel;
  readonly settings: () => Settings;
  /** The price of a `provider/model`, or `undefined` when it is unknown. */
  readonly priceOf: (modelId: string) => ModelPrice | undefined;
}

/**
 * One prompt file at work: what is known of it, its values, and its run. It lives on when its panel is closed, so a
 * run goes on and is all there when the panel comes back.
 */
export class Session implements Disposable {
  readonly uri: Uri;
  readonly #surroundings: SessionSurroundings;
  readonly #messages = new EventEmitter<HostMessage>();
  #state: PanelState;
  /** The values of the last run in this window; absent before it, when Run asks although the history knows some. */
  #values: VariableValues | undefined;
  #running: AbortController | undefined;

  /** Every change of `state`, in order. */
  readonly onMessage = this.#messages.event;

  constructor(uri: Uri, surroundings: SessionSurroundings) {
    this.uri = uri;
    this.#surroundings = surroundings;
    this.#state = {
      ...emptyPanel,
      prompt: { uri: uri.toString(), name: nameOf(uri), fields: [], values: {} },
    };
  }

  get state(): PanelState {
    return this.#state;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Shows the prompt and its newest run from the history, without running anything. */
  async show(): Promise<void> {
    await this.#guarded(async () => {
      if (!this.#state.run) this.#change({ run: this.#newestRun() });
      await this.#openPrompt();
    });
  }

  /**
   * Runs the prompt with `values`, or else with those of the last run in this window. Where a value is missing, the
   * panel asks for it instead. Does nothing while a run is under way.
   */
  async run(values: VariableValues | undefined = this.#values): Promise<void> {
    if (this.#running) return;
    const abort = new AbortController();
    this.#running = abort;
    await this.#guarded(async () => {
      if (!workspace.isTrusted) throw new Blocked(untrusted);
      if (!this.#state.run) this.#change({ run: this.#newestRun() });
      const opened = await this.#openPrompt();
      await this.#runOpened(opened, values ?? {}, abort.signal);
    });
    this.#running = undefined;
    // The lens shows Run again.
    this.#change({});
  }

  /** Stops the run that is under way; its text is kept. */
  stop(): void {
    this.#running?.abort();
  }

  /** Ends the run that is under way because the window closes: it was not the user who stopped it. */
  dispose(): void {
    this.#running?.abort(interruption);
  }

  async #runOpened(opened: OpenedPrompt, values: VariableValues, signal: AbortSignal): Promise<void> {
    const { store, priceOf, providers } = this.#surroundings;
    const { missingIn } = await import('../core/run/prepareRun.ts');
    const missing = missingIn(opened, values);
    if (missing.length > 0) {
      const names = missing.map((name) => `“${name}”`).join(', ');
      throw new Blocked({ message: `Give a value to ${names}, then run.`, missing });
    }

    const modelId = this.#modelIdOf(opened);
    const { provider } = resolveModel(providers, modelId);
    const prepared = await opened.prepare(values, modelId);
    this.#values = values;
    const { run, events } = runPrompt(
      prepared,
      { ...nodeSurroundings, provider, price: priceOf(modelId), store },
      signal,
    );
    const { prompt } = this.#state;
    this.#change({ run, problem: null, prompt: prompt && { ...prompt, values: prepared.input.variables } });

    const batch = new EventBatch((batched) =>
      this.#post({ type: 'run-events', runId: run.id, events: batched }),
    );
    try {
      for await (const event of events) batch.add(event);
    } finally {
      batch.dispose();
    }
  }

  /** Reads the file and shows it, with its defaults filled in. */
  async #openPrompt(): Promise<OpenedPrompt> {
    const { openPrompt } = await import('../core/run/prepareRun.ts');
    const opened = await openPrompt(await promptSourceOf(this.uri));
    const modelId = this.#modelIdOf(opened);
    const { description } = opened.frontMatter;
    const model = await this.#modelInfo(modelId);
    const prompt: PromptView = {
      ...opened.reference,
      ...(description === undefined ? {} : { description }),
      modelId,
      ...(model ? { model } : {}),
      fields: opened.fields,
      values: this.#values ?? this.#state.run?.variables ?? {},
    };
    this.#change({ prompt, problem: null });
    return opened;
  }

  #modelIdOf(opened: OpenedPrompt): string {
    return opened.frontMatter.model ?? this.#surroundings.settings().defaultModel;
  }

  async #modelInfo(modelId: string): Promise<PromptView['model']> {
    const slash = modelId.indexOf('/');
    const provider = this.#surroundings.providers.find(({ id }) => id === modelId.slice(0, slash));
    const models = await provider?.models(AbortSignal.timeout(2_000)).catch((error: unknown) => {
      this.#surroundings.log.warn(`The models of ${provider.name} are not known: ${messageOf(error)}`);
      return [];
    });
    const info = models?.find(({ id }) => id === modelId.slice(slash + 1));
    return (
      info && {
        name: info.name,
        ...(info.description === undefined ? {} : { description: info.description }),
      }
    );
  }

  #newestRun(): PanelState['run'] {
    try {
      return this.#surroundings.store.list({ limit: 1, promptUri: this.uri.toString() })[0] ?? null;
    } catch (error) {
      // The panel works without a history, and the next run says that it is not saved.
      this.#surroundings.log.error(messageOf(error));
      return null;
    }
  }

  /** Turns whatever keeps a run from starting into a problem that the panel shows. */
  async #guarded(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#change({ problem: problemOf(error) });
      if (!(error instanceof Blocked)) this.#surroundings.log.error(messageOf(error));
    }
  }

  #change(state: Partial<PanelState>): void {
    this.#post({ type: 'change', state });
  }

  #post(message: HostMessage): void {
    this.#state = foldPanel(this.#state, message);
    this.#messages.fire(message);
  }
}

/** Something the user has to do before a run can start. */
class Blocked extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

const untrusted: Problem = {
  message:
    'This workspace is not trusted, so prompts can be viewed and counted but not run: a run sends what the files say to a model. Trust the workspace to run.',
  missing: [],
  action: 'manage-trust',
};

function problemOf(error: unknown): Problem {
  if (error instanceof Blocked) return error.problem;
  if (error instanceof PromptError) {
    const { line, column } = error.problem;
    return { message: error.message, missing: [], position: { line, column }, action: 'open-prompt' };
  }
  if (error instanceof LlmError) return { message: error.message, missing: [], action: 'open-settings' };
  return { message: asLlmError(error).message, missing: [], action: 'show-log' };
}
