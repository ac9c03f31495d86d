import { Disposable, type Event, type LogOutputChannel, workspace } from 'vscode';
import { textMessage } from '../core/chat.ts';
import { messageOf } from '../core/errors.ts';
import { PromptError } from '../core/prompt/problems.ts';
import { laneRun } from '../core/run/overrides.ts';
import { limitWarnings } from '../core/usage/budget.ts';
import { contextFigures, type MessageOrigin } from '../core/usage/contextFigures.ts';
import type { EstimatedPrompt } from '../core/usage/estimatedPrompt.ts';
import type { Estimator, EstimateRequest } from '../node/estimate.ts';
import { type ContextView, laneIsRunning, type LaneView, type ViewMessage } from '../protocol.ts';
import { readBudget } from './budget.ts';
import { laneSourceOf } from './promptSource.ts';
import type { Fitter } from './fitter.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';
import type { PromptVersions } from './versions/promptVersions.ts';

export interface ContextsSurroundings {
  readonly estimator: Estimator;
  readonly fitter: Pick<Fitter, 'fit'>;
  readonly settings: () => Settings;
  /** Where the texts of versions are that lanes run. */
  readonly versions: Pick<PromptVersions, 'textOf'>;
  /** A provider has said which models it has, and with them their windows. */
  readonly onModelsKnown: Event<void>;
  readonly log: LogOutputChannel;
}

type Draft = Extract<ViewMessage, { type: 'draft' }>;

/** Changes that come together, such as those of a file that is read again, are worked out once; in ms. */
const quietMs = 60;

/**
 * How full the windows of a session's lanes would be with what is sent next: the conversation and the follow-up that is
 * being written, or the prompt in a lane that has not run. Worked out while a panel shows the session, anew with every
 * draft and every change of what would be sent; until then the figures that stood there are gone.
 */
export class Contexts implements Disposable {
  readonly #session: Session;
  readonly #surroundings: ContextsSurroundings;
  readonly #registrations: Disposable;
  #draft: Draft | undefined;
  /** What the lanes' figures depend on beside the draft. */
  #key = '';
  #working = new AbortController();

  constructor(session: Session, surroundings: ContextsSurroundings) {
    this.#session = session;
    this.#surroundings = surroundings;
    this.#registrations = Disposable.from(
      session.onMessage(({ type }) => {
        if ((type === 'change' || type === 'lane') && this.#key !== keyOf(session)) this.refresh();
      }),
      surroundings.onModelsKnown(() => this.refresh()),
      workspace.onDidChangeConfiguration(
        (change) => change.affectsConfiguration('llmPlayground') && this.refresh(),
      ),
    );
  }

  /** What the panel holds has changed. The view shows no figures of another draft. */
  show(draft: Draft): void {
    this.#draft = draft;
    this.#work();
  }

  dispose(): void {
    this.#working.abort();
    this.#registrations.dispose();
  }

  /** Takes the figures away, and works them out again. */
  refresh(): void {
    if (!this.#draft) return;
    const shown = this.#session.state.lanes.filter(({ context }) => context);
    if (shown.length > 0) this.#tell(Object.fromEntries(shown.map(({ id }) => [id, null])));
    this.#work();
  }

  #tell(contexts: Readonly<Record<string, ContextView | null>>): void {
    this.#session.tell({ type: 'contexts', contexts });
  }

