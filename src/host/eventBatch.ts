import type { Disposable } from 'vscode';
import { joinEvents, type RunEvent } from '../core/run/fold.ts';
import type { RunEvents } from '../protocol.ts';

/** Thirty frames a second are smooth for text; each one more costs the page and takes from the engine. In ms. */
const frameMs = 33;

/**
 * Gathers the events of runs that stream at once into one message a frame. The first of a quiet time is sent at once,
 * and what is not part of the answer makes nothing wait: the first token comes right behind `start`.
 */
export class EventBatch implements Disposable {
  readonly #send: (runs: readonly RunEvents[]) => void;
  readonly #held = new Map<string, RunEvent[]>();
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (runs: readonly RunEvents[]) => void) {
    this.#send = send;
  }

  add(runId: string, event: RunEvent): void {
    const held = this.#held.get(runId);
    if (held) held.push(event);
    else this.#held.set(runId, [event]);
    if (this.#timer) return;
    this.flush();
    if (event.type === 'start' || event.type === 'usage') return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, frameMs);
  }

  /** Sends what is held, as when a run has ended. */
  flush(): void {
    if (this.#held.size === 0) return;
    const runs = [...this.#held].map(([runId, events]) => ({ runId, events: joinEvents(events) }));
    this.#held.clear();
    this.#send(runs);
  }

  /** Sends what is held, for the last time. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.flush();
  }
}
