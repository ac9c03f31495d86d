import type { LogOutputChannel } from 'vscode';
import type { ModelPrice } from '../core/pricing.ts';
import type { Provider } from '../core/provider.ts';
import type { LaneChoice } from '../core/run/overrides.ts';
import type { PreparedRun } from '../core/run/prepareRun.ts';
import type { ChatStore } from './chat.ts';
import type { LaneLayouts } from './laneLayouts.ts';
import type { Settings } from './settings.ts';

/** What sessions need, wired once in `composition.ts`. */
export interface SessionSurroundings {
  readonly providers: readonly Provider[];
  readonly store: ChatStore;
  /** Where lanes are kept over a reload of the window. */
  readonly layouts: LaneLayouts;
  readonly log: LogOutputChannel;
  readonly settings: () => Settings;
  /** The price of a `provider/model`, or `undefined` when it is unknown. */
  readonly priceOf: (modelId: string) => Promise<ModelPrice | undefined>;
  /**
   * The same run, once the budget lets it start in these lanes; the user may be asked.
   * @throws Blocked when it does not.
   */
  readonly withinBudget: (prepared: PreparedRun, lanes: readonly LaneChoice[]) => Promise<PreparedRun>;
}
