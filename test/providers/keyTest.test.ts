import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connectionOf, type Endpoint } from '../../src/providers/providers.ts';
import { type KeyTest, testedKey } from '../../src/providers/keyTest.ts';
import { testConnection, testKey } from '../support/connection.ts';
import { type Received, type Reply, ReplayServer } from '../support/replayServer.ts';

const list: Reply = {
  headers: { 'content-type': 'application/json' },
  body: '{"data":[{"id":"one"},{"id":"two"}]}',
};
const refusal: Reply = { status: 401, body: '{"error":{"message":"No."}}' };
const isRight = ({ headers }: Received): boolean => headers.authorization === `Bearer ${testKey}`;

async function tested(
  endpoint: Endpoint,
  reply: (request: Received) => Reply,
  key: string | undefined = testKey,
): Promise<KeyTest> {
  await using server = await ReplayServer.start(reply);
  const at = { ...endpoint, baseUrl: server.url };
  const { timeouts, fetch, log } = testConnection('');
  const keyOf = (): Promise<string | undefined> => Promise.resolve(key);
  return await testedKey(at, connectionOf(at, { timeouts, fetch, log, keyOf }), AbortSignal.timeout(5000));
}

describe('a test of a key', () => {
  test('believes a list only where it is refused to what is no key', async () => {
    const guarded = (request: Received): Reply => (isRight(request) ? list : refusal);
    assert.deepEqual(await tested({ id: 'groq' }, guarded), { models: 2, key: 'accepted' });
    assert.deepEqual(await tested({ id: 'mine' }, () => list), { models: 2, key: 'untested' });
  });

  test('of OpenRouter, whose list is public, asks about the key itself', async () => {
    const reply = (request: Received): Reply =>
      request.path === '/key' ? (isRight(request) ? { body: '{}' } : refusal) : list;
    assert.deepEqual(await tested({ id: 'openrouter' }, reply), { models: 2, key: 'accepted' });
    await assert.rejects(tested({ id: 'openrouter' }, reply, 'sk-wrong-key'), { kind: 'auth' });
  });

  test('of a server without one says that it needs none', async () => {
    await using server = await ReplayServer.start(list);
    const at = { id: 'vllm', baseUrl: server.url };
    const { timeouts, fetch, log } = testConnection('');
    const connection = connectionOf(at, { timeouts, fetch, log, keyOf: () => Promise.resolve(undefined) });
    assert.deepEqual(await testedKey(at, connection, AbortSignal.timeout(5000)), { models: 2, key: 'none' });
    assert.equal(server.received.length, 1);
  });
});
