import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { LlmError } from '../core/errors.ts';
import type { ModelHeader } from './localModelsHeader.ts';
import type { HeaderAnswer } from './localModelsWorker.ts';

/**
 * Reads headers of model files in a worker thread, so that neither a large vocabulary nor a slow disk holds up the
 * caller's. The thread starts at the first read and must be ended by disposing of this.
 */
export class HeaderReader implements Disposable {
  #worker: Worker | undefined;

  /**
   * One at a time: call it again when it has answered.
   * @throws LlmError `bad-request` when the file is no whole model; the signal's reason when it aborts.
   */
  async read(path: string, signal: AbortSignal): Promise<ModelHeader> {
    this.#worker ??= startWorker();
    this.#worker.postMessage(path);
    const [answer] = (await once(this.#worker, 'message', { signal })) as [HeaderAnswer];
    if ('error' in answer) throw LlmError.fromData(answer.error);
    return answer.header;
  }

  [Symbol.dispose](): void {
    void this.#worker?.terminate();
  }
}

/** The worker lies beside this file, in the sources as in the bundle. */
function startWorker(): Worker {
  const file = import.meta.url.endsWith('.ts') ? './localModelsWorker.ts' : './localModelsWorker.mjs';
  return new Worker(new URL(file, import.meta.url), { name: 'model headers', execArgv: [] });
}
