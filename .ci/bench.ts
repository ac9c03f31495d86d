/**
 * `npm run bench [-- names]`: every file of test/bench/ that has something to measure, one after another. Figures are
 * ratios against a peer that is measured in the same run; nothing is asserted.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { ensureBuild, ensureChromium, ensureCodeServer, root } from './setup.mjs';

process.chdir(root);
ensureBuild('--production');
ensureCodeServer();
ensureChromium();

const named = process.argv.slice(2);
const benches = globSync('test/bench/*.bench.ts').sort();
for (const file of benches.filter((path) => named.length === 0 || named.includes(nameOf(path)))) {
  console.log(`\n${nameOf(file)}`);
  const { status } = spawnSync(process.execPath, ['--expose-gc', file], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

function nameOf(file: string): string {
  return basename(file, '.bench.ts');
}
