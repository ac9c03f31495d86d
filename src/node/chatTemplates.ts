import { Worker } from 'node:worker_threads';
import type { ChatRequest } from '../core/chat.ts';
import { LlmError, cancelledError } from '../core/errors.ts';
import type { RenderedTemplate, TemplateAnswer, TemplateQuestion } from './chatTemplateProtocol.ts';

/** A template that runs longer than this, in ms, is not waited for. Reading the header of a large file takes 0.2 s. */
const longestMs = 3_000;

interface Waiting {
  readonly resolve: (answer: TemplateAnswer | undefined) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Renders requests with the template in a model's file, without loading its weights, in a thread that starts at the
 * first call.
 */
export class ChatTemplates implements Disposable {
  #worker: Worker | undefined;
  #requests = 0;
  readonly #waiting = new Map<number, Waiting>();

  /**
   * The option `raw` leaves the template out; so does a file without one.
   * @throws LlmError `bad-request` when the template does not take these messages, `cancelled`, `provider` when it did not
   *   end in time.
   */
  async render(
    file: string,
    { messages, settings, tools, responseFormat, providerOptions }: ChatRequest,
    signal: AbortSignal,
  ): Promise<RenderedTemplate> {
    const id = ++this.#requests;
    const { promise, resolve } = Promise.withResolvers<TemplateAnswer | undefined>();
    const stop = (): void => resolve(undefined);
    signal.addEventListener('abort', stop);
    try {
      const request = {
        messages,
        settings,
        ...(tools ? { tools } : {}),
        ...(responseFormat ? { responseFormat } : {}),
      };
      const isRaw = providerOptions?.['raw'] === true;
      this.#started().postMessage({ id, file, request, isRaw } satisfies TemplateQuestion);
      // Also after an abort: nobody else would end a thread that runs for ever.
      this.#waiting.set(id, { resolve, timer: setTimeout(() => this.#end(), longestMs) });
      const answer = await promise;
      if (signal.aborted) throw cancelledError();
      if (!answer) throw new LlmError('provider', `The chat template in "${file}" does not come to an end.`);
      if ('error' in answer) throw LlmError.fromData(answer.error);
      return answer.rendered;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  [Symbol.dispose](): void {
    this.#end();
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const file = import.meta.url.endsWith('.ts') ? './chatTemplateWorker.ts' : './chatTemplateWorker.mjs';
    const worker = new Worker(new URL(file, import.meta.url), {
      name: 'chat-templates',
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    worker.unref();
    worker.on('message', (answer: TemplateAnswer) => this.#answer(answer.id, answer));
    worker.on('error', () => this.#end());
    this.#worker = worker;
    return worker;
  }

  /** Ends the thread; whoever waits for it gets no answer, and the next call starts another. */
  #end(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    for (const id of [...this.#waiting.keys()]) this.#answer(id, undefined);
  }

  #answer(id: number, answer: TemplateAnswer | undefined): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    clearTimeout(waiting?.timer);
    waiting?.resolve(answer);
  }
}
