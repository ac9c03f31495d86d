import type { ChatEvent } from '../core/chat.ts';
import { LlmError } from '../core/errors.ts';
import type { Timeouts } from './connection.ts';

/** Watches over one call, and ends it with an error that says what it waited for in vain. */
export class Watchdog {
  readonly #name: string;
  readonly #timeouts: Timeouts;
  readonly #bite: (error: LlmError) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #answered = false;

  constructor(name: string, timeouts: Timeouts, bite: (error: LlmError) => void) {
    this.#name = name;
    this.#timeouts = timeouts;
    this.#bite = bite;
  }

  /** The request is on its way. */
  connecting(): void {
    const { connectMs } = this.#timeouts;
    this.#wait(connectMs, `did not answer within ${seconds(connectMs)}`, 'timeouts.connect');
  }

  /** The headers of the answer are here. */
  connected(): void {
    const { firstTokenMs } = this.#timeouts;
    this.#wait(
      firstTokenMs,
      `accepted the request and sent no token within ${seconds(firstTokenMs)}`,
      'timeouts.firstToken',
    );
  }

  /** Something came in the stream; before the first piece of the answer only such a piece counts. */
  alive(events: readonly ChatEvent[]): void {
    if (this.#answered) {
      this.#timer?.refresh();
    } else if (events.some(isOutput)) {
      this.#answered = true;
      const { silenceMs } = this.#timeouts;
      this.#wait(
        silenceMs,
        `fell silent in the middle of its answer for ${seconds(silenceMs)}`,
        'timeouts.silence',
      );
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(ms: number, what: string, setting: string): void {
    clearTimeout(this.#timer);
    if (ms === 0) return;
    this.#timer = setTimeout(() => {
      this.#bite(
        new LlmError(
          'network',
          `${this.#name} ${what}. Run again, or raise "llmPlayground.${setting}" in the settings.`,
        ),
      );
    }, ms);
  }
}

function isOutput({ type }: ChatEvent): boolean {
  return type === 'text' || type === 'reasoning' || type === 'tool-call';
}

function seconds(ms: number): string {
  return ms === 1000 ? 'a second' : `${ms / 1000} seconds`;
}
