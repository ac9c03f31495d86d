import { formatCount, formatUsd, type UsageRow, type UsageTotals } from '../../src/usageProtocol.ts';

/** What the bars of all charts show. */
export type Measure = 'cost' | 'tokens' | 'runs';

export const measures: Readonly<
  Record<
    Measure,
    {
      readonly name: string;
      readonly of: (totals: UsageTotals) => number;
      /** What stands beside a bar. */
      readonly figure: (totals: UsageTotals) => string;
    }
  >
> = {
  cost: { name: 'Cost', of: ({ cost }) => cost, figure: costOf },
  tokens: { name: 'Tokens', of: tokensOf, figure: (totals) => formatCount(tokensOf(totals)) },
  runs: { name: 'Runs', of: ({ runs }) => runs, figure: ({ runs }) => formatCount(runs) },
};

/** `$1.20`, `$1.20 + ?` where some runs have no known cost, `?` where none has. */
export function costOf({ cost, runs, unpricedRuns }: UsageTotals): string {
  if (unpricedRuns === 0) return formatUsd(cost);
  return unpricedRuns === runs ? '?' : `${formatUsd(cost)} + ?`;
}

/** `2026-11-24: 3 runs, 1,234 in, 567 out, $0.0123`. */
export function sentenceOf(name: string, row: UsageRow): string {
  if (row.runs === 0) return `${name}: no runs`;
  const runs = `${formatCount(row.runs)} ${row.runs === 1 ? 'run' : 'runs'}`;
  const cost = row.unpricedRuns === row.runs ? 'cost unknown' : costOf(row);
  return `${name}: ${runs}, ${formatCount(row.inputTokens)} in, ${formatCount(row.outputTokens)} out, ${cost}`;
}

function tokensOf({ inputTokens, outputTokens }: UsageTotals): number {
  return inputTokens + outputTokens;
}
