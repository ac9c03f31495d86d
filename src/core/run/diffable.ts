import type { Run } from '../store.ts';
import { labelsOf } from './comparison.ts';
import { type Samples, sampleGroups } from './samples.ts';

/** A lane, as far as its answers are told apart. */
interface AnsweringLane {
  readonly id: string;
  readonly run: Run | null;
  readonly samples: Samples | null;
}

/** An answer that can be held against another. */
export interface Diffable {
  readonly laneId: string;
  readonly run: Run;
  /** What tells it from the others: what tells its lane, and which of that lane's answers it is. */
  readonly label: string;
  /** Whether it is the one that its lane shows. */
  readonly isShown: boolean;
}

/** The answers of lanes, from left to right; of samples that are identical the first one, in the order in which they are paged. */
export function diffables(lanes: readonly AnsweringLane[]): readonly Diffable[] {
  const answering = lanes.flatMap(({ id, run, samples }) => (run ? [{ id, run, samples }] : []));
  const labels = labelsOf(answering.map(({ run }) => run));
  return answering.flatMap(({ id, run, samples }, lane) => {
    const groups = samples ? sampleGroups(samples) : [];
    const answers = groups.length > 0 ? groups : [[run] as const];
    return answers.flatMap((group, index) => {
      const isShown = group.some((one) => one.id === run.id);
      const answer = isShown ? run : group[0];
      const which = answers.length > 1 ? `, answer ${index + 1} of ${answers.length}` : '';
      const label = `${labels[lane] ?? id}${which}`;
      return answer.text === '' ? [] : [{ laneId: id, run: answer, label, isShown }];
    });
  });
}
