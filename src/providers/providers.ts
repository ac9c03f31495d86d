import type { ModelCapabilities, Provider } from '../core/provider.ts';
import { type Preset, presets } from './compatible/presets.ts';
import type { Connection } from './connection.ts';
import { LazyProvider } from './lazyProvider.ts';

/** A service or server as the user sets it up. What is absent comes from the service's own entry in {@link services}. */
export interface Endpoint {
  /** The word before the slash in model ids. */
  readonly id: string;
  /** Which service it is; absent when `id` names one. */
  readonly preset?: string;
  readonly name?: string;
  readonly baseUrl?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly needsKey?: boolean;
  /** What its models take, where the adapter is wrong about this server. */
  readonly capabilities?: Partial<ModelCapabilities>;
}

/** What is the same for every connection. */
export type ProviderSurroundings = Pick<Connection, 'timeouts' | 'fetch' | 'log'> & {
  readonly keyOf: (providerId: string) => Promise<string | undefined>;
};

/** What is known of a service before the user says anything about it. */
export interface Service {
  readonly name: string;
  readonly baseUrl?: string;
  readonly needsKey: boolean;
  /** Environment variables that hold its key, the first that is set wins. */
  readonly keyVariables: readonly string[];
  /** What of its API answers only to a right key, where its list of models answers to any. */
  readonly keyPath?: string;
}

interface Maker extends Service {
  /** Loads the adapter. */
  readonly make: (connection: Connection) => Promise<Provider>;
}

const own: Readonly<Record<string, Maker>> = {
  openai: {
    name: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    needsKey: true,
    keyVariables: ['OPENAI_API_KEY'],
    make: async (connection) => new (await import('./openai/openai.ts')).OpenAi(connection),
  },
  anthropic: {
    name: 'Anthropic',
    baseUrl: 'https://api.anthropic.com',
    needsKey: true,
    keyVariables: ['ANTHROPIC_API_KEY'],
    make: async (connection) => new (await import('./anthropic/anthropic.ts')).Anthropic(connection),
  },
  gemini: {
    name: 'Gemini',
    baseUrl: 'https://generativelanguage.googleapis.com',
    needsKey: true,
    keyVariables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    make: async (connection) => new (await import('./gemini/gemini.ts')).Gemini(connection),
  },
  ollama: {
    name: 'Ollama',
    baseUrl: 'http://127.0.0.1:11434',
    needsKey: false,
    keyVariables: ['OLLAMA_API_KEY'],
    make: async (connection) => new (await import('./ollama/ollama.ts')).Ollama(connection),
  },
};

const compatible: Readonly<Record<string, Maker>> = Object.fromEntries(
  Object.entries(presets).map(([id, preset]: [string, Preset]) => [
    id,
    {
      ...preset,
      keyVariables: preset.keyVariable === undefined ? [] : [preset.keyVariable],
      make: async (connection: Connection) =>
        preset.protocol === 'anthropic'
          ? new (await import('./anthropic/anthropic.ts')).Anthropic(connection, 'x-api-key')
          : new (await import('./compatible/compatible.ts')).Compatible(connection, preset),
    },
  ]),
);

const makers: Readonly<Record<string, Maker>> = { ...own, ...compatible };

/** Every service by its id, those with an SDK of their own first. */
export const services: Readonly<Record<string, Service>> = makers;

/** The service that an endpoint is. An id that names none is a server that speaks Chat Completions. */
export function serviceOf(endpoint: Pick<Endpoint, 'id' | 'preset'>): Service {
  return makerOf(endpoint);
}

/** How an endpoint is reached. */
export function connectionOf(endpoint: Endpoint, { keyOf, ...rest }: ProviderSurroundings): Connection {
  const service = makerOf(endpoint);
  return {
    ...rest,
    id: endpoint.id,
    name: endpoint.name ?? (Object.hasOwn(makers, endpoint.id) ? service.name : endpoint.id),
    baseUrl: endpoint.baseUrl ?? service.baseUrl ?? '',
    key: () => keyOf(endpoint.id),
    needsKey: endpoint.needsKey ?? service.needsKey,
    headers: endpoint.headers ?? {},
    ...(endpoint.capabilities ? { capabilities: endpoint.capabilities } : {}),
  };
}

/** The provider of an endpoint. Nothing is loaded or sent before its first call. */
export function providerOf(endpoint: Endpoint, connection: Connection): Provider {
  return new LazyProvider(connection, () => makerOf(endpoint).make(connection));
}

function makerOf({ id, preset = id }: Pick<Endpoint, 'id' | 'preset'>): Maker {
  const maker = Object.hasOwn(makers, preset) ? makers[preset] : undefined;
  return maker ?? (compatible['openai-compatible'] as Maker);
}
