/**
 * What the extension host and the Usage view's page say to each other. The host holds the truth and sends all of it with
 * every change; the page draws it.
 */
import type { UsageRow, UsageTotals } from './core/usage/usage.ts';

export { formatCount, formatUsd } from './core/format.ts';
export {
  nameOfRow,
  noUsage,
  type UsageGrouping,
  type UsageRow,
  type UsageTotals,
} from './core/usage/usage.ts';

/** Raised with every change of a message's meaning; a page of another version asks to be opened again. */
export const usageVersion = 1;

/** How far back the days and the tables go. */
export type UsageRange = '7d' | '30d' | '90d' | 'all';

export const usageRanges: Readonly<Record<UsageRange, string>> = {
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  all: 'All time',
};

/** Everything that the view shows. */
export interface UsageState {
  readonly range: UsageRange;
  readonly today: UsageTotals;
  readonly month: UsageTotals;
  readonly all: UsageTotals;
  /** Every day of the range, the oldest first; of all time at most the last 366. */
  readonly days: readonly UsageRow[];
  /** In the range, the most expensive first. */
  readonly models: readonly UsageRow[];
  readonly prompts: readonly UsageRow[];
  /** USD; `null` where the user has set none. */
  readonly monthBudget: number | null;
  /** Why there are no figures, for the user; `null` when there are. */
  readonly problem: string | null;
}

/** From the host to the page. */
export interface UsageMessage {
  readonly type: 'snapshot';
  readonly version: number;
  readonly state: UsageState;
}

/** From the page to the host, which accepts it as `unknown` and checks it once. */
export type UsageRequest =
  | { readonly type: 'ready' }
  | { readonly type: 'range'; readonly range: UsageRange }
  /** Opens a prompt file. */
  | { readonly type: 'open'; readonly uri: string };
