import { basename } from 'node:path';
import { LlmError } from '../core/errors.ts';
import { backendNames } from './backendNames.ts';
import type { Backend, BrokenBackend } from '../runtime/protocol.ts';

/** An error of the engine, or the end of its process, and the graphics backend that it happened on. */
export class BackendError extends LlmError {
  readonly backend: Exclude<Backend, 'cpu'>;

  constructor(backend: Exclude<Backend, 'cpu'>, { kind, message, retryable, cause }: LlmError) {
    super(kind, message, { retryable, cause });
    this.backend = backend;
  }
}

/**
 * Remembers which graphics backends have failed, so that none is tried twice in a session. One that breaks off an answer
 * is given a second chance, for the card may only have been asleep.
 */
export class BrokenBackends {
  readonly #broken = new Map<Backend, string>();
  readonly #brokeOff = new Set<Backend>();

  get list(): readonly BrokenBackend[] {
    return [...this.#broken].map(([backend, why]) => ({ backend, why }));
  }

  /**
   * @param path the model that it failed with.
   * @param hasAnswered whether something of the answer had come.
   * @returns whether the call can be made again on another backend.
   */
  add({ backend, message }: BackendError, path: string, hasAnswered: boolean): boolean {
    const isFirst = hasAnswered && !this.#brokeOff.has(backend);
    if (hasAnswered) this.#brokeOff.add(backend);
    if (!isFirst) this.#broken.set(backend, whyOf(backend, path, message));
    return !hasAnswered;
  }

  /** Takes back what was the model's fault: it failed on the processor too. */
  clear(backends: Iterable<Backend>): void {
    for (const backend of backends) this.#broken.delete(backend);
  }
}

function whyOf(backend: Backend, path: string, message: string): string {
  return `${backendNames[backend]} failed with "${basename(path)}" and is not tried again until the window is reloaded (${message.replace(/\.$/, '')}).`;
}
