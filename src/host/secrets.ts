import { type Disposable, EventEmitter, type SecretStorage } from 'vscode';

/** Where a key comes from; `undefined` when there is none. */
export type KeySource =
  { readonly type: 'stored' } | { readonly type: 'environment'; readonly variable: string } | undefined;

/**
 * The keys of the services: the only place that touches them. They live in the editor's secret storage, which is the
 * system's own keychain; a variable of the environment counts where nothing is stored.
 */
export class Keys implements Disposable {
  readonly #storage: SecretStorage;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #variablesOf: (providerId: string) => readonly string[];
  readonly #changed = new EventEmitter<string>();
  readonly #registration: Disposable;

  /** A key was set, replaced or cleared, here or in another window; tells the provider's id. */
  readonly onDidChange = this.#changed.event;

  /** @param variablesOf the environment variables that can hold a provider's key, the first that is set wins. */
  constructor(
    storage: SecretStorage,
    environment: Readonly<Record<string, string | undefined>>,
    variablesOf: (providerId: string) => readonly string[],
  ) {
    this.#storage = storage;
    this.#environment = environment;
    this.#variablesOf = variablesOf;
    this.#registration = storage.onDidChange(({ key }) => {
      if (key.startsWith(prefix)) this.#changed.fire(key.slice(prefix.length));
    });
  }

  /** The key for one call; whoever asks passes it to the service and keeps it nowhere. */
  async get(providerId: string): Promise<string | undefined> {
    const stored = await this.#storage.get(prefix + providerId);
    if (stored) return stored;
    const variable = this.#variableOf(providerId);
    return variable === undefined ? undefined : this.#environment[variable];
  }

  async sourceOf(providerId: string): Promise<KeySource> {
    if (await this.#storage.get(prefix + providerId)) return { type: 'stored' };
    const variable = this.#variableOf(providerId);
    return variable === undefined ? undefined : { type: 'environment', variable };
  }

  /** Stores a key, in place of the one before. White space around it, which pasting brings along, is cut off. */
  async set(providerId: string, key: string): Promise<void> {
    await this.#storage.store(prefix + providerId, key.trim());
  }

  async clear(providerId: string): Promise<void> {
    await this.#storage.delete(prefix + providerId);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }

  #variableOf(providerId: string): string | undefined {
    return this.#variablesOf(providerId).find((variable) => this.#environment[variable]);
  }
}

/** Under what the token for Hugging Face is kept, which is no provider but a place to download from. */
export const huggingFaceId = 'huggingface';

const prefix = 'llmPlayground.key.';
