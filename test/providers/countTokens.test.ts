/** The counting endpoints: what is sent, what is answered, and what goes wrong. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type ChatRequest, textMessage } from '../../src/core/chat.ts';
import { LlmError } from '../../src/core/errors.ts';
import { countedBy, type Provider } from '../../src/core/provider.ts';
import { Anthropic } from '../../src/providers/anthropic/anthropic.ts';
import { Compatible } from '../../src/providers/compatible/compatible.ts';
import { presets } from '../../src/providers/compatible/presets.ts';
import type { Connection } from '../../src/providers/connection.ts';
import { Gemini } from '../../src/providers/gemini/gemini.ts';
import { OpenAi } from '../../src/providers/openai/openai.ts';
import { testConnection, testKey } from '../support/connection.ts';
import { recorded } from '../support/recorded.ts';
import { type Reply, ReplayServer } from '../support/replayServer.ts';

const json = { 'content-type': 'application/json' };
const always = new AbortController().signal;

const asked: ChatRequest = {
  model: 'any',
  messages: [textMessage('system', 'Be short.'), textMessage('user', 'Hi')],
  settings: { temperature: 0.3, maxOutputTokens: 50 },
  tools: [{ name: 'now', parameters: { type: 'object', properties: {} } }],
};

const services: readonly {
  readonly name: string;
  readonly make: (connection: Connection) => Provider;
  readonly model: string;
  readonly path: string;
  readonly answer: object;
  readonly sent: object;
}[] = [
  {
    name: 'Anthropic',
    make: (connection) => new Anthropic(connection),
    model: 'claude-sonnet-4-5',
    path: '/v1/messages/count_tokens',
    answer: { input_tokens: 42 },
    sent: {
      model: 'claude-sonnet-4-5',
      system: 'Be short.',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      tools: [{ name: 'now', input_schema: { type: 'object', properties: {} } }],
    },
  },
  {
    name: 'OpenAI',
    make: (connection) => new OpenAi(connection),
    model: 'gpt-5',
    path: '/responses/input_tokens',
    answer: { object: 'response.input_tokens', input_tokens: 42 },
    sent: {
      model: 'gpt-5',
      input: [
        { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'Be short.' }] },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
      ],
      tools: [
        { type: 'function', name: 'now', parameters: { type: 'object', properties: {} }, strict: false },
      ],
    },
  },
  {
    name: 'Gemini',
    make: (connection) => new Gemini(connection),
    model: 'gemini-2.5-flash',
    path: '/v1beta/models/gemini-2.5-flash:countTokens',
    answer: { totalTokens: 42 },
    sent: {
      generateContentRequest: {
        model: 'models/gemini-2.5-flash',
        contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
        systemInstruction: { parts: [{ text: 'Be short.' }] },
        tools: [
          {
            functionDeclarations: [{ name: 'now', parametersJsonSchema: { type: 'object', properties: {} } }],
          },
        ],
      },
    },
  },
];

for (const { name, make, model, path, answer, sent } of services) {
  describe(`${name} counts`, () => {
    const count = async (reply: Reply, signal = always) => {
      await using server = await ReplayServer.start(reply);
      const counted = countedBy(make(testConnection(server.url)), { ...asked, model }, signal);
      const outcome = await counted.catch((error: unknown) => error);
      return { outcome, received: server.received };
    };

    test('the whole input, and is sent nothing else', async () => {
      const { outcome, received } = await count({ headers: json, body: JSON.stringify(answer) });
      assert.equal(outcome, 42);
      assert.deepEqual([received.length, received[0]?.method, received[0]?.path], [1, 'POST', path]);
      assert.deepEqual(received[0]?.body, sent);
      assert.ok(JSON.stringify(received[0].headers).includes(testKey));
    });

    test('not with a key that is refused, which is not told', async () => {
      const { outcome } = await count({
        status: 401,
        headers: json,
        body: JSON.stringify({ error: { message: testKey } }),
      });
      assert.ok(outcome instanceof LlmError && outcome.kind === 'auth', String(outcome));
      assert.ok(!outcome.message.includes(testKey));
    });

    test('nothing where the answer has no number', async () => {
      const { outcome } = await count({ headers: json, body: '{}' });
      assert.ok(outcome instanceof LlmError && outcome.kind === 'provider', String(outcome));
      assert.match(outcome.message, /without a number of tokens/);
    });

    test('no longer than the user wants', async () => {
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 50);
      const { outcome } = await count({ silent: true }, stop.signal);
      assert.ok(outcome instanceof LlmError && outcome.kind === 'cancelled', String(outcome));
    });
  });
}

test('a recorded count is read as it was answered', async () => {
  const name = 'anthropic-messages/count-tokens';
  const request = JSON.parse(
    readFileSync(join(import.meta.dirname, '../fixtures/wire', name, 'request.json'), 'utf8'),
  ) as { messages: { content: string }[] };
  await using server = await ReplayServer.start(recorded(name));
  const provider = new Anthropic(testConnection(server.url), 'x-api-key');
  const messages = request.messages.map(({ content }) => textMessage('user', content));
  assert.equal(await provider.countTokens({ model: 'scripted-1m', messages, settings: {} }, always), 19);
});

test('a service without such an endpoint is not asked', async () => {
  await using server = await ReplayServer.start({ headers: json, body: '{}' });
  const provider = new Compatible(testConnection(server.url), presets['openai-compatible']);
  await assert.rejects(countedBy(provider, asked, always), {
    kind: 'bad-request',
    message: /does not count tokens without answering/,
  });
  assert.equal(server.received.length, 0);
});
