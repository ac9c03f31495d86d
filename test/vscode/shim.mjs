#!/usr/bin/env node
/**
 * Stands in for the desktop's executable in `@vscode/test-electron`: takes its arguments, runs the tests in code-server
 * and a browser without a window, and ends with the exit code of the tests. What the window and the extension host
 * have logged is in test-results/integration.log.
 */
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../.ci/setup.mjs';
import { launchBrowser } from './browser.ts';
import { startCodeServer } from './codeServer.ts';

const timeoutMs = 480_000;

const { values, positionals } = parseArgs({
  // The rest of what test-electron passes says where a desktop keeps its profile and what it should not show.
  strict: false,
  allowPositionals: true,
  options: { extensionDevelopmentPath: { type: 'string' }, extensionTestsPath: { type: 'string' } },
});

await using server = await startCodeServer({ testDriver: true });
await using browser = await launchBrowser();
const page = await browser.newPage();
mkdirSync(join(root, 'test-results'), { recursive: true });
const log = createWriteStream(join(root, 'test-results', 'integration.log'));
await page.exposeFunction('codeAutomationLog', (type, [message]) => log.write(`${type}: ${message}\n`));
const exitCode = new Promise((resolve, reject) => {
  setTimeout(
    () => reject(new Error(`No result after ${timeoutMs / 1000} s:\n${server.log()}`)),
    timeoutMs,
  ).unref();
  // What VS Code calls when `run()` of the tests has settled.
  void page.exposeFunction('codeAutomationExit', resolve);
});
await page.goto(
  server.address(positionals[0], {
    extension: values.extensionDevelopmentPath,
    tests: values.extensionTestsPath,
  }),
);
process.exitCode = await exitCode;