  #work(): void {
    const draft = this.#draft;
    if (!draft) return;
    this.#working.abort();
    const working = new AbortController();
    this.#working = working;
    this.#key = keyOf(this.#session);
    setTimeout(() => {
      if (!working.signal.aborted) void this.#workOut(draft, working.signal);
    }, quietMs);
  }

  async #workOut(draft: Draft, signal: AbortSignal): Promise<void> {
    const lanes = this.#session.state.lanes.filter((lane) => !laneIsRunning(lane));
    // Rendered once for all lanes that run the same version of the prompt from the start.
    const rendered = new Map<string | null, Promise<EstimatedPrompt>>();
    const prompt = ({ promptVersion }: LaneView): Promise<EstimatedPrompt> => {
      const known = rendered.get(promptVersion) ?? this.#rendered(draft, promptVersion);
      rendered.set(promptVersion, known);
      return known;
    };
    await Promise.all(
      lanes.map(async (lane) => {
        const context = await this.#contextOf(lane, draft, prompt, signal);
        if (!signal.aborted) this.#tell({ [lane.id]: context });
      }),
    );
  }

  async #contextOf(
    lane: LaneView,
    { draft, text }: Draft,
    prompt: (lane: LaneView) => Promise<EstimatedPrompt>,
    signal: AbortSignal,
  ): Promise<ContextView | null> {
    try {
      const next = (await this.#next(lane, text, signal)) ?? firstOf(lane, await prompt(lane));
      const estimate = await this.#surroundings.estimator.estimate(next.asked, next.modelId, signal);
      return { draft, figures: contextFigures(estimate, next.origin, limitWarnings(estimate, readBudget())) };
    } catch (error) {
      if (signal.aborted) return null;
      // A prompt with a mistake in it says so elsewhere.
      if (!(error instanceof PromptError))
        this.#surroundings.log.warn(`What comes next was not counted: ${messageOf(error)}`);
      return { draft, figures: null, problem: messageOf(error) };
    }
  }

  /** The follow-up that a lane would send; `undefined` for a lane without an answer. */
  async #next(lane: LaneView, text: string, signal: AbortSignal): Promise<Next | undefined> {
    const { chat } = this.#session;
    const said = chat.saidIn(lane.id);
    if (!said) return undefined;
    const { modelId, request } = laneRun(said.prepared, lane).input;
    const written = text.trim() === '' ? [] : textMessage('user', text).content;
    const content = [...this.#session.composer.parts, ...written];
    const hasFollowUp = content.length > 0;
    // Even before anything is written, what is sent next is one turn more.
    const messages = [...request.messages, { role: 'user' as const, content }];
    const unfitted = {
      modelId,
      request: { ...request, messages },
      said: { ids: [...said.ids, null], promptMessages: said.promptMessages },
      fitting: said.fitting,
      summary: said.summary,
    };
    const fitted = await this.#surroundings.fitter.fit(unfitted, false, signal);
    if (!signal.aborted) chat.showFit(lane.id, fitted.view);
    return {
      modelId,
      asked: {
        request: hasFollowUp
          ? fitted.request
          : { ...fitted.request, messages: fitted.request.messages.slice(0, -1) },
      },
      origin: { prompt: said.promptMessages, hasFollowUp },
    };
  }

  async #rendered({ values }: Draft, version: string | null): Promise<EstimatedPrompt> {
    const { estimatedPrompt } = await import('../core/usage/estimatedPrompt.ts');
    const { uri, state } = this.#session;
    return estimatedPrompt(
      await laneSourceOf(uri, version, this.#surroundings.versions),
      values ?? state.prompt?.values ?? {},
      this.#surroundings.settings().defaultModel,
    );
  }
}

/** What would be sent next. */
interface Next {
  /** `provider/model` */
  readonly modelId: string;
  readonly asked: EstimateRequest;
  readonly origin: MessageOrigin;
}

/** The prompt as a lane would send it. */
function firstOf(lane: LaneView, { prepared, missing, variables }: EstimatedPrompt): Next {
  const { modelId, request } = laneRun(prepared, lane).input;
  return {
    modelId,
    asked: { request, missing, variables },
    origin: { prompt: request.messages.length, hasFollowUp: false },
  };
}

/** Everything of a session that its figures depend on. */
function keyOf({ composer, state: { prompt, lanes, chat } }: Session): string {
  return JSON.stringify([
    chat?.fitting,
    composer.parts.map(({ text }) => text),
    prompt && [prompt.version, prompt.modelId, prompt.settings],
    lanes.map((lane) => [
      lane.id,
      lane.modelId,
      lane.promptVersion,
      lane.settings,
      lane.run && [lane.run.id, laneIsRunning(lane)],
      lane.message?.id,
    ]),
  ]);
}
