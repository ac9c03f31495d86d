import type { OpenAI } from 'openai';
import { baseUrlOf, type Connection } from '../connection.ts';
import type { ServiceCall } from '../serviceCall.ts';

/** How a service takes its key. OpenAI and nearly all others take a bearer token, Azure an `api-key`. */
export type KeyHeader = 'authorization' | 'api-key';

/**
 * The SDK's client for one call. Retries, timeouts and errors are ours, and nothing is read from the environment,
 * where a variable meant for another program would send the key elsewhere.
 */
export async function openAiClient(
  connection: Connection,
  { key, fetch }: Pick<ServiceCall, 'key' | 'fetch'>,
  keyHeader: KeyHeader = 'authorization',
): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  return new OpenAI({
    baseURL: baseUrlOf(connection),
    // The SDK refuses to be made without one; a server that needs none gets no header.
    apiKey: key ?? 'none',
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: longestCallMs,
    fetch,
    defaultHeaders: {
      ...connection.headers,
      ...(keyHeader === 'api-key' && key !== undefined ? { 'api-key': key } : {}),
      ...(keyHeader === 'api-key' || (key === undefined && !namesAuthorization(connection.headers))
        ? { authorization: null }
        : {}),
    },
  });
}

function namesAuthorization(headers: Connection['headers']): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
}

/** Beyond every timeout of ours, so that the SDK's never strikes first. */
const longestCallMs = 24 * 60 * 60 * 1000;
