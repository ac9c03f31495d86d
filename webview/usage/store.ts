import {
  type UsageMessage,
  type UsageRange,
  type UsageRequest,
  type UsageState,
  usageVersion,
} from '../../src/usageProtocol.ts';
import type { Frames } from '../frames.ts';

/** What VS Code gives the page. */
export interface UsageApi {
  postMessage(request: UsageRequest): void;
}

/** What the chart shows of each day. */
export type Measure = 'cost' | 'tokens' | 'runs';

/** Everything that is drawn. */
export interface UsagePageView {
  /** `waiting` until the first snapshot; `outdated` when the host speaks another version. */
  readonly connection: 'waiting' | 'open' | 'outdated';
  /** `null` until the first snapshot. */
  readonly state: UsageState | null;
  /** `null` until the user has chosen: the cost then, where there is any. */
  readonly measure: Measure | null;
  /** The day that is read out, by its place; `null` while none was chosen. */
  readonly day: number | null;
}

/** The page's state: what the host sent, and what the user looks at. */
export class UsageStore {
  view: UsagePageView = { connection: 'waiting', state: null, measure: null, day: null };
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
    const isSameSpan = state.days.length === this.view.state?.days.length;
    this.#set({ connection: 'open', state, ...(isSameSpan ? {} : { day: null }) });
  }

  chooseRange(range: UsageRange): void {
    this.#api.postMessage({ type: 'range', range });
  }

  chooseMeasure(measure: Measure): void {
    this.#set({ measure });
  }

  /** Reads a day out; `null` for none. */
  chooseDay(day: number | null): void {
    this.#set({ day });
  }

  open(uri: string): void {
    this.#api.postMessage({ type: 'open', uri });
  }

  #set(change: Partial<UsagePageView>): void {
    this.view = { ...this.view, ...change };
    this.#frames.now();
  }
}
