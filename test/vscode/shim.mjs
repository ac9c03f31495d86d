#!/usr/bin/env node
/**
 * Takes the place of the desktop's executable in `@vscode/test-electron`: takes its arguments, runs the tests in
 * code-server and a browser without a window, and ends with the exit code of the tests.
 */
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.ts';
import { startCodeServer } from './codeServer.ts';

const timeoutMs = 180_000;

const { values, positionals } = parseArgs({
  // The rest of what test-electron passes says where a desktop keeps its profile and what it should not show.
  strict: false,
  allowPositionals: true,
  options: { extensionDevelopmentPath: { type: 'string' }, extensionTestsPath: { type: 'string' } },
});

await using server = await startCodeServer({ testDriver: true });
await using browser = await launchBrowser();
const page = await browser.newPage();
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
