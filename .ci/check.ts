/**
 * `npm run check [-- names]`: what must hold before every commit, all at once. The output of a check is shown only when
 * it fails.
 */
import { spawn } from 'node:child_process';
import { root } from './setup.mjs';

/** What a server has sent or a model has learnt from stays as it is; the same list is in `npm run format`. */
const formatted = ['.', '!test/fixtures', '!media/demo-model/data'];
const rules = '.ci/dependency-rules.cjs';

/** What node runs for each. The slowest start first. */
const checks = new Map([
  ['lint', ['node_modules/eslint/bin/eslint.js', 'src', 'webview', 'test', '.ci/*.ts', '--max-warnings=0']],
  ['types', ['node_modules/typescript/bin/tsc', '-p', '.']],
  ['webview', ['node_modules/typescript/bin/tsc', '-p', 'webview']],
  ['tests', ['.ci/test.ts', 'unit']],
  [
    'rules',
    ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--config', rules, 'src', 'webview'],
  ],
  ['format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', ...formatted]],
]);

const named = process.argv.slice(2);
const start = performance.now();
const results = await Promise.all((named.length > 0 ? named : [...checks.keys()]).map(holds));
const all = results.every(Boolean);
console.log(`${all ? 'All checks hold' : 'Not every check holds'} (${secondsSince(start)})`);
process.exitCode = all ? 0 : 1;

async function holds(name: string): Promise<boolean> {
  const command = checks.get(name);
  if (!command) throw new Error(`There is no check "${name}", only ${[...checks.keys()].join(', ')}.`);
  const start = performance.now();
  const { code, output } = await runNode(command);
  console.log(`${code === 0 ? '✔' : '✖'} ${name} (${secondsSince(start)})`);
  if (code !== 0) console.log(output);
  return code === 0;
}

function runNode(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

function secondsSince(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
