/**
 * Counting tokens: ours against js-tiktoken, gpt-tokenizer and tiktoken in WebAssembly, all with o200k_base. Takes two
 * minutes.
 *
 * Each measurement is a process of its own, so that "cold" means the first text after the load; the contestants take
 * turns, and the best of the rounds are compared, which a busy machine disturbs least. Absolute figures depend on the
 * machine, so only the ratios say something.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textKinds } from '../core/tokens/corpus.ts';
import { bundleOurs, contestantNames, type Contestant } from './tokenContestants.ts';
import type { Figures, Measurement } from './tokenFigures.ts';
import { unbrokenKinds } from './tokenTexts.ts';

const folder = mkdtempSync(join(tmpdir(), 'tokens-'));
const bundle = bundleOurs(folder);
const program = join(import.meta.dirname, 'tokenFigures.ts');
const others = contestantNames.filter((name) => name !== 'ours');

console.log('From nothing to the first count, and how many times as much the others take');
console.table(Object.fromEntries(compared('load', 5, { best: Math.min })));

console.log(
  'MB/s by kind of text, and how many times as fast as the others; `encode` gives the ids, ours also places',
);
const speeds = textKinds.flatMap((kind) =>
  compared('text', 3, { best: Math.max, kind }).map(([name, row]) => [`${kind}, ${name}`, row] as const),
);
console.table(Object.fromEntries(speeds));

console.log('A word without an end; the others are not asked for long ones, for which they would take hours');
console.table(Object.fromEntries(contestantNames.map((name) => [name, figuresOf(name, 'growth')])));

console.log('Ours: ms a megabyte of equal characters, and by how much that grows from 0.1 to 10 million');
console.table(figuresOf('ours', 'linear'));

console.log('Ours: ms for a keystroke in a document of 1 MB');
console.table(figuresOf('ours', 'keystroke'));
rmSync(folder, { recursive: true });

/** A row for each figure: ours, and how many times better it is than each of the others. */
function compared(
  measurement: Measurement,
  rounds: number,
  { best, kind = '' }: { readonly best: typeof Math.max; readonly kind?: string },
): [figure: string, row: Figures][] {
  const results = new Map<Contestant, Figures[]>(contestantNames.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, figures] of results) {
      // The slowest by far: once is enough, and a text without a place to split would take it a minute.
      if (name === 'js-tiktoken' && (round > 0 || unbrokenKinds.some((slow) => slow === kind))) continue;
      figures.push(figuresOf(name, measurement, kind));
    }
  }
  const bestOf = (name: Contestant, figure: string): number =>
    best(...(results.get(name) ?? []).map((figures) => figures[figure] ?? NaN));
  return Object.keys(results.get('ours')?.[0] ?? {}).map((figure) => {
    const ours = bestOf('ours', figure);
    const measured = others.filter((name) => results.get(name)?.length !== 0);
    const ratios = measured.map((name) => {
      const ratio = bestOf(name, figure) / ours;
      return [name, rounded(best === Math.min ? ratio : 1 / ratio)];
    });
    return [figure, { ours: rounded(ours), ...Object.fromEntries(ratios) } as Figures];
  });
}

function figuresOf(contestant: Contestant, measurement: Measurement, kind = ''): Figures {
  const { stdout } = spawnSync(process.execPath, [program, bundle, contestant, measurement, kind], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const figures = Object.entries(JSON.parse(stdout) as Figures);
  return Object.fromEntries(figures.map(([name, value]) => [name, rounded(value)]));
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
