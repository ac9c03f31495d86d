import type { Provider } from '../core/provider.ts';
import { connectionOf, type Endpoint, providerOf, serviceOf, services } from '../providers/providers.ts';
import { UsageError } from './command.ts';
import { localRuntime } from './runtime.ts';

/** The options that say which providers there are. */
export const providerOptions = {
  threads: { type: 'string' },
  endpoint: { type: 'string', multiple: true, default: [] as string[] },
} as const;

export const providerUsage = '[--endpoint ID=URL]… [--threads N]';

export interface ProviderOptions {
  /** Threads of the local runtime; absent where the command line leaves it to the machine. */
  readonly threads?: string | undefined;
  /** `ID=URL`: a server that speaks Chat Completions, or a known service at another address. */
  readonly endpoint: readonly string[];
}

/**
 * Calls `action` with every provider: the local runtime, the known services, and the endpoints of the command line. Keys
 * are read from each service's own environment variable. The local runtime ends with the action.
 */
export async function withProviders<Result>(
  options: ProviderOptions,
  action: (providers: readonly Provider[]) => Promise<Result>,
): Promise<Result> {
  const endpoints = options.endpoint.map(endpointOf);
  const named = new Set(endpoints.map(({ id }) => id));
  const known = Object.entries(services)
    .filter(([id, { baseUrl }]) => baseUrl !== undefined && !named.has(id))
    .map(([id]) => ({ id }));
  const surroundings = {
    timeouts: () => ({ connectMs: 30_000, firstTokenMs: 300_000, silenceMs: 60_000 }),
    fetch: globalThis.fetch,
    log: (line: string) => {
      if (process.env['DEBUG']) console.error(line);
    },
    keyOf: (id: string) =>
      Promise.resolve(keyIn(process.env, endpoints.find((each) => each.id === id) ?? { id })),
  };
  const runtime = localRuntime(threadsOf(options.threads));
  try {
    return await action([
      runtime,
      ...[...endpoints, ...known].map((endpoint) =>
        providerOf(endpoint, connectionOf(endpoint, surroundings)),
      ),
    ]);
  } finally {
    await runtime.dispose();
  }
}

/** Whether a service can be called as the environment is: its key is set, or it needs none. */
export function isSetUp(providerId: string): boolean {
  const service = services[providerId];
  return !service?.needsKey || keyIn(process.env, { id: providerId }) !== undefined;
}

function keyIn(environment: NodeJS.ProcessEnv, endpoint: Endpoint): string | undefined {
  const variable = serviceOf(endpoint).keyVariables.find((name) => environment[name]);
  return variable === undefined ? undefined : environment[variable];
}

/**
 * The endpoint that `ID=URL` means.
 * @throws UsageError when it is not written so.
 */
export function endpointOf(text: string): Endpoint {
  const equals = text.indexOf('=');
  const [id, baseUrl] = [text.slice(0, Math.max(equals, 0)), text.slice(equals + 1)];
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(id) || !URL.canParse(baseUrl))
    throw new UsageError(`--endpoint ${text} is not ID=URL, such as mine=http://127.0.0.1:8000/v1.`);
  return { id, baseUrl };
}

function threadsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 1)
    throw new UsageError(`--threads ${text} is not a number of threads.`);
  return threads;
}
