import type { Worker } from 'node:worker_threads';
import { LlmError } from '../core/errors.ts';
import type { TokenizerAnswer, TokenizerRequest } from './tokenizerProtocol.ts';

/** The worker ended without being asked to; its jobs are lost. */
export class WorkerDied extends LlmError {
  constructor(cause: unknown) {
    super('provider', 'The token counter ended unexpectedly. Try again; it starts anew.', { cause });
  }
}

type AnswerOf<Type> = Extract<TokenizerAnswer, { readonly type: Type }>;

interface Pending {
  readonly resolve: (answer: TokenizerAnswer) => void;
  readonly reject: (error: LlmError) => void;
}

/**
 * The thread of the tokenizers, as something to ask. It starts when it is first asked, and again after it
 * died.
 */
export class TokenizerThread {
  readonly #start: () => Worker;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #lastJob = 0;
  #isDisposed = false;

  constructor(start: () => Worker) {
    this.#start = start;
  }

  newJob(): number {
    return ++this.#lastJob;
  }

  /**
   * Posts the request and gives its answer, which is of `type`. An abort ends the job.
   * @throws LlmError what the worker failed with, `cancelled`, or {@link WorkerDied}.
   */
  async ask<Type extends TokenizerAnswer['type']>(
    type: Type,
    request: TokenizerRequest,
    signal: AbortSignal,
  ): Promise<AnswerOf<Type>> {
    if (this.#isDisposed || signal.aborted) throw cancelled();
    const { job } = request;
    const onAbort = (): void => {
      this.#pending.get(job)?.reject(cancelled());
      this.forget(job);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = await new Promise<TokenizerAnswer>((resolve, reject) => {
        this.#pending.set(job, { resolve, reject });
        this.#running().postMessage(request);
      });
      if (answer.type === 'failed') throw LlmError.fromData(answer.error);
      if (answer.type !== type)
        throw new LlmError('provider', `The token counter answered "${answer.type}" to "${request.type}".`);
      return answer as AnswerOf<Type>;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#pending.delete(job);
      // A thread without work must not keep the program running.
      if (this.#pending.size === 0) this.#worker?.unref();
    }
  }

  /** Frees what the worker keeps for a job. */
  forget(job: number): void {
    this.#worker?.postMessage({ type: 'forget', job } satisfies TokenizerRequest);
  }

  /** Ends the worker. What is asked then, and later, throws `cancelled`. May be called twice. */
  dispose(): void {
    this.#isDisposed = true;
    void this.#worker?.terminate();
    this.#worker = undefined;
    this.#rejectAll(cancelled());
  }

  #running(): Worker {
    const worker = (this.#worker ??= this.#listenTo(this.#start()));
    worker.ref();
    return worker;
  }

  #listenTo(worker: Worker): Worker {
    let cause: unknown;
    worker.on('message', (answer: TokenizerAnswer) => this.#pending.get(answer.job)?.resolve(answer));
    worker.on('error', (error: unknown) => {
      cause = error;
    });
    worker.on('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#rejectAll(new WorkerDied(cause));
    });
    return worker;
  }

  #rejectAll(error: LlmError): void {
    for (const { reject } of this.#pending.values()) reject(error);
  }
}

function cancelled(): LlmError {
  return new LlmError('cancelled', 'The counting was stopped.');
}
