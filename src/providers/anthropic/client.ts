import type { Anthropic } from '@anthropic-ai/sdk';
import type { GenerationSettings } from '../../core/chat.ts';
import { baseUrlOf, type Connection } from '../connection.ts';
import type { ServiceCall } from '../serviceCall.ts';

/** Anthropic itself takes a bearer token now; servers that speak its protocol want `x-api-key`. */
export type KeyHeader = 'authorization' | 'x-api-key';

/** The SDK's client for one call. Retries, timeouts and errors are ours, and nothing is read from the environment. */
export async function anthropicClient(
  connection: Connection,
  { key, fetch }: ServiceCall,
  keyHeader: KeyHeader,
): Promise<Anthropic> {
  const { Anthropic } = await import('@anthropic-ai/sdk');
  return new Anthropic({
    baseURL: baseUrlOf(connection),
    apiKey: key ?? 'none',
    authToken: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: longestCallMs,
    fetch,
    defaultHeaders: {
      ...(keyHeader === 'x-api-key' || key === undefined ? { authorization: null } : {}),
      ...(keyHeader === 'x-api-key' && key !== undefined ? { 'x-api-key': key } : {}),
      ...connection.headers,
    },
  });
}

/**
 * The version of the API for a call. The SDK's own has no sampler settings, so a request with one asks for the last
 * version that took them.
 */
export function versionHeaders({ temperature, topP, topK }: GenerationSettings): Record<string, string> {
  const samples = temperature !== undefined || topP !== undefined || topK !== undefined;
  return samples ? { 'anthropic-version': '2023-06-01' } : {};
}

/** Beyond every timeout of ours, so that the SDK's never strikes first. */
const longestCallMs = 24 * 60 * 60 * 1000;
