/** The endpoints that make embeddings: what is sent, what is answered, and what goes wrong. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LlmError } from '../../src/core/errors.ts';
import { embeddedBy, type Provider } from '../../src/core/provider.ts';
import { Anthropic } from '../../src/providers/anthropic/anthropic.ts';
import { Compatible } from '../../src/providers/compatible/compatible.ts';
import { presets } from '../../src/providers/compatible/presets.ts';
import type { Connection } from '../../src/providers/connection.ts';
import { Ollama } from '../../src/providers/ollama/ollama.ts';
import { OpenAi } from '../../src/providers/openai/openai.ts';
import { testConnection } from '../support/connection.ts';
import { type Reply, ReplayServer } from '../support/replayServer.ts';

const json = { 'content-type': 'application/json' };
const always = new AbortController().signal;
const vectors = [
  [1, 0],
  [0.6, 0.8],
];

const asOpenAi = {
  path: '/embeddings',
  answer: { data: vectors.map((embedding, index) => ({ object: 'embedding', index, embedding })) },
  sent: { model: 'embed', input: ['a', 'b'], encoding_format: 'float' },
};

const services: readonly {
  readonly name: string;
  readonly make: (connection: Connection) => Provider;
  readonly path: string;
  readonly answer: object;
  readonly sent: object;
}[] = [
  { name: 'OpenAI', make: (connection) => new OpenAi(connection), ...asOpenAi },
  {
    name: 'A compatible server',
    make: (connection) => new Compatible(connection, presets['openai-compatible']),
    ...asOpenAi,
  },
  {
    name: 'Ollama',
    make: (connection) => new Ollama(connection),
    path: '/api/embed',
    answer: { embeddings: vectors },
    sent: { model: 'embed', input: ['a', 'b'] },
  },
];

for (const { name, make, path, answer, sent } of services) {
  describe(`${name} makes embeddings`, () => {
    const embed = async (reply: Reply, texts = ['a', '', 'b'], signal = always) => {
      await using server = await ReplayServer.start(reply);
      const made = embeddedBy(make(testConnection(server.url)), 'embed', texts, signal);
      const outcome = await made.catch((error: unknown) => error);
      return { outcome, received: server.received };
    };

    test('of all texts in one call, and is not asked about empty ones', async () => {
      const { outcome, received } = await embed({ headers: json, body: JSON.stringify(answer) });
      assert.deepEqual(outcome, { vectors: [vectors[0], [], vectors[1]], cut: [] });
      assert.deepEqual([received.length, received[0]?.method, received[0]?.path], [1, 'POST', path]);
      assert.deepEqual(received[0]?.body, sent);
    });

    test('but not with fewer vectors than texts', async () => {
      const { outcome } = await embed({ headers: json, body: JSON.stringify(answer) }, ['a', 'b', 'c']);
      assert.ok(outcome instanceof LlmError && outcome.kind === 'provider', String(outcome));
      assert.match(outcome.message, /without a vector for each text/);
    });

    test('and of nothing without asking', async () => {
      const { outcome, received } = await embed({ headers: json, body: '{}' }, ['', ' ']);
      assert.deepEqual(outcome, { vectors: [[], []], cut: [] });
      assert.equal(received.length, 0);
    });

    test('no longer than the user wants', async () => {
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 50);
      const { outcome } = await embed({ silent: true }, ['a'], stop.signal);
      assert.ok(outcome instanceof LlmError && outcome.kind === 'cancelled', String(outcome));
    });
  });
}

test('a service without such an endpoint is not asked', async () => {
  await using server = await ReplayServer.start({ headers: json, body: '{}' });
  await assert.rejects(embeddedBy(new Anthropic(testConnection(server.url)), 'embed', ['a'], always), {
    kind: 'bad-request',
    message: /makes no embeddings/,
  });
  assert.equal(server.received.length, 0);
});
