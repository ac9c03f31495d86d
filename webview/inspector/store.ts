import {
  emptyInspector,
  foldInspector,
  type InspectorMessage,
  type InspectorRequest,
  type InspectorState,
  inspectorVersion,
  type MergeStepView,
} from '../../src/inspectorProtocol.ts';
import type { Frames } from '../frames.ts';

/** What VS Code gives the inspector's page. */
export interface InspectorApi {
  postMessage(request: InspectorRequest): void;
}

/** A word whose merges are shown. */
export interface SteppedWord {
  /** The tokenizer's id and name. */
  readonly id: string;
  readonly name: string;
  readonly word: string;
  /** Its number among the words that were asked for. */
  readonly request: number;
  /** Absent until the host has answered. */
  readonly steps?: readonly MergeStepView[];
  /** Why there are no steps. */
  readonly problem?: string;
}

/** Everything that is drawn. */
export interface InspectorView {
  /** `waiting` until the first snapshot; `outdated` when the host speaks another version. */
  readonly connection: 'waiting' | 'open' | 'outdated';
  readonly state: InspectorState;
  readonly query: string;
  /** `null` while no word has been chosen. */
  readonly stepped: SteppedWord | null;
}

/** The page's state: what the host sent, folded, and what the user looks for. */
export class InspectorStore {
  view: InspectorView = { connection: 'waiting', state: emptyInspector, query: '', stepped: null };
  readonly #api: InspectorApi;
  readonly #frames: Frames;
  #requests = 0;

  /** Every change of `view` asks for a frame. */
  constructor(api: InspectorApi, frames: Frames) {
    this.#api = api;
    this.#frames = frames;
  }

  /** Tells the host that messages are listened to; it answers with a snapshot. */
  connect(): void {
    this.#api.postMessage({ type: 'ready', version: inspectorVersion });
  }

  receive(message: InspectorMessage): void {
    if (message.type === 'snapshot') {
      const isKnown = message.version === inspectorVersion;
      this.#set(isKnown ? { connection: 'open', state: message.state } : { connection: 'outdated' });
      return;
    }
    // What the host said before it was asked is in the snapshot.
    if (this.view.connection !== 'open') return;
    if (message.type === 'steps' || message.type === 'no-steps') {
      const { stepped } = this.view;
      if (stepped?.request !== message.request) return;
      const answer = message.type === 'steps' ? { steps: message.steps } : { problem: message.message };
      this.#set({ stepped: { ...stepped, ...answer } });
      return;
    }
    const state = foldInspector(this.view.state, message);
    const isSameText = state.subject?.text === this.view.state.subject?.text;
    this.#set(isSameText ? { state } : { state, stepped: null });
  }

  follow(isFollowing: boolean): void {
    this.#api.postMessage({ type: 'follow', isFollowing });
  }

  show(id: string, isShown: boolean): void {
    this.#api.postMessage({ type: 'show', id, isShown });
  }

  add(): void {
    this.#api.postMessage({ type: 'add' });
  }

  remove(id: string): void {
    this.#api.postMessage({ type: 'remove', id });
  }

  search(query: string): void {
    this.#set({ query });
  }

  /** Asks how a word of the subject became tokens; offsets as in `Subject.text`. */
  step({ id, name }: { readonly id: string; readonly name: string }, start: number, end: number): void {
    const word = this.view.state.subject?.text.slice(start, end) ?? '';
    const request = ++this.#requests;
    this.#set({ stepped: { id, name, word, request } });
    this.#api.postMessage({ type: 'steps', request, id, word, isStart: start === 0 });
  }

  closeSteps(): void {
    this.#set({ stepped: null });
  }

  #set(change: Partial<InspectorView>): void {
    this.view = { ...this.view, ...change };
    this.#frames.now();
  }
}
