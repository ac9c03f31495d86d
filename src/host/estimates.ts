import {
  commands,
  Disposable,
  EventEmitter,
  type LogOutputChannel,
  type Uri,
  window,
  workspace,
} from 'vscode';
import type { ChatRequest } from '../core/chat.ts';
import { LlmError, messageOf } from '../core/errors.ts';
import { PromptError } from '../core/prompt/problems.ts';
import { laneRun } from '../core/run/overrides.ts';
import type { PreparedRun } from '../core/run/prepareRun.ts';
import type { PromptEstimate } from '../core/tokens/estimate.ts';
import type { Comparison } from '../core/usage/estimateLabel.ts';
import type { EstimatedPrompt } from '../core/usage/estimatedPrompt.ts';
import type { Estimator } from '../node/estimate.ts';
import type { LaneView } from '../protocol.ts';
import { laneEstimates } from './laneEstimates.ts';
import { promptLanguage } from './language.ts';
import { laneSourceOf } from './promptSource.ts';
import type { Sessions } from './sessions.ts';
import type { Settings } from './settings.ts';
import type { PromptVersions } from './versions/promptVersions.ts';

export interface PromptEstimatesSurroundings {
  readonly sessions: Sessions;
  readonly estimator: Estimator;
  /** Where the texts of versions are that lanes run. */
  readonly versions: Pick<PromptVersions, 'textOf'>;
  readonly settings: () => Settings;
  /** Models that are set up, as `provider/model`, to compare with. */
  readonly otherModels: (signal: AbortSignal) => Promise<readonly string[]>;
  readonly log: LogOutputChannel;
}

export type EstimateCommandId = 'llmPlayground.showEstimate';

/** A prompt is estimated when nothing has changed for this long, in ms. */
const quietMs = 150;

/** One prompt as it was when its estimate began. */
interface Entry {
  /** Everything that the estimate depends on; another key makes it stale. */
  readonly key: string;
  readonly stop: AbortController;
  /** Absent while it is being made, and where the prompt cannot be estimated. */
  readonly label?: string;
}

/**
 * What the prompts of this window will take and cost as they stand. An estimate is taken away the moment that its text,
 * values or models change, and one that was superseded is never shown.
 */
export class PromptEstimates implements Disposable {
  readonly #surroundings: PromptEstimatesSurroundings;
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new EventEmitter<void>();
  readonly #registrations: Disposable;

  /** A label has come or gone, of any prompt. */
  readonly onDidChange = this.#changed.event;

  constructor(surroundings: PromptEstimatesSurroundings) {
    this.#surroundings = surroundings;
    this.#registrations = Disposable.from(
      this.#changed,
      commands.registerCommand('llmPlayground.showEstimate' satisfies EstimateCommandId, (uri?: Uri) =>
        this.#show(uri),
      ),
      // A partial may be part of any prompt, and prices and the default model of any estimate.
      workspace.onDidSaveTextDocument(({ languageId }) => languageId === promptLanguage && this.#forget()),
      workspace.onDidChangeConfiguration(
        (change) => change.affectsConfiguration('llmPlayground') && this.#forget(),
      ),
      workspace.onDidCloseTextDocument(({ uri }) => this.#drop(uri.toString())),
    );
  }

  /** What stands above a prompt, or `undefined` while that is not known; {@link onDidChange} tells when it is. */
  labelOf(uri: Uri): string | undefined {
    const id = uri.toString();
    const document = workspace.textDocuments.find((open) => open.uri.toString() === id);
    if (!document) return undefined;
    const { prompt, lanes } = this.#surroundings.sessions.of(uri).state;
    const key = JSON.stringify([
      document.version,
      prompt?.values,
      lanes.map(({ modelId, settings, promptVersion, sampleCount, run }) => [
        modelId,
        settings,
        promptVersion,
        sampleCount,
        run?.usage && run.id,
      ]),
    ]);
    const known = this.#entries.get(id);
    if (known?.key === key) return known.label;
    known?.stop.abort();
    const entry: Entry = { key, stop: new AbortController() };
    this.#entries.set(id, entry);
    setTimeout(() => {
      if (!entry.stop.signal.aborted) void this.#label(uri, entry);
    }, quietMs);
    return undefined;
  }

  /**
   * The estimates of runs that are about to start. One that cannot be made, such as for a model that is not there, is left
   * out: that run says itself what is wrong, and does not keep the others from theirs.
   */
  async ofRuns(runs: readonly PreparedRun[], signal: AbortSignal): Promise<readonly PromptEstimate[]> {
    const estimates = await Promise.all(
      runs.map(({ input }) => this.#ofRun(input.request, input.modelId, signal)),
    );
    return estimates.filter((estimate) => estimate !== undefined);
  }

  /** What a prompt would send in its first lane. @throws PromptError when it has an error. */
  async requestOf(uri: Uri): Promise<{ readonly modelId: string; readonly request: ChatRequest }> {
    const [lane] = this.#surroundings.sessions.of(uri).state.lanes;
    const { prepared } = await this.#rendered(uri, lane?.promptVersion ?? null);
    const { modelId, request } = (lane ? laneRun(prepared, lane) : prepared).input;
    return { modelId, request };
  }

  /** The estimate of a request; `undefined` for a model that is not there. */
  async ofRequest(
    request: ChatRequest,
    modelId: string,
    signal: AbortSignal,
  ): Promise<PromptEstimate | undefined> {
    return this.#ofRun(request, modelId, signal);
  }

  /** Makes all estimates anew, because something that they depend on has changed. */
  forget(): void {
    this.#forget();
  }

  dispose(): void {
    for (const { stop } of this.#entries.values()) stop.abort();
    this.#registrations.dispose();
  }

  async #ofRun(
    request: ChatRequest,
    modelId: string,
    signal: AbortSignal,
  ): Promise<PromptEstimate | undefined> {
    try {
      return await this.#surroundings.estimator.estimate({ request }, modelId, signal);
    } catch (error) {
      if (error instanceof LlmError && error.kind === 'bad-request') return undefined;
      throw error;
    }
  }

  async #label(uri: Uri, entry: Entry): Promise<void> {
    const { signal } = entry.stop;
    try {
      const estimates = await this.#estimates(uri, signal);
      const { estimateLabel } = await import('../core/usage/estimateLabel.ts');
      if (signal.aborted) return;
      this.#entries.set(uri.toString(), { ...entry, label: estimateLabel(estimates) });
      this.#changed.fire();
    } catch (error) {
      // A prompt with a mistake in it says so elsewhere.
      const isExpected = signal.aborted || error instanceof PromptError;
      if (!isExpected)
        this.#surroundings.log.warn(`${uri.toString()} was not estimated: ${messageOf(error)}`);
    }
  }

  /** One estimate for each run that the lanes make and that can be estimated. */
  async #estimates(uri: Uri, signal: AbortSignal): Promise<readonly PromptEstimate[]> {
    const { estimator, sessions } = this.#surroundings;
    const { lanes } = sessions.of(uri).state;
    return laneEstimates(
      lanes,
      (version) => this.#rendered(uri, version),
      ({ prepared: { input }, variables, missing }) =>
        estimator.estimate({ request: input.request, variables, missing }, input.modelId, signal),
    );
  }

