/**
 * `npm test [-- suites]`: all tests, or the suites named. Sets up what they need and ends on the line
 * `N passed, N failed`, the sum over the suites; it fails when a test does, and when there was none.
 *
 *   unit     test/** without an editor: rules, adapters, the store, the real runtime
 *   vscode   test/vscode/integration, inside the extension host, on the vscode API
 *   e2e      test/vscode/e2e, the packed VSIX in a real browser
 */
import { globSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { packageExtension } from './package.ts';
import { ensureBuild, ensureChromium, ensureCodeServer, root } from './setup.mjs';

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const suites: Readonly<Record<string, () => Promise<Counts>>> = {
  unit() {
    ensureBuild();
    return runFiles('test/**/*.test.ts', { exclude: ['test/vscode/**'], concurrency: true });
  },
  async vscode() {
    ensureBuild();
    const { runIntegration } = await import('../test/vscode/runIntegration.ts');
    return runIntegration();
  },
  e2e() {
    ensureCodeServer();
    ensureChromium();
    packageExtension();
    return runFiles('test/vscode/e2e/*.test.ts', { concurrency: 1 });
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

/** Runs test files, each in a process of its own, and shows their tests as they end. */
async function runFiles(
  pattern: string,
  { exclude = [], concurrency }: { exclude?: string[]; concurrency: number | true },
): Promise<Counts> {
  const files = globSync(pattern, { exclude }).sort();
  let result = { passed: 0, failed: 0 };
  if (files.length === 0) return result;

  const events = run({ files, concurrency });
  events.on('test:summary', ({ file, counts }) => {
    // The summary without a file is that of the whole run.
    const { tests, passed, skipped, todo } = counts;
    if (file === undefined) result = { passed, failed: tests - passed - skipped - todo };
  });
  for await (const text of events.compose(spec)) process.stdout.write(text);
  return result;
}
