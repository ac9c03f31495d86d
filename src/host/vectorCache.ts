import type { Vector } from '../core/context/likeness.ts';
import { embeddedBy, type Provider, resolveModel } from '../core/provider.ts';

/** So many vectors are kept; a conversation has two for each of its turns at most. */
const mostKept = 4000;

/** The vectors of texts, each asked for once. */
export class VectorCache {
  readonly #providers: () => readonly Provider[];
  readonly #kept = new Map<string, Vector>();

  constructor(providers: () => readonly Provider[]) {
    this.#providers = providers;
  }

  /**
   * One vector for each text, in their order.
   * @param modelId `provider/model`
   * @throws LlmError of any kind.
   */
  async of(modelId: string, texts: readonly string[], signal: AbortSignal): Promise<readonly Vector[]> {
    const keyOf = (text: string): string => `${modelId}\n${text}`;
    const wanted = [...new Set(texts)].filter((text) => !this.#kept.has(keyOf(text)));
    const { provider, model } = resolveModel(this.#providers(), modelId);
    const { vectors } = await embeddedBy(provider, model, wanted, signal);
    const made = new Map(wanted.map((text, index) => [keyOf(text), vectors[index] ?? []]));
    const all = texts.map((text) => made.get(keyOf(text)) ?? this.#kept.get(keyOf(text)) ?? []);
    for (const [key, vector] of made) this.#kept.set(key, vector);
    for (const key of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(key);
    }
    return all;
  }
}