  /** @param version What lanes run in the place of the file as it is, which is `null`. */
  async #rendered(uri: Uri, version: string | null): Promise<EstimatedPrompt> {
    const { sessions, settings, versions } = this.#surroundings;
    const { estimatedPrompt } = await import('../core/usage/estimatedPrompt.ts');
    const values = sessions.of(uri).state.prompt?.values ?? {};
    return estimatedPrompt(await laneSourceOf(uri, version, versions), values, settings().defaultModel);
  }

  /** Shows where the tokens of a prompt come from, and what they cost on other models. */
  async #show(uri: Uri | undefined): Promise<void> {
    const { showEstimate } = await import('./estimateBreakdown.ts');
    const { sessions, otherModels, estimator, log } = this.#surroundings;
    const shown = uri ?? window.activeTextEditor?.document.uri;
    if (!shown || !(await isPrompt(shown))) {
      void window.showInformationMessage(
        'Open a .prompt file first: its tokens and its cost are shown then.',
      );
      return;
    }
    await showEstimate(async (signal) => {
      const estimates = await this.#estimates(shown, signal);
      const { prepared } = await this.#rendered(shown, null);
      const [lane] = sessions.of(shown).state.lanes;
      const lastRun = await this.#lastRun(lane, signal);
      const history = lane?.context?.figures?.parts.history;
      return {
        runs: estimates,
        past: { ...(lastRun ? { lastRun } : {}), ...(history === undefined ? {} : { history }) },
        others: async () => {
          const known = new Set(estimates.map(({ modelId }) => modelId));
          const modelIds = (await otherModels(signal)).filter((modelId) => !known.has(modelId));
          return estimator.estimateEach({ request: prepared.input.request }, modelIds, signal);
        },
      };
    }, log);
  }

  /** What was counted for the newest run of a lane and what was reported; `undefined` where nothing was. */
  async #lastRun(lane: LaneView | undefined, signal: AbortSignal): Promise<Comparison | undefined> {
    const run = lane?.run;
    if (run?.outcome.status !== 'finished' || !run.usage) return undefined;
    try {
      const counted = await this.#surroundings.estimator.count(run.request, run.modelId, signal);
      return { counted, reported: run.usage.inputTokens };
    } catch (error) {
      if (error instanceof LlmError && error.kind !== 'cancelled') return undefined;
      throw error;
    }
  }

  #drop(id: string): void {
    this.#entries.get(id)?.stop.abort();
    this.#entries.delete(id);
  }

  #forget(): void {
    for (const id of [...this.#entries.keys()]) this.#drop(id);
    this.#changed.fire();
  }
}

async function isPrompt(uri: Uri): Promise<boolean> {
  return (await workspace.openTextDocument(uri)).languageId === promptLanguage;
}
