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
  /** Whether something came since the last look, and how many looks found nothing. */
  #heard = false;
  #silentLooks = 0;

  constructor(name: string, timeouts: Timeouts, bite: (error: LlmError) => void) {
    this.#name = name;
    this.#timeouts = timeouts;
    this.#bite = bite;
  }

  /** The request is on its way. */
  connecting(): void {
    const { connectMs } = this.#timeouts;
    this.#wait(connectMs, `did not answer within ${seconds(connectMs)}`, 'timeouts.connect', true);
  }

  /** The headers of the answer are here. */
  connected(): void {
    const { firstTokenMs } = this.#timeouts;
    this.#wait(
      firstTokenMs,
      `accepted the request and sent no token within ${seconds(firstTokenMs)}`,
      'timeouts.firstToken',
      // A model that took so long may still be at it; it would only be asked to begin anew.
      false,
    );
  }

  /** Something came in the stream; before the first piece of the answer only such a piece counts. */
  alive(events: readonly ChatEvent[]): void {
    this.#heard = true;
    if (this.#answered || !events.some(isOutput)) return;
    this.#answered = true;
    this.#listen();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#timer);
  }

  /**
   * Looks four times in the time of silence whether something came, which is exact to a quarter of it: to wind up a timer
   * with every token would cost as much as to read the token.
   */
  #listen(): void {
    clearTimeout(this.#timer);
    const { silenceMs } = this.#timeouts;
    if (silenceMs === 0) return;
    this.#timer = setInterval(() => {
      this.#silentLooks = this.#heard ? 0 : this.#silentLooks + 1;
      this.#heard = false;
      if (this.#silentLooks < 4) return;
      this.#giveUp(
        `fell silent in the middle of its answer for ${seconds(silenceMs)}`,
        'timeouts.silence',
        true,
      );
    }, silenceMs / 4);
  }

  #wait(ms: number, what: string, setting: string, retryable: boolean): void {
    clearTimeout(this.#timer);
    if (ms === 0) return;
    this.#timer = setTimeout(() => this.#giveUp(what, setting, retryable), ms);
  }

  #giveUp(what: string, setting: string, retryable: boolean): void {
    this.stop();
    const advice = `Run again, or raise "llmPlayground.${setting}" in the settings.`;
    this.#bite(new LlmError('network', `${this.#name} ${what}. ${advice}`, { retryable }));
  }
}

function isOutput({ type }: ChatEvent): boolean {
  return type === 'text' || type === 'reasoning' || type === 'tool-call';
}

function seconds(ms: number): string {
  return ms === 1000 ? 'a second' : `${ms / 1000} seconds`;
}
