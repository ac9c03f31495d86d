/**
 * What a keystroke costs: the analysis of a prompt after one letter was typed in its template, and after one in its
 * front matter, against parsing the same template with Handlebars alone, which is what a first analysis takes at least. Times are
 * those of the processor, so that other programs on the machine do not count.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { analyzePrompt, type PromptAnalysis } from '../../src/core/prompt/analysis.ts';
import { median } from './median.ts';

const sample = readFileSync(join(import.meta.dirname, '../../prompts/commit-message.prompt'), 'utf8');
const front = /^---\n[^]*?\n---\n/.exec(sample)?.[0] ?? '';
const template = sample.slice(front.length);
const line = 'What the reader has to know, in plain words, as documents and examples have it in a prompt.\n';

for (const [name, text, rounds] of [
  ['2 KB', front + template + line.repeat(12), 300],
  ['500 KB, a name every 1 KB', grown(line.repeat(40)), 40],
  ['500 KB, a name every 64 B', grown(''), 40],
] as const) {
  const inTemplate = await keystrokes(text, text.length, rounds);
  const inFront = await keystrokes(text, text.indexOf('description: ') + 13, rounds);
  const parse = timesOf(rounds, () => Handlebars.parse(text.slice(front.length)));
  console.log(
    `  ${name}: ${inTemplate.toFixed(2)} ms in the template, ${inFront.toFixed(2)} ms in the front matter (Handlebars.parse alone: ${parse.toFixed(2)} ms)`,
  );
}

/** The median time in ms of analyzing a text as it is typed at `offset`, each time with the analysis before. */
async function keystrokes(text: string, offset: number, rounds: number): Promise<number> {
  let before: PromptAnalysis | undefined;
  let typed = '';
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    typed += String.fromCharCode(97 + (round % 26));
    const next = text.slice(0, offset) + typed + text.slice(offset);
    const start = process.cpuUsage();
    before = await analyzePrompt(next, {}, before);
    times.push(msSince(start));
  }
  return median(times.slice(Math.ceil(rounds / 10)));
}

function timesOf(rounds: number, work: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const start = process.cpuUsage();
    work();
    return msSince(start);
  });
  return median(times);
}

function msSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function grown(between: string): string {
  return front + (template + between).repeat(Math.floor(500_000 / (template.length + between.length)));
}
