import { changedList, type ListChange } from '../listChange.ts';
import type { Run } from '../store.ts';
import { foldRun, type RunEvent } from './fold.ts';

/** A lane runs its prompt at most this many times at once. */
export const maxSamples = 20;

/** This many samples of a lane are under way at the same time: as many as a local model evaluates in one batch. */
export const samplesAtOnce = 4;

/** The runs that a lane made at once, to see how far its answers differ. */
export interface Samples {
  /** In the order in which they began. */
  readonly runs: readonly Run[];
  /** How many are still to begin; none once they were stopped. */
  readonly pending: number;
}

/** What a lane shows. */
interface ShownRuns {
  readonly run: Run | null;
  /** `run` among them; `null` where that is alone. */
  readonly samples: Samples | null;
}

/** What is put in the place of some samples: each holds its whole request, which is not sent again for each that begins. */
export interface SamplesChange extends Pick<Samples, 'pending'> {
  readonly runs: ListChange<Run>;
}

/** What happened to one run, in order. */
export interface RunEvents {
  readonly runId: string;
  readonly events: readonly RunEvent[];
}

/** What turns `before` into `after`. */
export function samplesChange(before: Samples | null | undefined, after: Samples): SamplesChange {
  const shown = before?.runs ?? [];
  const other = after.runs.findIndex((run, index) => run.id !== shown[index]?.id);
  const from = other < 0 ? after.runs.length : other;
  const runs = { from, removed: shown.length - from, added: after.runs.slice(from) };
  return { runs, pending: after.pending };
}

/** The samples after a change: `undefined` leaves them as they are, and `null` takes them away. */
export function changedSamples(
  samples: Samples | null,
  change: SamplesChange | null | undefined,
): Samples | null {
  if (!change) return change === null ? null : samples;
  return { runs: changedList(samples?.runs ?? [], change.runs), pending: change.pending };
}

/** What a lane shows, after some events. Where none is about its runs it stays the very same object, and is not drawn again. */
export function foldShown<Lane extends ShownRuns>(lane: Lane, all: readonly RunEvents[]): Lane {
  const { run, samples } = lane;
  const isAbout = (one: Run): boolean => all.some(({ runId }) => runId === one.id);
  const folded = (one: Run): Run =>
    all.find(({ runId }) => runId === one.id)?.events.reduce(foldRun, one) ?? one;
  if (samples?.runs.some(isAbout)) {
    const runs = samples.runs.map(folded);
    return { ...lane, run: runs.find(({ id }) => id === run?.id) ?? run, samples: { ...samples, runs } };
  }
  return run && isAbout(run) ? { ...lane, run: folded(run) } : lane;
}

/** Whether a lane answers, or is about to. */
export function laneIsRunning({ run, samples }: ShownRuns): boolean {
  return run?.outcome.status === 'running' || (samples !== null && areRunning(samples));
}

function areRunning({ runs, pending }: Samples): boolean {
  return pending > 0 || runs.some(({ outcome }) => outcome.status === 'running');
}

/**
 * Samples with the same answer together, white space around it apart. In the order in which the first of each began
 * while some still run, then the largest first. One that has no whole answer is a group of its own.
 */
export function sampleGroups(samples: Samples): readonly (readonly [Run, ...Run[]])[] {
  const groups = new Map<string, [Run, ...Run[]]>();
  for (const run of samples.runs) {
    const key = keyOf(run);
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  }
  const all = [...groups.values()];
  return areRunning(samples) ? all : all.toSorted((one, other) => other.length - one.length);
}

/** How far the answers of samples are the same. */
export interface SampleCounts {
  /** All that have begun or were to begin. */
  readonly asked: number;
  /** Those that have a whole answer. */
  readonly answered: number;
  /** How many have the answer that most of them gave; 1 where all differ, 0 where none has answered. */
  readonly identical: number;
}

export function sampleCounts(samples: Samples): SampleCounts {
  const sizes = sampleGroups(samples).map((group) => (isWhole(group[0]) ? group.length : 0));
  return {
    asked: samples.runs.length + samples.pending,
    answered: samples.runs.filter(isWhole).length,
    identical: Math.max(0, ...sizes),
  };
}

/** How far the answers differ, in words, such as `3 of 5 identical`. */
export function samplesInWords(samples: Samples): string {
  const { asked, answered, identical } = sampleCounts(samples);
  if (areRunning(samples) || answered < 2) return `${answered} of ${asked} answered`;
  const without = asked === answered ? '' : `, ${asked - answered} without an answer`;
  if (identical === 1) return `${answered} samples, all different${without}`;
  return identical === asked ? `All ${asked} identical` : `${identical} of ${asked} identical${without}`;
}

function isWhole({ outcome }: Run): boolean {
  return outcome.status === 'finished';
}

function keyOf(run: Run): string {
  const calls = run.toolCalls.map(({ name, arguments: given }) => [name, given]);
  return isWhole(run) ? JSON.stringify([run.text.trim(), calls]) : run.id;
}
