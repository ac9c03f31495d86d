/**
 * `node .ci/with-node.mjs <script> [arguments]` runs a script on a node that has what it takes, with the npm
 * packages installed. A script in dist/ is built first. This is how every npm script starts, so that a bare machine
 * needs node >= 20 and nothing else.
 */
import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { ensureBuild, ensureDependencies, ensureNode, reportSetupErrors } from './setup.mjs';

const [script, ...args] = process.argv.slice(2);

const node = reportSetupErrors(() => {
  ensureDependencies();
  if (script.startsWith('dist/')) ensureBuild();
  return ensureNode();
});

const child = spawn(node, [script, ...args], {
  stdio: 'inherit',
  env: { ...process.env, PATH: dirname(node) + delimiter + process.env.PATH },
});
// Ctrl+C reaches the child from the terminal; wait for what it does about it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
});
