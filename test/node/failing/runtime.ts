import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalRuntime } from '../../../src/node/localRuntime.ts';
import { folder, newRuntime } from '../localFixture.ts';

/** A runtime on an engine that fails. */
export interface FailingRuntime {
  readonly runtime: LocalRuntime;
  /** How often the graphics backend was started. */
  readonly starts: () => number;
  /** How often a model was loaded. */
  readonly loads: () => number;
}

/** @param fails as `engine.ts` beside this knows it; `none` for an engine whose graphics backend works. */
export function failingRuntime(fails: string, backend: 'auto' | 'vulkan' | 'cpu' = 'auto'): FailingRuntime {
  const file = join(mkdtempSync(join(folder, 'starts-')), 'starts');
  const env: NodeJS.ProcessEnv = { ...process.env, FAILS: fails, STARTS: file };
  delete env['NODE_LLAMA_CPP_GPU'];
  const runtime = newRuntime({ entry: join(import.meta.dirname, 'main.ts'), backend, env });
  const count = (word: string): number =>
    existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line.startsWith(word)).length
      : 0;
  return { runtime, starts: () => count('vulkan'), loads: () => count('load') };
}
