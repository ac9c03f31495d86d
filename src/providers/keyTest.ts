import { LlmError } from '../core/errors.ts';
import { baseUrlOf, type Connection } from './connection.ts';
import { type Endpoint, providerOf, serviceOf } from './providers.ts';
import { answerFrom } from './serviceCall.ts';

/** What a test of a provider's key has found. */
export interface KeyTest {
  /** How many models it lists. */
  readonly models: number;
  /**
   * - `accepted` the key is right
   * - `untested` the provider answers, and would to any key
   * - `none` it answers without one
   */
  readonly key: 'accepted' | 'untested' | 'none';
}

/**
 * Tests a provider's key without a call that costs anything. A list of models that came says that the key is right only
 * where the list wants a key: many servers, and OpenRouter, show theirs to everybody. So it is asked for once more, with
 * something that is no key.
 * @throws LlmError of any kind; `auth` when the key is refused.
 */
export async function testedKey(
  endpoint: Endpoint,
  connection: Connection,
  signal: AbortSignal,
): Promise<KeyTest> {
  const { length: models } = await providerOf(endpoint, connection).models(signal);
  if ((await connection.key()) === undefined) return { models, key: 'none' };
  const { keyPath } = serviceOf(endpoint);
  if (keyPath !== undefined) {
    await answerFrom(connection, signal, ({ fetch, key = '', signal: ended }) =>
      fetch(baseUrlOf(connection) + keyPath, {
        headers: { ...connection.headers, authorization: `Bearer ${key}` },
        signal: ended,
      }),
    );
    return { models, key: 'accepted' };
  }
  return { models, key: (await wantsKey(endpoint, connection, signal)) ? 'accepted' : 'untested' };
}

async function wantsKey(endpoint: Endpoint, connection: Connection, signal: AbortSignal): Promise<boolean> {
  const keyless = { ...connection, key: () => Promise.resolve('not-a-key') };
  try {
    await providerOf(endpoint, keyless).models(signal);
    return false;
  } catch (error) {
    if (error instanceof LlmError && error.kind === 'cancelled') throw error;
    return error instanceof LlmError && error.kind === 'auth';
  }
}
