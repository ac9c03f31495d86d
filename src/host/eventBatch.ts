import type { Disposable } from 'vscode';
import { joinEvents, type RunEvent } from '../core/run/fold.ts';

/** Thirty frames a second are smooth for text; each one more costs the page and takes from the engine. In ms. */
const frameMs = 33;

/**
 * Gathers a run's events into one message a frame. The first of a quiet time is sent at once, and what is not part of
 * the answer makes nothing wait: the first token comes right behind `start`.
 */
export class EventBatch implements Disposable {
  readonly #send: (events: RunEvent[]) => void;
  #held: RunEvent[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (events: RunEvent[]) => void) {
    this.#send = send;
  }

  add(event: RunEvent): void {
    this.#held.push(event);
    if (this.#timer) return;
    this.#flush();
    if (event.type === 'start' || event.type === 'usage') return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, frameMs);
  }

  /** Sends what is held. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flush();
  }

  #flush(): void {
    if (this.#held.length === 0) return;
    const events = joinEvents(this.#held);
    this.#held = [];
    this.#send(events);
  }
}
