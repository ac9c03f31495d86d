import type { Run } from '../core/store.ts';
import { retrySentence } from '../core/stream.ts';
import { LiveTable } from './liveTable.ts';

/** Tells how the runs of a comparison go on, on standard error. */
export interface Progress {
  readonly changed: (index: number, run: Run) => void;
  readonly ended: (index: number, run: Run) => void;
  /** All have ended. */
  readonly close: () => void;
}

/** A table that is drawn over itself where a terminal has room for it, else a line for each that ends. */
export function progressOf(labels: readonly string[], isPlain: boolean): Progress {
  const { stderr } = process;
  return !isPlain && stderr.isTTY && LiveTable.fits(stderr, labels.length)
    ? liveProgress(labels)
    : plainProgress(labels);
}

function plainProgress(labels: readonly string[]): Progress {
  const told = new Map<number, Run['retry']>();
  return {
    changed(index, { retry }) {
      if (retry && told.get(index) !== retry) console.error(`${labels[index]}: ${retrySentence(retry)}`);
      told.set(index, retry);
    },
    ended: (index, run) => console.error(`${labels[index]}: ${endOf(run)}`),
    close: () => console.error(''),
  };
}

function liveProgress(labels: readonly string[]): Progress {
  const table = new LiveTable(process.stderr, labels);
  const ends: string[] = [];
  return {
    changed: (index, run) => table.show(index, run),
    ended(index, run) {
      table.show(index, run);
      // What a row has no place for is told when the table is gone.
      if (run.warnings.length > 0 || run.outcome.status === 'failed')
        ends.push(`${labels[index]}: ${endOf(run)}`);
    },
    close() {
      table.close();
      for (const end of ends) console.error(end);
      if (ends.length > 0) console.error('');
    },
  };
}

function endOf({ outcome, warnings }: Run): string {
  const told = warnings.map(({ subject, message }) => ` Warning (${subject}): ${message}`).join('');
  return (outcome.status === 'failed' ? outcome.error.message : outcome.status) + told;
}
