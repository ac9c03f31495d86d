import type { ChatEvent, ChatRequest } from './chat.ts';
import { cancelledError } from './errors.ts';
import { countedBy, embeddedBy, type Embeddings, type ModelInfo, type Provider } from './provider.ts';
import type { Clock, RetryOptions } from './stream.ts';

/** How much may be asked of a provider. What is absent is not limited. */
export interface Limits {
  /** Calls under way at once, at least 1. */
  readonly concurrent?: number;
  /** Calls begun within any 60 seconds, at least 1. */
  readonly perMinute?: number;
}

/** What waiting needs of the world. */
export interface LimitSurroundings {
  readonly clock: Clock;
  readonly sleep: RetryOptions['sleep'];
}

/** A provider whose calls wait for their turn, first come first served, instead of being refused by the service. */
export class Limited implements Provider {
  readonly id: string;
  readonly name: string;
  readonly #provider: Provider;
  readonly #limits: Limits;
  readonly #surroundings: LimitSurroundings;
  readonly #waiting: (() => void)[] = [];
  /** When the calls of the last minute began, oldest first. */
  #begun: number[] = [];
  #running = 0;

  constructor(provider: Provider, limits: Limits, surroundings: LimitSurroundings) {
    this.id = provider.id;
    this.name = provider.name;
    this.#provider = provider;
    this.#limits = limits;
    this.#surroundings = surroundings;
  }

  models(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    return this.#provider.models(signal);
  }

  /** Counting is no call to a model and waits for nobody. */
  async countTokens(request: ChatRequest, signal: AbortSignal): Promise<number> {
    return countedBy(this.#provider, request, signal);
  }

  async embed(model: string, texts: readonly string[], signal: AbortSignal): Promise<Embeddings> {
    return embeddedBy(this.#provider, model, texts, signal);
  }

  async *stream(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    await this.#enter(signal);
    try {
      await this.#rest(signal);
      yield* this.#provider.stream(request, signal);
    } finally {
      this.#leave();
    }
  }

  /** Waits for a place among the calls under way. */
  async #enter(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw cancelledError();
    if (this.#running < (this.#limits.concurrent ?? Infinity)) {
      this.#running++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const take = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        reject(cancelledError());
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(take);
    });
  }

  /** Passes the place on, or frees it. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }

  /** Waits until a minute holds fewer calls than it may. */
  async #rest(signal: AbortSignal): Promise<void> {
    const { perMinute } = this.#limits;
    if (perMinute === undefined) return;
    const { clock, sleep } = this.#surroundings;
    for (;;) {
      const now = clock();
      this.#begun = this.#begun.filter((at) => now - at < 60_000);
      const oldest = this.#begun[this.#begun.length - perMinute];
      if (oldest === undefined) {
        this.#begun.push(now);
        return;
      }
      await sleep(oldest + 60_000 - now, signal);
      if (signal.aborted) throw cancelledError();
    }
  }
}
