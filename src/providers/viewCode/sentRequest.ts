import type { ChatRequest, Warning } from '../../core/chat.ts';
import { LlmError } from '../../core/errors.ts';
import { connectionOf, type Endpoint, providerOf, serviceOf } from '../providers.ts';
import { envMark } from './marked.ts';

/** The interfaces of services that requests are sent to. */
export type Api = 'chat' | 'responses' | 'messages' | 'gemini' | 'ollama';

/** What a run would send, as its adapter made it. Keys are marks of environment variables. */
export interface SentRequest {
  readonly api: Api;
  readonly url: string;
  /** Where the service's API begins, without a slash at its end. */
  readonly baseUrl: string;
  /** Those that the service reads, by small names, in the order in which they are shown. */
  readonly headers: ReadonlyMap<string, string>;
  /** The names of `headers` that the user's settings give. */
  readonly ownHeaders: readonly string[];
  /** The environment variable that holds the key; absent where none is sent. */
  readonly keyVariable?: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What the model does not take, and was left out. */
  readonly warnings: readonly Warning[];
}

/**
 * The request that a run sends, without sending it: the adapter runs with a `fetch` that keeps the request and answers
 * with the first piece of an answer, which brings its warnings.
 * @param hasKey whether a key is sent to a service that can do without.
 * @throws LlmError `bad-request` when the request cannot be made, as for an endpoint without an address.
 */
export async function sentRequestOf(
  asked: ChatRequest,
  endpoint: Endpoint,
  hasKey: boolean = endpoint.needsKey ?? serviceOf(endpoint).needsKey,
): Promise<SentRequest> {
  const keyVariable = serviceOf(endpoint).keyVariables[0] ?? `${variableName(endpoint.id)}_API_KEY`;
  const { clean, warnings: addressWarnings } = withoutCredentials(endpoint);
  const headers = Object.fromEntries(
    Object.entries(endpoint.headers ?? {}).map(([name, value]) => [
      name,
      isSecret(name) ? envMark(variableName(name)) : value,
    ]),
  );
  let kept: { readonly url: string; readonly headers: Headers; readonly body: string } | undefined;
  const connection = connectionOf(
    { ...clean, headers },
    {
      keyOf: () => Promise.resolve(hasKey ? envMark(keyVariable) : undefined),
      timeouts: () => ({ connectMs: 0, firstTokenMs: 0, silenceMs: 0 }),
      log: () => undefined,
      fetch: (input, init) => {
        const url = input instanceof Request ? input.url : String(input);
        if (url.endsWith('/api/show')) return Promise.resolve(Response.json(anyModel(asked.model)));
        kept = {
          url,
          headers: new Headers(init?.headers),
          body: typeof init?.body === 'string' ? init.body : '{}',
        };
        const { type, text } = firstPieces[apiOf(url)];
        return Promise.resolve(new Response(text, { headers: { 'content-type': type } }));
      },
    },
  );
  const warnings: Warning[] = [...addressWarnings];
  for await (const event of providerOf(clean, connection).stream(asked, new AbortController().signal)) {
    if (event.type === 'start') warnings.push(...event.warnings);
    break;
  }
  if (!kept) throw new LlmError('provider', 'The request was not made.', { retryable: false });
  const { url, headers: sent, body } = kept;
  const ownHeaders = Object.keys(headers).map((name) => name.toLowerCase());
  const shown = [...readHeaders, ...ownHeaders].flatMap((name): [string, string][] => {
    const value = sent.get(name);
    return value === null ? [] : [[name, value]];
  });
  return {
    api: apiOf(url),
    url,
    baseUrl: connection.baseUrl.replace(/\/+$/, ''),
    headers: new Map(shown),
    ownHeaders,
    ...(hasKey ? { keyVariable } : {}),
    body: JSON.parse(body) as Record<string, unknown>,
    warnings,
  };
}

/** The headers that services read; what an SDK says of itself is left out. */
const readHeaders = [
  'content-type',
  'authorization',
  'api-key',
  'x-api-key',
  'x-goog-api-key',
  'anthropic-version',
] as const;

/** The least that makes an adapter say `start`. */
const firstPieces: { readonly [A in Api]: { readonly type: string; readonly text: string } } = {
  chat: event('{"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"."}}]}'),
  responses: event('{"type":"response.created","response":{"id":"1","model":"m"}}'),
  messages: event(
    '{"type":"message_start","message":{"id":"1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}',
  ),
  gemini: event(
    '{"responseId":"1","modelVersion":"m","candidates":[{"content":{"role":"model","parts":[{"text":"."}]}}]}',
  ),
  ollama: {
    type: 'application/x-ndjson',
    text: '{"model":"m","message":{"role":"assistant","content":"."},"done":false}\n',
  },
};

function event(data: string): { readonly type: string; readonly text: string } {
  const name = /"type":"([\w.]+)"/.exec(data)?.[1];
  return {
    type: 'text/event-stream',
    text: `${name === undefined ? '' : `event: ${name}\n`}data: ${data}\n\n`,
  };
}

function apiOf(url: string): Api {
  const { pathname } = new URL(url);
  if (pathname.endsWith('/chat/completions')) return 'chat';
  if (pathname.endsWith('/responses')) return 'responses';
  if (pathname.endsWith('/messages')) return 'messages';
  return pathname.endsWith('/api/chat') ? 'ollama' : 'gemini';
}

/** What Ollama is taken to say of the model: which one it is there is not asked for a view. */
function anyModel(model: string): unknown {
  const family = /^gpt-?oss/.test(model) ? 'gptoss' : '';
  return { capabilities: ['completion', 'tools', 'vision', 'thinking'], details: { family } };
}

function withoutCredentials(endpoint: Endpoint): {
  readonly clean: Endpoint;
  readonly warnings: readonly Warning[];
} {
  const { baseUrl } = endpoint;
  const url = baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url?.username && !url?.password && !url?.search) return { clean: endpoint, warnings: [] };
  url.username = url.password = url.search = '';
  const message = 'The address holds a password or a query, which is left out. Add it where the code runs.';
  return {
    clean: { ...endpoint, baseUrl: url.href.replace(/\/$/, '') },
    warnings: [{ subject: 'baseUrl', message }],
  };
}

function isSecret(header: string): boolean {
  return /auth|key|token|secret|password|cookie|credential/i.test(header);
}

function variableName(name: string): string {
  const written = name.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  return /^\d/.test(written) ? `_${written}` : written;
}
