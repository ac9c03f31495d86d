import {
  type UsageGrouping,
  type UsageMessage,
  type UsageRange,
  type UsageRequest,
  type UsageState,
  usageVersion,
} from '../../src/usageProtocol.ts';
import type { Frames } from '../frames.ts';
import type { Measure } from './measures.ts';

/** What VS Code gives the page. */
export interface UsageApi {
  postMessage(request: UsageRequest): void;
}

/** Everything that is drawn. */
export interface UsagePageView {
  /** `waiting` until the first snapshot; `outdated` when the host speaks another version. */
  readonly connection: 'waiting' | 'open' | 'outdated';
  /** `null` until the first snapshot. */
  readonly state: UsageState | null;
  /** `null` until the user has chosen: the cost then, where there is any. */
  readonly measure: Measure | null;
  /** The bar that is read out, by its chart and the key of its row; `null` while none was chosen. */
  readonly chosen: { readonly grouping: UsageGrouping; readonly key: string } | null;
}

/** The page's state: what the host sent, and what the user looks at. */
export class UsageStore {
  view: UsagePageView = { connection: 'waiting', state: null, measure: null, chosen: null };
  readonly #api: UsageApi;
  readonly #frames: Frames;

  /** Every change of `view` asks for a frame. */
  constructor(api: UsageApi, frames: Frames) {
    this.#api = api;
    this.#frames = frames;
  }

  /** Tells the host that messages are listened to; it answers with a snapshot. */
  connect(): void {
    this.#api.postMessage({ type: 'ready' });
  }

  receive({ version, state }: UsageMessage): void {
    if (version !== usageVersion) {
      this.#set({ connection: 'outdated' });
      return;
    }
    this.#set({ connection: 'open', state });
  }

  chooseRange(range: UsageRange): void {
    this.#api.postMessage({ type: 'range', range });
  }

  chooseMeasure(measure: Measure): void {
    this.#set({ measure });
  }

  /** Reads a bar out; `undefined` for none. */
  choose(grouping: UsageGrouping, key: string | undefined): void {
    this.#set({ chosen: key === undefined ? null : { grouping, key } });
  }

  open(uri: string): void {
    this.#api.postMessage({ type: 'open', uri });
  }

  #set(change: Partial<UsagePageView>): void {
    this.view = { ...this.view, ...change };
    this.#frames.now();
  }
}
