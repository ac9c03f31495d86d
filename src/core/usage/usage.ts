import { fileNameOf } from '../prompt/fileName.ts';
import type { RunOutput } from '../store.ts';

/** What runs have used, added up. */
export interface UsageTotals {
  readonly runs: number;
  /** Tokens, as in `Usage`: cached and reasoning ones are parts of input and output. */
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  /** In USD, of the runs whose cost is known. */
  readonly cost: number;
  /** Runs that a service answered and whose cost is not known; they are not in `cost`. */
  readonly unpricedRuns: number;
}

export interface UsageRow extends UsageTotals {
  /** A day such as `2026-11-24` in the local calendar, a model id, or a prompt's URI; empty for runs of no file. */
  readonly key: string;
}

/** By what usage is added up. */
export type UsageGrouping = 'day' | 'model' | 'prompt';

/** What a conversation has used. */
export interface ConversationUsage extends UsageTotals {
  /** The part of it that took the runs that wrote its summaries. */
  readonly summaries: UsageTotals;
}

export const noUsage: UsageTotals = {
  runs: 0,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  cost: 0,
  unpricedRuns: 0,
};

/** What these runs have used, as the history adds them up: those that are still under way are left out. */
export function usageOf(
  runs: Iterable<Pick<RunOutput, 'usage' | 'cost' | 'servedModel' | 'outcome'>>,
): UsageTotals {
  let totals = noUsage;
  for (const { usage, cost, servedModel, outcome } of runs) {
    if (outcome.status === 'running') continue;
    totals = addedUsage(totals, {
      runs: 1,
      inputTokens: usage?.inputTokens ?? 0,
      cachedTokens: usage?.cachedTokens ?? 0,
      outputTokens: usage?.outputTokens ?? 0,
      reasoningTokens: usage?.reasoningTokens ?? 0,
      cost: cost?.total ?? 0,
      unpricedRuns: cost === undefined && servedModel !== undefined ? 1 : 0,
    });
  }
  return totals;
}

export function addedUsage(one: UsageTotals, other: UsageTotals): UsageTotals {
  return {
    runs: one.runs + other.runs,
    inputTokens: one.inputTokens + other.inputTokens,
    cachedTokens: one.cachedTokens + other.cachedTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    reasoningTokens: one.reasoningTokens + other.reasoningTokens,
    cost: one.cost + other.cost,
    unpricedRuns: one.unpricedRuns + other.unpricedRuns,
  };
}

/** Every day from `first` to `last`, both included; those on which nothing ran have no usage. */
export function everyDay(rows: readonly UsageRow[], first: string, last: string): readonly UsageRow[] {
  const known = new Map(rows.map((row) => [row.key, row]));
  const days: UsageRow[] = [];
  for (let day = first; day <= last; day = nextDay(day))
    days.push(known.get(day) ?? { key: day, ...noUsage });
  return days;
}

/** The first moment of a day such as `2026-11-24` in the local calendar, in ms since 1970. */
export function startOfDay(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date).getTime();
}

/** The day of a moment in the local calendar. */
export function dayOf(ms: number): string {
  const date = new Date(ms);
  const two = (figure: number): string => String(figure).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The first moment of the month in which a moment lies, in ms since 1970. */
export function startOfMonth(ms: number): number {
  const date = new Date(ms);
  return new Date(date.getFullYear(), date.getMonth(), 1).getTime();
}

/** The name of a row for people. */
export function nameOfRow(grouping: UsageGrouping, key: string): string {
  if (grouping !== 'prompt') return key;
  return key === '' ? '(no file)' : fileNameOf(key);
}

function nextDay(day: string): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  // In the world's time no day is longer or shorter than another.
  return new Date(Date.UTC(year, month - 1, date + 1)).toISOString().slice(0, 10);
}
