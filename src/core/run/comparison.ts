import { outputTokensOf } from '../chat.ts';
import { formatCount, formatDuration, formatSpeed, formatUsd } from '../format.ts';
import { shortVersion } from '../prompt/versions.ts';
import type { Run } from '../store.ts';
import { decodeSpeed } from '../stream.ts';

/** At most this many lanes stand side by side. */
export const maxLanes = 6;

/** What a run is best at among those beside it. */
export const marks = ['fastest', 'cheapest', 'shortest'] as const;
export type Mark = (typeof marks)[number];

/**
 * The marks of each run, in the order of `runs`: the least total time, cost and output tokens. There are none while one
 * still answers. Only whole answers compete, not those that were cut off; what all of them share, or one of them does not
 * report, marks nobody.
 */
export function marksOf(runs: readonly Run[]): readonly (readonly Mark[])[] {
  const whole = runs.filter(isWhole);
  const isOver = runs.every(({ outcome }) => outcome.status !== 'running');
  if (!isOver || whole.length < 2) return runs.map(() => []);
  const won = marks.map((mark) => {
    const figures = whole.map(figureOf[mark]);
    const least = Math.min(...figures.map((figure) => figure ?? NaN));
    return (run: Run): boolean => figures.some((figure) => figure !== least) && figureOf[mark](run) === least;
  });
  return runs.map((run) => marks.filter((_, index) => whole.includes(run) && won[index]?.(run)));
}

/** The run that began last, in whichever lane; `null` before the first one. */
export function newestRun(lanes: readonly { readonly run: Run | null }[]): Run | null {
  const runs = lanes.flatMap(({ run }) => (run ? [run] : []));
  return runs.toSorted((a, b) => b.startedAt - a.startedAt)[0] ?? null;
}

function isWhole({ outcome }: Run): boolean {
  return outcome.status === 'finished' && outcome.reason !== 'length' && outcome.reason !== 'content-filter';
}

const figureOf: Readonly<Record<Mark, (run: Run) => number | undefined>> = {
  // What the figures below the answers show as the same time is the same.
  fastest: ({ timing }) => timing && Math.round(timing.totalMs / 10),
  cheapest: ({ cost }) => cost?.total,
  shortest: ({ usage }) => outputTokensOf(usage),
};

/** What tells each run from those beside it: its model, and the prompt's version and settings that are not the same in all. */
export function labelsOf(runs: readonly Pick<Run, 'modelId' | 'prompt' | 'request'>[]): readonly string[] {
  const sameVersion = new Set(runs.map(({ prompt }) => prompt?.version)).size < 2;
  const settings = runs.map(({ request }) => new Map<string, unknown>(Object.entries(request.settings)));
  const names = new Set(settings.flatMap((own) => [...own.keys()]));
  const differing = [...names].filter(
    (name) => new Set(settings.map((own) => JSON.stringify(own.get(name)))).size > 1,
  );
  return runs.map(({ modelId, prompt }, index) => {
    const version = sameVersion || !prompt ? [] : [`version ${shortVersion(prompt.version)}`];
    const own = differing.flatMap((name) => {
      const value = settings[index]?.get(name);
      return value === undefined
        ? []
        : [`${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`];
    });
    return [modelId, ...version, ...own].join(', ');
  });
}

/** The comparison as a table: names of columns, then a row a run. What is not known is empty, costs excepted. */
export function comparisonTable(runs: readonly Run[]): readonly (readonly string[])[] {
  const labels = labelsOf(runs);
  return [
    ['Model', 'TTFT', 'Total', 'Speed', 'In', 'Out', 'Cost', 'Finish'],
    ...runs.map((run, index) => {
      const { timing, usage, cost, outcome } = run;
      return [
        labels[index] ?? '',
        format(timing?.timeToFirstTokenMs, formatDuration),
        format(timing?.totalMs, formatDuration),
        format(decodeSpeed(run), formatSpeed),
        format(usage?.inputTokens, formatCount),
        format(outputTokensOf(usage), formatCount),
        cost ? formatUsd(cost.total) : 'unknown',
        outcome.status === 'finished' ? outcome.reason : outcome.status,
      ];
    }),
  ];
}

/** The comparison with its answers as a Markdown table, for an issue or a pull request. */
export function markdownTable(runs: readonly Run[]): string {
  const [names = [], ...rows] = comparisonTable(runs);
  const line = (cells: readonly string[]): string => `| ${cells.map(cellOf).join(' | ')} |`;
  return [
    line([...names, 'Answer']),
    `| ${[...names, ''].map(() => '---').join(' | ')} |`,
    ...rows.map((row, index) => line([...row, answerOf(runs[index])])),
  ].join('\n');
}

function answerOf(run: Run | undefined): string {
  if (!run) return '';
  return run.outcome.status === 'failed' ? run.outcome.error.message : run.text.trim();
}

function cellOf(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\r?\n/g, '<br>');
}

function format(value: number | undefined, write: (value: number) => string): string {
  return value === undefined ? '' : write(value);
}
