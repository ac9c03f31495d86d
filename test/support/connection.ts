import type { Connection } from '../../src/providers/connection.ts';

/** A connection to a server on loopback, with short timeouts and a key to look out for. */
export function testConnection(url: string, overrides: Partial<Connection> = {}): Connection {
  return {
    id: 'test',
    name: 'Test service',
    baseUrl: url,
    key: () => Promise.resolve(testKey),
    needsKey: true,
    headers: {},
    timeouts: () => ({ connectMs: 2000, firstTokenMs: 2000, silenceMs: 2000 }),
    fetch: globalThis.fetch,
    log: () => undefined,
    ...overrides,
  };
}

export const testKey = 'sk-very-secret-1234567890';
