import { outputTokensOf } from '../core/chat.ts';
import { formatCount, formatElapsed, formatSpeed } from '../core/format.ts';
import type { Run } from '../core/store.ts';
import { decodeSpeed } from '../core/stream.ts';
import { shown } from './terminal.ts';

/** A terminal, as far as the table needs one. */
export interface Screen {
  write(text: string): unknown;
  /** Absent where the terminal does not say. */
  readonly rows?: number;
}

/** It is drawn this often at most, in ms. */
const frameMs = 100;
/** So many characters of the end of an answer are shown; the terminal cuts off what does not fit. */
const tailLength = 80;
/** What many tokenizers make of English text. */
const charactersPerToken = 4;

/**
 * How several runs stand, a line each, drawn over itself while they answer. Lines are cut off at the edge, so that each takes
 * one row and the cursor finds back.
 */
export class LiveTable {
  readonly #screen: Screen;
  readonly #labels: readonly string[];
  readonly #now: () => number;
  readonly #runs: (Run | undefined)[];
  #drawn = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Draws the first time at once. @param now the time of day, in ms since 1970 */
  constructor(screen: Screen, labels: readonly string[], now: () => number = Date.now) {
    this.#screen = screen;
    const width = Math.max(...labels.map(({ length }) => length));
    this.#labels = labels.map((label) => label.padEnd(width));
    this.#now = now;
    this.#runs = labels.map(() => undefined);
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), frameMs);
  }

  /** Whether a terminal has a row for each run and one more for the cursor. */
  static fits(screen: Screen, count: number): boolean {
    return screen.rows === undefined || count < screen.rows;
  }

  /** Takes over how a run stands, for the next time that it is drawn. */
  show(index: number, run: Run): void {
    this.#runs[index] = run;
  }

  /** Takes the table away, so that what follows stands in its place. */
  close(): void {
    clearInterval(this.#timer);
    this.#screen.write(this.#toTop() + clearBelow);
    this.#drawn = 0;
  }

  #draw(): void {
    const lines = this.#runs.map((run, index) => {
      const line = `${this.#labels[index]}  ${run ? standingOf(run, this.#now()) : 'waiting'}`;
      return `${clearLine}${shown(line, { isTTY: true })}\n`;
    });
    this.#screen.write(`${this.#toTop()}${wrapOff}${lines.join('')}${wrapOn}`);
    this.#drawn = lines.length;
  }

  #toTop(): string {
    return this.#drawn === 0 ? '' : `\u001b[${this.#drawn}A\r`;
  }
}

const wrapOff = '\u001b[?7l';
const wrapOn = '\u001b[?7h';
const clearLine = '\u001b[2K';
const clearBelow = '\u001b[J';

/** How a run stands in one line: `answering  1.2 s  ~120 tokens  ~98 tok/s  …the end of its text`. */
function standingOf(run: Run, now: number): string {
  const { outcome, timing, text, reasoning } = run;
  const elapsed = timing?.totalMs ?? now - run.startedAt;
  const outputTokens = outputTokensOf(run.usage);
  const isOver = outcome.status !== 'running' && outputTokens !== undefined;
  const tokens = Math.ceil((text.length + reasoning.length) / charactersPerToken);
  const speed =
    isOver && timing ? decodeSpeed(run) : tokens > 0 && elapsed > 0 ? (tokens * 1000) / elapsed : undefined;
  const about = isOver ? '' : '~';
  const said = outcome.status === 'failed' ? outcome.error.message : tailOf(text === '' ? reasoning : text);
  return [
    stateOf(run).padEnd(9),
    formatElapsed(elapsed).padStart(7),
    (isOver ? formatCount(outputTokens) : `~${formatCount(tokens)}`).padStart(6) + ' tokens',
    (speed === undefined ? '' : about + formatSpeed(speed)).padStart(13),
    said,
  ]
    .join('  ')
    .trimEnd();
}

function stateOf({ outcome, retry, text, reasoning }: Run): string {
  if (outcome.status === 'finished') return outcome.reason;
  if (outcome.status !== 'running') return outcome.status;
  if (retry) return 'retrying';
  if (text !== '') return 'answering';
  return reasoning === '' ? 'asked' : 'thinking';
}

function tailOf(text: string): string {
  return text.slice(-tailLength).replaceAll(/\s+/g, ' ').trim();
}
