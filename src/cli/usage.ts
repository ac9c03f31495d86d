import { parseArgs } from 'node:util';
import { formatCount, formatUsd } from '../core/format.ts';
import { usageCsv } from '../core/usage/csv.ts';
import {
  nameOfRow,
  startOfDay,
  type UsageGrouping,
  type UsageRow,
  type UsageTotals,
} from '../core/usage/usage.ts';
import { SqliteUsage } from '../node/sqliteUsage.ts';
import { type Command, UsageError } from './command.ts';
import { databaseOf } from './database.ts';

/** Adds up what the runs in the editor's history have used. */
export const usage: Command = {
  usage:
    'usage [--by day|model|prompt] [--since DATE] [--csv | --json] [--database FILE]\n' +
    '  A date is such as 2026-11-01.',
  run(args) {
    const { values } = parseArgs({
      args,
      options: {
        by: { type: 'string', default: 'day' },
        since: { type: 'string' },
        csv: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        database: { type: 'string' },
      },
    });
    if (values.csv && values.json) throw new UsageError('Give --csv or --json, not both.');
    const grouping = groupingOf(values.by);
    const span = values.since === undefined ? {} : { from: momentOf(values.since) };
    using history = new SqliteUsage(databaseOf(values.database));
    const rows = history.by(grouping, span);
    const total = history.totals(span);
    if (values.csv) process.stdout.write(usageCsv(grouping, rows));
    else if (values.json) console.log(JSON.stringify({ by: grouping, rows, total }, undefined, 2));
    else printLines(grouping, rows, total);
    return Promise.resolve(0);
  },
};

const groupings: readonly UsageGrouping[] = ['day', 'model', 'prompt'];

function groupingOf(text: string): UsageGrouping {
  const grouping = groupings.find((known) => known === text);
  if (!grouping) throw new UsageError(`--by ${text} is none of ${groupings.join(', ')}.`);
  return grouping;
}

function momentOf(text: string): number {
  const moment = /^\d{4}-\d\d-\d\d$/.test(text) ? startOfDay(text) : NaN;
  if (Number.isNaN(moment)) throw new UsageError(`--since ${text} is not a date such as 2026-11-01.`);
  return moment;
}

/** A line each and the sum, in columns that a tab separates. */
function printLines(grouping: UsageGrouping, rows: readonly UsageRow[], total: UsageTotals): void {
  for (const row of rows) console.log(lineOf(nameOfRow(grouping, row.key), row));
  if (rows.length !== 1) console.log(lineOf('total', total));
}

function lineOf(name: string, totals: UsageTotals): string {
  const { runs, inputTokens, outputTokens, cost, unpricedRuns } = totals;
  return [
    name,
    `${formatCount(runs)} ${runs === 1 ? 'run' : 'runs'}`,
    `${formatCount(inputTokens)} in`,
    `${formatCount(outputTokens)} out`,
    unpricedRuns === 0
      ? formatUsd(cost)
      : `${formatUsd(cost)} and ${formatCount(unpricedRuns)} of unknown cost`,
  ].join('\t');
}
