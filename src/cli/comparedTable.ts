import { formatUsd } from '../core/format.ts';
import { comparisonTable } from '../core/run/comparison.ts';
import { sampleGroups, type SampleCounts, sampleCounts, samplesInWords } from '../core/run/samples.ts';
import type { Run } from '../core/store.ts';

/** What a lane has made of the prompt: one run, or several samples. */
export type LaneRuns = readonly [Run, ...Run[]];

/** What `--json` says of a lane that takes samples. */
export interface SampledLane {
  readonly modelId: string;
  readonly settings: Run['request']['settings'];
  readonly samples: SampleCounts;
  /** In the order in which they began. */
  readonly runs: readonly Run[];
}

/** @param asked how many samples each lane was to take; those that were never begun have no answer */
export function sampledLane(runs: LaneRuns, asked: number): SampledLane {
  const [{ modelId, request }] = runs;
  const counts = sampleCounts({ runs, pending: 0 });
  return { modelId, settings: request.settings, samples: { ...counts, asked }, runs };
}

/**
 * The figures and the first line of each answer, in columns of one width. Of samples it is the answer that most of them gave,
 * with its figures, how many are identical, and what all of them cost.
 */
export function comparedTable(lanes: readonly LaneRuns[]): string {
  const shown = lanes.map(answerOf);
  const [names = [], ...figures] = comparisonTable(shown);
  const areSampled = lanes.some(({ length }) => length > 1);
  const rows = [
    [...names, ...(areSampled ? ['Samples', 'Cost of all'] : []), 'Answer'],
    ...lanes.map((runs, lane) => [
      ...(figures[lane] ?? []),
      ...(areSampled ? [samplesInWords({ runs, pending: 0 }), costOf(runs)] : []),
      firstLineOf(shown[lane]),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The run whose answer stands for all. */
function answerOf(runs: LaneRuns): Run {
  return sampleGroups({ runs, pending: 0 })[0]?.[0] ?? runs[0];
}

function costOf(runs: LaneRuns): string {
  const costs = runs.map(({ cost }) => cost?.total);
  const known = costs.flatMap((cost) => cost ?? []);
  return known.length < costs.length ? 'unknown' : formatUsd(known.reduce((sum, cost) => sum + cost, 0));
}

/** At most 60 characters of it. */
function firstLineOf(run: Run | undefined): string {
  const text = run?.outcome.status === 'failed' ? run.outcome.error.message : (run?.text.trim() ?? '');
  const [line = ''] = text.split('\n');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
