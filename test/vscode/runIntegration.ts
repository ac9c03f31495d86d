import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { onPath, root } from '../../.ci/setup.mjs';
import { writeEndlessPrompts } from './e2e/answers.ts';
import type { TestResult } from './integration/suite.ts';

/**
 * Runs `integration/*.test.ts` (as bundled in dist/test) in a VS Code that has a copy of `prompts/` open: the desktop's,
 * which test-electron downloads, where there is a desktop VS Code; else code-server behind `shim.mjs`.
 */
export async function runIntegration(): Promise<{ passed: number; failed: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'integration-'));
  const workspace = join(folder, 'prompts');
  const resultFile = join(folder, 'results.json');
  await cp(join(root, 'prompts'), workspace, { recursive: true });
  await writeEndlessPrompts(workspace, ['endless']);
  try {
    await runTests({
      ...(onPath('code') ? {} : { vscodeExecutablePath: join(import.meta.dirname, 'shim.mjs') }),
      extensionDevelopmentPath: root,
      extensionTestsPath: join(root, 'dist', 'test', 'index.cjs'),
      extensionTestsEnv: { INTEGRATION_RESULTS: resultFile },
      launchArgs: [workspace],
    }).catch((error: unknown) => error);
    const results = JSON.parse(await readFile(resultFile, 'utf8')) as TestResult[];
    return report(results);
  } catch (error) {
    console.error('The integration tests did not run to their end; see test-results/integration.log.', error);
    return { passed: 0, failed: 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function report(results: readonly TestResult[]): { passed: number; failed: number } {
  for (const { name, ms, failure } of results) {
    console.log(`${failure === undefined ? '✔' : '✖'} ${name} (${ms} ms)`);
    if (failure !== undefined) console.log(failure.replaceAll(/^/gm, '  '));
  }
  const failed = results.filter(({ failure }) => failure !== undefined).length;
  return { passed: results.length - failed, failed };
}
