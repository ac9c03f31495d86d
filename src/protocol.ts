/**
 * What the extension host and the panel's webview say to each other, and the one fold that both sides apply.
 *
 * The host holds the truth and sends it as one complete snapshot followed by changes, over one ordered transport.
 * The webview draws what it has folded; when it is closed, reloaded or hidden, a new snapshot rebuilds it.
 */
import type { VariableField } from './core/prompt/variables.ts';
import { foldRun, type RunEvent } from './core/run/fold.ts';
import type { PromptReference, Run, VariableValues } from './core/store.ts';

export * from './core/format.ts';
export { shortVersion } from './core/prompt/versions.ts';
export { decodeSpeed, type Timing } from './core/stream.ts';
export { textOf, type Message, type Usage } from './core/chat.ts';
export type { Cost } from './core/pricing.ts';
export type { FinalOutcome, Outcome, Run, RunOutput, VariableValue, VariableValues } from './core/store.ts';
export type { VariableField } from './core/prompt/variables.ts';
export type { RunEvent } from './core/run/fold.ts';

/** Raised with every change of a message's meaning; a webview of another version asks to be reloaded. */
export const protocolVersion = 1;

/** Everything that the panel shows. `null` stands for what is not there. */
export interface PanelState {
  /** The prompt file that the panel belongs to; `null` before any was run. */
  readonly prompt: PromptView | null;
  /** The run that is shown; `null` before the first one. */
  readonly run: Run | null;
  /** Why the last attempt to run did not become a run; `null` when it did. */
  readonly problem: Problem | null;
}

/** A prompt file as the panel needs it. Until it has been read without an error, only `uri` and `name` tell. */
export interface PromptView extends Pick<PromptReference, 'uri' | 'name'> {
  /** The hash of its text; absent while it has not been read. */
  readonly version?: string;
  /** The front matter's `description`; absent where it has none. */
  readonly description?: string;
  /** `provider/model` that Run will call; absent while it has not been read. */
  readonly modelId?: string;
  /** The model's name for people and what it is; absent when it is not known (yet). */
  readonly model?: { readonly name: string; readonly description?: string };
  readonly fields: readonly VariableField[];
  /** The values that the form starts with: the last run's, else the file's defaults. */
  readonly values: VariableValues;
}

/** An error that kept a run from starting, or a value that is missing. */
export interface Problem {
  /** What happened and what to do next. */
  readonly message: string;
  /** The variables without a value, which the form then asks for; empty for every other problem. */
  readonly missing: readonly string[];
  /** Where in the prompt file, 1-based; absent when it is nowhere in it. */
  readonly position?: { readonly line: number; readonly column: number };
  /** A button beside the message; absent where nothing but the text helps. */
  readonly action?: PanelAction;
}

/** What a button of the panel asks the host to do. */
export const panelActions = ['open-prompt', 'open-settings', 'show-log', 'manage-trust'] as const;
export type PanelAction = (typeof panelActions)[number];

export const emptyPanel: PanelState = { prompt: null, run: null, problem: null };

/** From the host to the webview. */
export type HostMessage =
  | { readonly type: 'snapshot'; readonly protocol: number; readonly state: PanelState }
  | { readonly type: 'change'; readonly state: Partial<PanelState> }
  | { readonly type: 'run-events'; readonly runId: string; readonly events: readonly RunEvent[] };

/** From the webview to the host. The host accepts it as `unknown` and checks it once. */
export type ViewMessage =
  | { readonly type: 'ready'; readonly protocol: number }
  | { readonly type: 'run'; readonly values: VariableValues }
  | { readonly type: 'stop' }
  | { readonly type: 'action'; readonly action: PanelAction };

/** The state after a message of the host. Events of a run that is no longer shown change nothing. */
export function foldPanel(state: PanelState, message: HostMessage): PanelState {
  switch (message.type) {
    case 'snapshot':
      return message.state;
    case 'change':
      return { ...state, ...message.state };
    case 'run-events':
      return state.run?.id === message.runId
        ? { ...state, run: message.events.reduce(foldRun, state.run) }
        : state;
    default:
      message satisfies never;
      return state;
  }
}
