/**
 * One measurement of `tokens.bench.ts`, in a process of its own, which prints its figures as JSON:
 * `node test/bench/tokenFigures.ts BUNDLE CONTESTANT WHAT [KIND]`.
 */
import type { TextKind } from '../core/tokens/corpus.ts';
import { median } from './median.ts';
import { contestants, type Contestant, type Counter } from './tokenContestants.ts';

/** By name: milliseconds, megabytes (10⁶ bytes), or megabytes of UTF-8 a second. */
export type Figures = Readonly<Record<string, number>>;

/** What can be measured; `linear` and `keystroke` are of ours alone. */
export type Measurement = 'load' | 'text' | 'growth' | 'linear' | 'keystroke';

const [bundle, contestant, measurement, kind] = process.argv.slice(2) as [
  string,
  Contestant,
  Measurement,
  TextKind,
];
console.log(JSON.stringify(await measure()));

async function measure(): Promise<Figures> {
  switch (measurement) {
    case 'load':
      return loadFigures();
    case 'text':
      return textFigures();
    case 'growth':
      return growthFigures();
    case 'linear':
      return linearFigures();
    case 'keystroke':
      return keystrokeFigures();
    default:
      return measurement satisfies never;
  }
}

/** What it takes from nothing to the first count. */
async function loadFigures(): Promise<Figures> {
  const before = process.memoryUsage.rss();
  const start = performance.now();
  await loaded();
  const took = performance.now() - start;
  return { 'load, ms': took, 'load, MB': (process.memoryUsage.rss() - before) / 1e6 };
}

async function textFigures(): Promise<Figures> {
  const { benchText } = await import('./tokenTexts.ts');
  const text = benchText(kind);
  const { count, encode } = await loaded();
  const kilobytes = Buffer.byteLength(text) / 1000;
  const cold = kilobytes / timed(() => count(text));
  return {
    cold,
    warm: kilobytes / fastest(() => count(text)),
    encode: kilobytes / fastest(() => encode(text)),
  };
}

/** Four times as many equal letters take four times as long where time is linear, sixteen times where it is quadratic. */
async function growthFigures(): Promise<Figures> {
  const { count } = await loaded();
  count('z'.repeat(1000));
  // A letter of its own for each, because some remember what they have counted.
  const took = (letters: number): number =>
    Math.min(...['a', 'b', 'c'].map((letter) => timed(() => count(letter.repeat(letters)))));
  const [few, many] = [took(1000), took(4000)];
  return { '1,000 letters, ms': few, '4,000 letters, ms': many, 'times as long': many / few };
}

/** Milliseconds a megabyte for 0.1, 1 and 10 million equal characters, and how they grow from the first to the last. */
async function linearFigures(): Promise<Figures> {
  const { count } = await loaded();
  const figures: Record<string, number> = {};
  for (const character of ['a', 'A', '中', '\u0301', '1', '=', '😀', '\0', ' ', '\n', '\u3000']) {
    const took = (length: number): number => {
      const text = character.repeat(length);
      return timed(() => count(text)) / (Buffer.byteLength(text) / 1e6);
    };
    took(100_000);
    const short = Math.min(...[1, 2, 3].map(() => took(100_000)));
    const [middle, long] = [took(1_000_000), took(10_000_000)];
    const name = JSON.stringify(character);
    Object.assign(figures, { [`${name} × 100,000`]: short, [`${name} × 1,000,000`]: middle });
    Object.assign(figures, { [`${name} × 10,000,000`]: long, [`${name} grows by`]: long / short });
  }
  return figures;
}

/** Typing in the middle of a document of 1 MB of code. */
async function keystrokeFigures(): Promise<Figures> {
  const [{ EditableCount }, { encodingOf }, { benchText }] = await Promise.all([
    import('../../src/core/tokens/editableCount.ts'),
    import('../core/tokens/encodings.ts'),
    import('./tokenTexts.ts'),
  ]);
  const text = benchText('code').repeat(3).slice(0, 1_000_000);
  const document = new EditableCount(await encodingOf('o200k_base'), text);
  const took = Array.from({ length: 1000 }, (_, at) =>
    timed(() => document.edit({ start: 500_000 + at, end: 500_000 + at, text: 'the keys '.charAt(at % 9) })),
  ).sort((a, b) => a - b);
  return { median: median(took), '99 of 100': took[990] ?? 0 };
}

async function loaded(): Promise<Counter> {
  const counter = await contestants[contestant](bundle);
  counter.count('hello world');
  return counter;
}

/** The least of the milliseconds that it takes again and again, for a tenth of a second and at least once. */
function fastest(work: () => unknown): number {
  const start = performance.now();
  let least = timed(work);
  while (performance.now() - start < 100) least = Math.min(least, timed(work));
  return least;
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
