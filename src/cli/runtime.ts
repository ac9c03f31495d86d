import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledModels } from '../node/bundledModels.ts';
import { LocalModels } from '../node/localModels.ts';
import { LocalRuntime } from '../node/localRuntime.ts';
import { defaultThreads } from '../node/processors.ts';

const dist = dirname(fileURLToPath(import.meta.url));

/** The local runtime of one command, which ends it; its process starts at the first request. */
export function localRuntime(threads: number = defaultThreads()): LocalRuntime {
  return new LocalRuntime({
    entry: join(dist, 'runtime', 'main.mjs'),
    models: bundledModels(dirname(dist)),
    found: new LocalModels({ folders: () => [], log }),
    threads,
    log,
  });
}

function log(line: string): void {
  if (process.env['DEBUG']) console.error(line);
}
