/**
 * What a list of versions costs over a repository with 5,000 commits, each of which changes the prompt, against
 * `git log --follow` alone, and how long the event loop stands still meanwhile.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { VersionHistory } from '../../src/node/versionHistory.ts';
import { median } from './median.ts';

const commitCount = 5_000;
const folder = mkdtempSync(join(tmpdir(), 'versions-bench-'));
const line = 'What the reader has to know, in plain words, as documents and examples have it in a prompt.\n';

try {
  makeRepository();
  const file = join(folder, 'p.prompt');
  const text = textOf(commitCount - 1);
  writeFileSync(file, text);

  for (const [name, limit] of [
    ['the 200 that the view shows at first', 200],
    ['all', Infinity],
  ] as const) {
    const rounds: Awaited<ReturnType<typeof measure>>[] = [];
    for (let round = 0; round < 5; round++) rounds.push(await measure(file, text, limit));
    const middle = (key: 'first' | 'all' | 'block'): string =>
      median(rounds.map((each) => each[key])).toFixed(0);
    console.log(
      `  ${name}: first ${rounds[0]?.firstCount} entries after ${middle('first')} ms, ${rounds[0]?.count} after ${middle('all')} ms; longest block ${middle('block')} ms`,
    );
  }
  const log = timeOf(() =>
    execFileSync('git', ['log', '--follow', '--raw', '--', 'p.prompt'], { cwd: folder, maxBuffer: 1e9 }),
  );
  console.log(`  git log --follow alone: ${log.toFixed(0)} ms`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** In ms, as a new window sees it: nothing is remembered. */
async function measure(
  file: string,
  text: string,
  limit: number,
): Promise<{ first: number; firstCount: number; all: number; count: number; block: number }> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  delay.enable();
  const start = performance.now();
  let first = 0;
  let firstCount = 0;
  let count = 0;
  const history = new VersionHistory({ uri: 'file:///p.prompt', file });
  for await (const { versions } of history.read({ text, limit }, new AbortController().signal)) {
    first ||= performance.now() - start;
    firstCount ||= versions.length;
    count = versions.length;
  }
  const all = performance.now() - start;
  delay.disable();
  return { first, firstCount, all, count, block: delay.max / 1e6 };
}

function makeRepository(): void {
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: folder });
  const commits = Array.from({ length: commitCount }, (_, index) => {
    const text = textOf(index);
    const subject = `Change ${index}`;
    return [
      'commit refs/heads/main',
      `committer Ann <ann@example.org> ${1_600_000_000 + index * 3600} +0000`,
      `data ${subject.length}`,
      subject,
      'M 644 inline p.prompt',
      `data ${text.length}`,
      text,
    ].join('\n');
  });
  execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input: commits.join('\n') + '\n' });
  execFileSync('git', ['reset', '-q', '--mixed'], { cwd: folder });
}

/** 2 KB, with a line of its own. */
function textOf(index: number): string {
  return `---\nversion: ${Math.floor(index / 100)}\n---\n${line.repeat(20)}Line ${index}\n`;
}

function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
