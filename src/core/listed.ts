import type { ChatEvent, ChatRequest } from './chat.ts';
import { cancelledError, LlmError } from './errors.ts';
import {
  countedBy,
  embeddedBy,
  type Embeddings,
  type ModelInfo,
  type ModelLimits,
  type Provider,
} from './provider.ts';
import type { Clock } from './stream.ts';

/** How long a failure counts, in ms: so short that a server which was started is seen, and not asked at every keystroke. */
const failedMs = 5_000;

/** What a list needs of the world. */
export interface ListSurroundings {
  /** What is known of a model elsewhere; asked where its provider leaves something out. */
  readonly limitsOf: (model: string) => Promise<ModelLimits>;
  readonly clock: Clock;
  /** How long a list counts, in ms; a model that is installed meanwhile shows up after it without a reload. */
  readonly freshMs: number;
}

/** A list that was asked for. */
interface Asked {
  readonly answer: Promise<readonly ModelInfo[]>;
  readonly stop: AbortController;
  /** How many wait for the answer; the last one to leave ends the question. */
  waiting: number;
  /** Until when it counts; absent while nobody has answered. */
  until?: number;
}

/**
 * A provider whose models are asked for once for everybody, and told with the limits that it leaves out itself. Whoever
 * lists models, in whatever view, gets them from here.
 */
export class Listed implements Provider {
  readonly id: string;
  readonly name: string;
  readonly #provider: Provider;
  readonly #surroundings: ListSurroundings;
  #asked: Asked | undefined;

  constructor(provider: Provider, surroundings: ListSurroundings) {
    this.id = provider.id;
    this.name = provider.name;
    this.#provider = provider;
    this.#surroundings = surroundings;
  }

  /** @throws LlmError also `network` when the signal is one of a time that is over. */
  async models(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    if (signal.aborted) throw this.#gaveUp(signal);
    const asked = this.#current() ?? this.#ask();
    const { promise: left, reject } = Promise.withResolvers<never>();
    const leave = (): void => reject(this.#gaveUp(signal));
    signal.addEventListener('abort', leave, { once: true });
    asked.waiting++;
    try {
      return await Promise.race([asked.answer, left]);
    } finally {
      signal.removeEventListener('abort', leave);
      if (--asked.waiting === 0 && asked.until === undefined) {
        asked.stop.abort();
        if (this.#asked === asked) this.#asked = undefined;
      }
    }
  }

  async countTokens(request: ChatRequest, signal: AbortSignal): Promise<number> {
    return countedBy(this.#provider, request, signal);
  }

  async embed(model: string, texts: readonly string[], signal: AbortSignal): Promise<Embeddings> {
    return embeddedBy(this.#provider, model, texts, signal);
  }

  stream(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent> {
    return this.#provider.stream(request, signal);
  }

  /** The next question is asked anew: the key, the server or its models have changed. */
  forget(): void {
    this.#asked = undefined;
  }

  #current(): Asked | undefined {
    const until = this.#asked?.until;
    return until === undefined || this.#surroundings.clock() < until ? this.#asked : undefined;
  }

  #ask(): Asked {
    const stop = new AbortController();
    const asked: Asked = { answer: this.#list(stop.signal), stop, waiting: 0 };
    const counts = (ms: number) => (): void => void (asked.until = this.#surroundings.clock() + ms);
    asked.answer.then(counts(this.#surroundings.freshMs), counts(failedMs));
    this.#asked = asked;
    return asked;
  }

  async #list(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    const models = await this.#provider.models(signal);
    return Promise.all(
      models.map(async (info) => {
        if (info.contextWindow !== undefined && info.maxOutputTokens !== undefined) return info;
        // What the provider says itself wins.
        return { ...(await this.#surroundings.limitsOf(info.id)), ...info };
      }),
    );
  }

  #gaveUp({ reason }: AbortSignal): LlmError {
    if (!(reason instanceof DOMException) || reason.name !== 'TimeoutError') return cancelledError();
    return new LlmError('network', `${this.name} did not list its models in time. Refresh to ask again.`);
  }
}
