import type { ChatEvent, ChatRequest } from '../core/chat.ts';
import { countedBy, embeddedBy, type Embeddings, type ModelInfo, type Provider } from '../core/provider.ts';

/** A provider whose adapter is loaded at its first call; until then it is a name. */
export class LazyProvider implements Provider {
  readonly id: string;
  readonly name: string;
  readonly #load: () => Promise<Provider>;
  #loaded: Promise<Provider> | undefined;

  constructor({ id, name }: Pick<Provider, 'id' | 'name'>, load: () => Promise<Provider>) {
    this.id = id;
    this.name = name;
    this.#load = load;
  }

  async models(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    return (await this.#provider()).models(signal);
  }

  async countTokens(request: ChatRequest, signal: AbortSignal): Promise<number> {
    return countedBy(await this.#provider(), request, signal);
  }

  async embed(model: string, texts: readonly string[], signal: AbortSignal): Promise<Embeddings> {
    return embeddedBy(await this.#provider(), model, texts, signal);
  }

  /** Passes the adapter's own iterator on: a generator around it would cost time with every event. */
  stream(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent> {
    return {
      [Symbol.asyncIterator]: () => {
        let events: AsyncIterator<ChatEvent> | undefined;
        return {
          next: async () => {
            events ??= (await this.#provider()).stream(request, signal)[Symbol.asyncIterator]();
            return events.next();
          },
          return: async () => {
            await events?.return?.();
            return { done: true, value: undefined };
          },
        };
      },
    };
  }

  #provider(): Promise<Provider> {
    return (this.#loaded ??= this.#load());
  }
}
