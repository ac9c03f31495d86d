import { type Disposable, EventEmitter, workspace } from 'vscode';
import { Limited } from '../core/limits.ts';
import type { Provider } from '../core/provider.ts';
import { nodeSurroundings } from '../node/surroundings.ts';
import type { Connection } from '../providers/connection.ts';
import {
  connectionOf,
  type Endpoint,
  providerOf,
  type ProviderSurroundings,
  services,
} from '../providers/providers.ts';
import { readEndpointSettings } from './endpointSettings.ts';
import { editorModelsId } from './languageModels/editorModels.ts';
import type { Keys } from './secrets.ts';

/** A provider, and how it came to be here. */
export interface CatalogEntry {
  readonly provider: Provider;
  /**
   * - `built-in` the local runtime and the editor's own models
   * - `server` a server that listens on this machine if it runs
   * - `service` one that is reached with a key
   */
  readonly kind: 'built-in' | 'server' | 'service';
  /** Whether the user's settings name it. */
  readonly isConfigured: boolean;
  /** How it is reached; absent for built-in ones. */
  readonly connection?: Connection;
  /** Whether it is Ollama, whose models can be pulled and unloaded. */
  readonly isOllama?: boolean;
}

/** All providers of this window: the built-in ones, the known services and servers, and those of the settings. */
export class ProviderCatalog implements Disposable {
  readonly #builtIn: readonly Provider[];
  readonly #surroundings: Omit<ProviderSurroundings, 'timeouts'>;
  readonly #keys: Keys;
  readonly #changed = new EventEmitter<void>();
  readonly #registrations: readonly Disposable[];
  #entries: readonly CatalogEntry[];
  #timeouts: ReturnType<ProviderSurroundings['timeouts']>;

  /** The settings or a key changed, and with them perhaps everything here. */
  readonly onDidChange = this.#changed.event;

  constructor(
    builtIn: readonly Provider[],
    keys: Keys,
    surroundings: Pick<ProviderSurroundings, 'fetch' | 'log'>,
  ) {
    this.#builtIn = builtIn;
    this.#keys = keys;
    this.#surroundings = { ...surroundings, keyOf: (id) => keys.get(id) };
    const settings = readEndpointSettings();
    this.#timeouts = settings.timeouts;
    this.#entries = this.#entriesOf(settings);
    this.#registrations = [
      keys.onDidChange(() => this.#changed.fire()),
      workspace.onDidChangeConfiguration((change) => {
        if (!settingNames.some((name) => change.affectsConfiguration(`llmPlayground.${name}`))) return;
        const changed = readEndpointSettings();
        this.#timeouts = changed.timeouts;
        this.#entries = this.#entriesOf(changed);
        this.#changed.fire();
      }),
    ];
  }

  get entries(): readonly CatalogEntry[] {
    return this.#entries;
  }

  get providers(): readonly Provider[] {
    return this.#entries.map(({ provider }) => provider);
  }

  /**
   * Those that can be called as they are, without asking the user for anything or looking for servers that may not run:
   * the local runtime, those of the settings, and services with a key. Never the editor's own models: to list them the
   * editor asks us for ours, and would wait for itself.
   */
  async callable(): Promise<readonly Provider[]> {
    const isCallable = await Promise.all(
      this.#entries.map(async ({ provider, kind, isConfigured }) => {
        if (kind === 'built-in') return provider.id !== editorModelsId;
        return isConfigured || (kind === 'service' && (await this.#keys.sourceOf(provider.id)) !== undefined);
      }),
    );
    return this.providers.filter((_, index) => isCallable[index]);
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
    this.#changed.dispose();
  }

  #entriesOf({ endpoints, limits, problems }: ReturnType<typeof readEndpointSettings>): CatalogEntry[] {
    for (const problem of problems) this.#surroundings.log(problem);
    const entryOf = (endpoint: Endpoint, isConfigured: boolean): CatalogEntry => {
      const connection = connectionOf(endpoint, { ...this.#surroundings, timeouts: () => this.#timeouts });
      const provider = providerOf(endpoint, connection);
      const limit = limits[endpoint.id];
      return {
        provider: limit ? new Limited(provider, limit, limitSurroundings) : provider,
        kind: connection.needsKey ? 'service' : 'server',
        isConfigured,
        connection,
        isOllama: (endpoint.preset ?? endpoint.id) === 'ollama',
      };
    };
    const named = new Set(endpoints.map(({ id }) => id));
    const known = Object.entries(services).filter(
      ([id, { baseUrl }]) => baseUrl !== undefined && !named.has(id),
    );
    return [
      ...this.#builtIn.map((provider) => ({ provider, kind: 'built-in' as const, isConfigured: false })),
      ...endpoints.map((endpoint) => entryOf(endpoint, true)),
      ...known.map(([id]) => entryOf({ id }, false)),
    ];
  }
}

const settingNames = ['endpoints', 'timeouts', 'limits'] as const;

const limitSurroundings = { clock: nodeSurroundings.clock, sleep: nodeSurroundings.retry.sleep };
