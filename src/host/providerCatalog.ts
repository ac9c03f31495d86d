import { type Disposable, EventEmitter, workspace } from 'vscode';
import { Limited } from '../core/limits.ts';
import { Listed } from '../core/listed.ts';
import type { ModelLimits, Provider } from '../core/provider.ts';
import { isLoopback } from '../node/loopback.ts';
import { nodeSurroundings } from '../node/surroundings.ts';
import type { Connection } from '../providers/connection.ts';
import type { KeyTest } from '../providers/keyTest.ts';
import type { Ollama } from '../providers/ollama/ollama.ts';
import {
  connectionOf,
  type Endpoint,
  providerOf,
  type ProviderSurroundings,
  services,
} from '../providers/providers.ts';
import { endpointSettingNames, readEndpointSettings } from './endpointSettings.ts';
import { editorModelsId } from './languageModels/editorModels.ts';
import type { Keys } from './secrets.ts';

/** A provider, and how it came to be here. */
export interface CatalogEntry {
  readonly provider: Provider;
  /** Takes back what the provider has listed, so that the next question is asked anew. */
  readonly forgetModels: () => void;
  /**
   * - `built-in` the local runtime and the editor's own models
   * - `server` a server that listens on this machine if it runs
   * - `service` one that is reached with a key
   */
  readonly kind: 'built-in' | 'server' | 'service';
  /** Whether the user's settings name it. */
  readonly isConfigured: boolean;
  /** Which service or server it is, such as `ollama`, whatever its id; absent for built-in ones. */
  readonly service?: string;
  /** How it is reached; absent for built-in ones. */
  readonly connection?: Connection;
  /** Tests its key; absent for built-in ones. */
  readonly testKey?: (signal: AbortSignal) => Promise<KeyTest>;
  /** Ollama with what it has beyond other providers, such as pulling models; absent for every other one. */
  readonly ollama?: () => Promise<Ollama>;
}

/** What a catalog needs of the world. */
export interface CatalogSurroundings extends Pick<ProviderSurroundings, 'fetch' | 'log'> {
  /** How long the texts of `service/model` may be, for what a service's own list leaves out. */
  readonly limitsOf: (modelId: string) => Promise<ModelLimits>;
}

/** All providers of this window: the built-in ones, the known services and servers, and those of the settings. */
export class ProviderCatalog implements Disposable {
  readonly #builtIn: readonly CatalogEntry[];
  readonly #surroundings: Omit<ProviderSurroundings, 'timeouts'>;
  readonly #limitsOf: CatalogSurroundings['limitsOf'];
  readonly #keys: Keys;
  readonly #changed = new EventEmitter<void>();
  readonly #registrations: readonly Disposable[];
  #entries: readonly CatalogEntry[];
  #timeouts: ReturnType<ProviderSurroundings['timeouts']>;

  /** The settings or a key changed, and with them perhaps everything here. */
  readonly onDidChange = this.#changed.event;

  constructor(builtIn: readonly Provider[], keys: Keys, { limitsOf, ...surroundings }: CatalogSurroundings) {
    this.#keys = keys;
    this.#limitsOf = limitsOf;
    this.#builtIn = builtIn.map((each) => {
      const provider = this.#listed(each, each.id, nearFreshMs);
      return { provider, forgetModels: () => provider.forget(), kind: 'built-in', isConfigured: false };
    });
    this.#surroundings = { ...surroundings, keyOf: (id) => keys.get(id) };
    const settings = readEndpointSettings();
    this.#timeouts = settings.timeouts;
    this.#entries = this.#entriesOf(settings);
    this.#registrations = [
      keys.onDidChange((id) => {
        this.forgetModels(id);
        this.#changed.fire();
      }),
      workspace.onDidChangeConfiguration((change) => {
        if (!endpointSettingNames.some((name) => change.affectsConfiguration(name))) return;
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

  /** The provider of that id, the part of a model id before the slash. */
  entryOf(providerId: string): CatalogEntry | undefined {
    return this.#entries.find(({ provider }) => provider.id === providerId);
  }

  get providers(): readonly Provider[] {
    return this.#entries.map(({ provider }) => provider);
  }

  /** Takes back what one of them has listed, or all. */
  forgetModels(providerId?: string): void {
    for (const { provider, forgetModels } of this.#entries)
      if (providerId === undefined || provider.id === providerId) forgetModels();
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

  /** Where the Ollama of this id runs: on this machine or on another; `undefined` for whatever is no Ollama. */
  ollamaAt(providerId: string): 'here' | 'elsewhere' | undefined {
    const entry = this.#entries.find(({ provider }) => provider.id === providerId);
    if (!entry?.ollama || !entry.connection) return undefined;
    return isLoopback(entry.connection.baseUrl) ? 'here' : 'elsewhere';
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
    this.#changed.dispose();
  }

  #listed(provider: Provider, service: string, freshMs: number): Listed {
    const limitsOf = (model: string): Promise<ModelLimits> => this.#limitsOf(`${service}/${model}`);
    return new Listed(provider, { limitsOf, clock: nodeSurroundings.clock, freshMs });
  }

  #entriesOf({ endpoints, limits, problems }: ReturnType<typeof readEndpointSettings>): CatalogEntry[] {
    for (const problem of problems) this.#surroundings.log(problem);
    const entryOf = (endpoint: Endpoint, isConfigured: boolean): CatalogEntry => {
      const connection = connectionOf(endpoint, { ...this.#surroundings, timeouts: () => this.#timeouts });
      const made = providerOf(endpoint, connection);
      const limit = limits[endpoint.id];
      const service = endpoint.preset ?? endpoint.id;
      const limited = limit ? new Limited(made, limit, limitSurroundings) : made;
      const provider = this.#listed(limited, service, remoteFreshMs);
      return {
        provider,
        forgetModels: () => provider.forget(),
        kind: connection.needsKey ? 'service' : 'server',
        isConfigured,
        service,
        connection,
        testKey: async (signal) =>
          (await import('../providers/keyTest.ts')).testedKey(endpoint, connection, signal),
        ...(service === 'ollama' ? { ollama: ollamaAt(connection) } : {}),
      };
    };
    const named = new Set(endpoints.map(({ id }) => id));
    const known = Object.entries(services).filter(
      ([id, { baseUrl }]) => baseUrl !== undefined && !named.has(id),
    );
    return [
      ...this.#builtIn,
      ...endpoints.map((endpoint) => entryOf(endpoint, true)),
      ...known.map(([id]) => entryOf({ id }, false)),
    ];
  }
}

/** An Ollama of its own, because a provider may be wrapped; loaded when it is first asked for. */
function ollamaAt(connection: Connection): () => Promise<Ollama> {
  let made: Promise<Ollama> | undefined;
  return () =>
    (made ??= import('../providers/ollama/ollama.ts').then((module) => new module.Ollama(connection)));
}

/** How long the list of a service or server counts, and of what is on this machine, where a new file shows up soon; in ms. */
const [remoteFreshMs, nearFreshMs] = [5 * 60_000, 10_000];

const limitSurroundings = { clock: nodeSurroundings.clock, sleep: nodeSurroundings.retry.sleep };
