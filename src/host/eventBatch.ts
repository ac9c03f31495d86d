import type { Disposable } from 'vscode';
import { joinEvents, type RunEvent } from '../core/run/fold.ts';

/** As long as a frame at 60 Hz: more messages than frames would only be folded and never drawn. In ms. */
const frameMs = 16;

/** Gathers a run's events into one message a frame. The first event of a quiet time is sent at once. */
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
