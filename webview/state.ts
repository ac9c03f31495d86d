import {
  emptyPanel,
  foldPanel,
  protocolVersion,
  type HostMessage,
  type PanelAction,
  type PanelState,
  type ViewMessage,
} from '../src/protocol.ts';
import type { Frames } from './frames.ts';
import { draftsThatDiffer, readForm, valuesShown, type Drafts, type FieldMessages } from './form.ts';

/** What VS Code gives a webview; `getState` survives a reload of the webview. */
export interface VsCodeApi {
  postMessage(message: ViewMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** How the answer is shown. */
export const answerModes = ['rendered', 'raw', 'tokens'] as const;
export type AnswerMode = (typeof answerModes)[number];

/** Everything that is drawn. */
export interface View {
  /** `waiting` until the first snapshot; `outdated` when the host speaks another version of the protocol. */
  readonly connection: 'waiting' | 'open' | 'outdated';
  readonly panel: PanelState;
  /** What was typed into the form of the prompt that is shown and differs from the host's values. */
  readonly drafts: Drafts;
  /** What kept the form from running at the last attempt, here or at the host. */
  readonly messages: FieldMessages;
  readonly answerMode: AnswerMode;
}

/** What survives a reload. Truth about runs is not in it: that comes with the next snapshot. */
interface Saved {
  /** The file that the drafts belong to, and whose panel the host brings back when the window opens again. */
  readonly promptUri?: string;
  readonly drafts: Drafts;
  readonly answerMode: AnswerMode;
}

/** The panel's state: what the host sent, folded, and what the user typed. */
export class PanelStore {
  view: View;
  #saved: Saved;
  readonly #api: VsCodeApi;
  readonly #frames: Frames;

  /** Every change of `view` asks for a frame. */
  constructor(api: VsCodeApi, frames: Frames) {
    this.#api = api;
    this.#frames = frames;
    this.#saved = savedFrom(api.getState());
    this.view = {
      connection: 'waiting',
      panel: emptyPanel,
      drafts: {},
      messages: {},
      answerMode: this.#saved.answerMode,
    };
  }

  /** Tells the host that messages are listened to; it answers with a snapshot. */
  connect(): void {
    this.#api.postMessage({ type: 'ready', protocol: protocolVersion });
  }

  receive(message: HostMessage): void {
    if (message.type === 'snapshot' && message.protocol !== protocolVersion) {
      this.#set({ connection: 'outdated' });
      return;
    }
    // What the host said before it was asked is in the snapshot.
    if (message.type !== 'snapshot' && this.view.connection !== 'open') return;
    const before = this.view.panel;
    const panel = foldPanel(before, message);
    if (message.type === 'run-events') {
      this.view = { ...this.view, panel };
      this.#frames.unhurried();
      return;
    }
    const newRun = panel.run?.id !== before.run?.id;
    const newPrompt = panel.prompt?.uri !== before.prompt?.uri;
    const typed = newPrompt ? this.#savedDrafts(panel.prompt?.uri) : this.view.drafts;
    this.#set({
      connection: 'open',
      panel,
      drafts: draftsThatDiffer(panel.prompt?.fields ?? [], valuesShown(panel), typed),
      ...(newRun || newPrompt ? { messages: {} } : {}),
    });
    this.#save();
  }

  type(name: string, text: string): void {
    const { panel, drafts, messages } = this.view;
    const fields = panel.prompt?.fields ?? [];
    this.#set({
      drafts: draftsThatDiffer(fields, valuesShown(panel), { ...drafts, [name]: text }),
      messages: without(messages, name),
    });
    this.#save();
  }

  /** Asks the host to run the prompt with the form's values, or says beside the fields what they lack. */
  run(): void {
    const { panel, drafts } = this.view;
    if (!panel.prompt || panel.run?.outcome.status === 'running') return;
    const { values, messages } = readForm(panel.prompt.fields, valuesShown(panel), drafts);
    this.#set({ messages });
    if (Object.keys(messages).length === 0) this.#api.postMessage({ type: 'run', values });
  }

  stop(): void {
    if (this.view.panel.run?.outcome.status === 'running') this.#api.postMessage({ type: 'stop' });
  }

  act(action: PanelAction): void {
    this.#api.postMessage({ type: 'action', action });
  }

  showAnswerAs(answerMode: AnswerMode): void {
    this.#set({ answerMode });
    this.#save();
  }

  #set(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    this.#frames.now();
  }

  #savedDrafts(promptUri: string | undefined): Drafts {
    return promptUri === this.#saved.promptUri ? this.#saved.drafts : {};
  }

  #save(): void {
    const { panel, drafts, answerMode } = this.view;
    if (panel.prompt) this.#saved = { promptUri: panel.prompt.uri, drafts, answerMode };
    this.#api.setState(this.#saved);
  }
}

/** The saved state of this version of the panel, or an empty one. */
function savedFrom(state: unknown): Saved {
  const { promptUri, drafts, answerMode } = (state ?? {}) as Partial<Saved>;
  return {
    ...(typeof promptUri === 'string' ? { promptUri } : {}),
    drafts: typeof drafts === 'object' ? drafts : {},
    answerMode: answerModes.find((mode) => mode === answerMode) ?? 'rendered',
  };
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== name));
}
