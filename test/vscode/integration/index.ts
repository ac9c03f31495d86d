import { writeFile } from 'node:fs/promises';
import { runTests } from './suite.ts';

/**
 * What VS Code calls in its extension host. esbuild.mjs puts an import of every `*.test.ts` of this folder in front, so
 * all tests are registered by now. Rejects when one has failed. `runIntegration.ts` names a file for the results; the debugger does without.
 */
export async function run(): Promise<void> {
  const results = await runTests();
  const file = process.env['INTEGRATION_RESULTS'];
  if (file !== undefined) await writeFile(file, JSON.stringify(results));
  const failures = results.flatMap(({ name, failure }) =>
    failure === undefined ? [] : [`${name}: ${failure}`],
  );
  if (failures.length > 0) throw new Error(failures.join('\n'));
}
