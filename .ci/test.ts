/**
 * `npm test [-- suites]`: all tests, or the suites named. Sets up what they need and ends on the line
 * `N passed, N failed`, the sum over the suites; it fails when a test does, and when there was none.
 *
 *   unit     test/** without an editor: rules, adapters, the store, the real runtime
 *   gpu      test/gpu, the runtime on a graphics device that Mesa computes in software; the first time takes a minute
 *   vscode   test/vscode/integration, inside the extension host, on the vscode API
 *   e2e      test/vscode/e2e, the packed VSIX in a real browser; a file that fails is run up to twice more in a fresh
 *            editor, and what passes only then is named as flaky
 */
import { globSync } from 'node:fs';
import { relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { packageExtension } from './package.ts';
import { ensureBuild, ensureChromium, ensureCodeServer, ensureVulkan, root } from './setup.mjs';

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const suites: Readonly<Record<string, () => Promise<Counts>>> = {
  async unit() {
    ensureBuild();
    const files = globSync('test/**/*.test.ts', { exclude: ['test/vscode/**', 'test/gpu/**'] }).sort();
    return sumOf(await runFiles(files, true));
  },
  async gpu() {
    ensureVulkan();
    return sumOf(await runFiles(globSync('test/gpu/*.test.ts').sort(), 1));
  },
  async vscode() {
    ensureBuild();
    const { runIntegration } = await import('../test/vscode/runIntegration.ts');
    return runIntegration();
  },
  async e2e() {
    ensureCodeServer();
    ensureChromium();
    await packageExtension();
    const results = new Map(await runFiles(globSync('test/vscode/e2e/*.test.ts').sort(), 1));
    // A browser and an editor share two cores with everything else, so a wait may run out for no reason of ours.
    for (let times = 1; times <= 2; times++) {
      const failed = [...results].flatMap(([file, { failed }]) => (failed > 0 ? [file] : []));
      if (failed.length === 0) break;
      console.log(`Once more, each in a fresh editor: ${failed.join(', ')}`);
      for (const [file, counts] of await runFiles(failed, 1)) {
        results.set(file, counts);
        if (counts.failed === 0) console.log(`Flaky: ${file}`);
      }
    }
    return sumOf(results);
  },
};

process.chdir(root);
const total = { passed: 0, failed: 0 };
for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(suites)) {
  const suite = suites[name];
  if (!suite) throw new Error(`There is no suite "${name}", only ${Object.keys(suites).join(', ')}.`);
  const { passed, failed } = await suite();
  total.passed += passed;
  total.failed += failed;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

/** Runs test files, each in a process of its own, and shows their tests as they end; returns the counts of each file. */
async function runFiles(files: string[], concurrency: number | true): Promise<ReadonlyMap<string, Counts>> {
  const results = new Map<string, Counts>();
  if (files.length === 0) return results;

  const events = run({ files, concurrency });
  events.on('test:summary', ({ file, counts }) => {
    // The summary without a file is that of the whole run.
    if (file === undefined) return;
    const { tests, passed, skipped, todo } = counts;
    results.set(relative(root, file), { passed, failed: tests - passed - skipped - todo });
  });
  for await (const text of events.compose(spec)) process.stdout.write(text);
  // A process that died before its first test has no summary.
  for (const file of files) if (!results.has(file)) results.set(file, { passed: 0, failed: 1 });
  return results;
}

function sumOf(results: ReadonlyMap<string, Counts>): Counts {
  const counts = [...results.values()];
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  };
}
