import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Disposable } from 'vscode';
import { EventEmitter, type LogOutputChannel } from 'vscode';
import { messageOf } from '../../core/errors.ts';
import type { KnownProvider } from '../../core/prompt/knownModels.ts';
import type { ModelPrice } from '../../core/pricing.ts';
import type { ModelInfo, Provider } from '../../core/provider.ts';

/** How long a completion or a hover waits for those that have not answered yet, in ms; later ones have them. */
const patienceMs = 1000;

export interface ModelListSources {
  /** Every provider that a prompt can name. */
  readonly providers: () => readonly Provider[];
  /** Those of them that can be asked without a key that is missing, or a server that may not run. */
  readonly callable: () => Promise<readonly Provider[]>;
  /** What a `provider/model` costs, or `undefined` where that is not known. */
  readonly priceOf: (modelId: string) => Promise<ModelPrice | undefined>;
  readonly log: LogOutputChannel;
}

/** What the providers list, as it was told last: an underline cannot wait. How long an answer counts is theirs to say. */
export class ModelList implements Disposable {
  readonly #sources: ModelListSources;
  readonly #answers = new Map<string, readonly ModelInfo[]>();
  /** Since when those that have not answered yet are asked. */
  readonly #askedAt = new Map<string, number>();
  readonly #complaints = new Map<string, string>();
  readonly #changed = new EventEmitter<void>();
  readonly #stop = new AbortController();

  /** A provider has answered. */
  readonly onDidChange = this.#changed.event;

  constructor(sources: ModelListSources) {
    this.#sources = sources;
  }

  /** Every provider, with its models where it has answered. Asks nobody. */
  get known(): readonly KnownProvider[] {
    return this.#sources.providers().map(({ id }) => {
      const models = this.#answers.get(id);
      return models ? { id, models } : { id };
    });
  }

  /**
   * The models of all providers that can be asked, as `provider/model`. One that fails, or takes longer than a second,
   * has none this time.
   */
  async all(): Promise<ReadonlyMap<string, ModelInfo>> {
    const providers = await this.#sources.callable();
    const lists = await Promise.all(
      providers.map(async (provider) => {
        const answer = this.#ask(provider);
        const late = delay(patienceMs, this.#answers.get(provider.id) ?? [], { ref: false });
        return { id: provider.id, models: await Promise.race([answer, late]) };
      }),
    );
    return new Map(lists.flatMap(({ id, models }) => models.map((model) => [`${id}/${model.id}`, model])));
  }

  /**
   * What its provider says about a model, given as `provider/model`; `undefined` where it says nothing. A provider that has
   * not answered within a second of being asked is not waited for.
   */
  async infoOf(modelId: string): Promise<ModelInfo | undefined> {
    const slash = modelId.indexOf('/');
    const provider = this.#sources.providers().find(({ id }) => id === modelId.slice(0, slash));
    if (!provider) return undefined;
    const answer = this.#ask(provider);
    const patience = patienceMs - (Date.now() - (this.#askedAt.get(provider.id) ?? Date.now()));
    const late = delay(Math.max(0, patience), this.#answers.get(provider.id) ?? [], { ref: false });
    const models = await Promise.race([answer, late]);
    const name = modelId.slice(slash + 1);
    // Ollama lists `qwen3`, as people write it, with its tag.
    return models.find(({ id }) => id === name || id === `${name}:latest`);
  }

  priceOf(modelId: string): Promise<ModelPrice | undefined> {
    return this.#sources.priceOf(modelId);
  }

  /** Asks a provider for its models, if it can be asked; `onDidChange` tells of its answer. */
  async request(providerId: string): Promise<void> {
    const provider = (await this.#sources.callable()).find(({ id }) => id === providerId);
    if (provider) await this.#ask(provider);
  }

  /** Forgets every answer, because the providers have changed. */
  reset(): void {
    this.#complaints.clear();
    this.#answers.clear();
    this.#changed.fire();
  }

  dispose(): void {
    this.#stop.abort();
    this.#changed.dispose();
  }

  async #ask(provider: Provider): Promise<readonly ModelInfo[]> {
    this.#askedAt.set(provider.id, this.#askedAt.get(provider.id) ?? Date.now());
    try {
      const models = await provider.models(this.#stop.signal);
      const isNew = !isDeepStrictEqual(this.#answers.get(provider.id), models);
      this.#answers.set(provider.id, models);
      this.#complaints.delete(provider.id);
      if (isNew && !this.#stop.signal.aborted) this.#changed.fire();
      return models;
    } catch (error) {
      const complaint = `${provider.name} does not list its models: ${messageOf(error)}`;
      // It is asked again with every completion.
      if (this.#complaints.get(provider.id) !== complaint) this.#sources.log.info(complaint);
      this.#complaints.set(provider.id, complaint);
      return [];
    } finally {
      this.#askedAt.delete(provider.id);
    }
  }
}
