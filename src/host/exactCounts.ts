import type { ChatRequest } from '../core/chat.ts';
import type { ServiceCount } from '../core/tokens/estimate.ts';

/** So many are remembered; the oldest goes first. */
const mostCounts = 200;

/** What services have counted in this window, by the very request: one that differs in a character is another. */
export class ExactCounts {
  readonly #counts = new Map<string, ServiceCount>();

  /** What the service said of a request for a model, `provider/model`; `undefined` where it was not asked. */
  of(modelId: string, request: ChatRequest): ServiceCount | undefined {
    // Most windows never ask: then no request is written out to look for it.
    return this.#counts.size === 0 ? undefined : this.#counts.get(keyOf(modelId, request));
  }

  remember(modelId: string, request: ChatRequest, count: ServiceCount): void {
    this.#counts.set(keyOf(modelId, request), count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > mostCounts && oldest !== undefined) this.#counts.delete(oldest);
  }
}

/** Settings of the sampler change no input. */
function keyOf(modelId: string, { messages, tools, responseFormat }: ChatRequest): string {
  return JSON.stringify([modelId, messages, tools, responseFormat]);
}
