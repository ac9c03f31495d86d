import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textMessage } from '../../src/core/chat.ts';
import type { Provider } from '../../src/core/provider.ts';
import type { Connection } from '../../src/providers/connection.ts';
import {
  connectionOf,
  type Endpoint,
  providerOf,
  serviceOf,
  type ProviderSurroundings,
} from '../../src/providers/providers.ts';
import { Compatible } from '../../src/providers/compatible/compatible.ts';
import { listedModels } from '../../src/providers/compatible/listedModels.ts';
import { presets } from '../../src/providers/compatible/presets.ts';
import { askedWith } from '../support/asked.ts';
import { testConnection, testKey } from '../support/connection.ts';
import { recorded } from '../support/recorded.ts';
import { ReplayServer } from '../support/replayServer.ts';
import { errorOf, textOfAnswer, warningsOf } from './contract.ts';
import { serviceContract } from './serviceContract.ts';

const chunk = (delta: object): string => `data: ${JSON.stringify({ model: 'm', choices: [{ delta }] })}\n\n`;

serviceContract('a compatible server', {
  make: (connection) => new Compatible({ ...connection, needsKey: true }, presets.groq),
  model: 'llama-3.3-70b',
  answer: recorded('openai-chat/text'),
  answerText: recorded('openai-chat/text')
    .text.split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => (JSON.parse(line.slice(6)) as { choices: { delta: { content?: string } }[] }).choices)
    .map(([choice]) => choice?.delta.content ?? '')
    .join(''),
  endless: {
    headers: { 'content-type': 'text/event-stream' },
    body: chunk({ content: 'Once' }),
    endless: chunk({ content: ' more' }),
  },
  failure: (message) => `data: ${JSON.stringify({ error: { message, code: 500 } })}\n\n`,
  said: (content) => chunk({ content }),
  end: 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
  unknown: 'data: {"object":"something.new"}\n\n',
  garbage: 'data: {"oops\n\n',
  notTaken: { subject: 'minP', settings: { minP: 0.1 } },
  overflow: {
    status: 400,
    body: '{"error":{"message":"This model\'s maximum context length is 8192 tokens."}}',
  },
});

const surroundings = {
  timeouts: testConnection('').timeouts,
  fetch: globalThis.fetch,
  log: () => undefined,
  keyOf: () => Promise.resolve(testKey),
};
const made = (endpoint: Endpoint, overrides: Partial<ProviderSurroundings> = {}): Provider =>
  providerOf(endpoint, connectionOf(endpoint, { ...surroundings, ...overrides }));
const hello = { model: 'm', messages: [textMessage('user', 'Hello')], settings: {} };

describe('an endpoint of the settings', () => {
  test('takes what it leaves open from its preset', () => {
    const { name, keyVariables } = serviceOf({ id: 'my-groq', preset: 'groq' });
    assert.deepEqual([name, keyVariables], ['Groq', ['GROQ_API_KEY']]);
    assert.equal(made({ id: 'my-groq', preset: 'groq' }).name, 'my-groq');
    assert.equal(made({ id: 'groq' }).name, 'Groq');
  });

  test('without a preset is a server that speaks Chat Completions', async () => {
    const { sent } = await askedWith(
      ({ baseUrl }) => made({ id: 'mine', baseUrl, headers: { 'x-team': 'blue' } }),
      { ...hello, settings: { maxOutputTokens: 5 } },
      recorded('openai-chat/text'),
    );
    assert.deepEqual(
      [sent.path, sent.headers['x-team'], (sent.body as { max_tokens: number }).max_tokens],
      ['/chat/completions', 'blue', 5],
    );
  });

  test('of Azure sends the key in a header of its own', async () => {
    const { sent } = await askedWith(
      ({ baseUrl }) => made({ id: 'azure', baseUrl }),
      hello,
      recorded('openai-chat/text'),
    );
    assert.deepEqual([sent.headers['api-key'], sent.headers.authorization], [testKey, undefined]);
  });

  test('without a key sends none', async () => {
    const { sent } = await askedWith(
      ({ baseUrl }) => made({ id: 'vllm', baseUrl }, { keyOf: () => Promise.resolve(undefined) }),
      hello,
      recorded('openai-chat/text'),
    );
    assert.equal(sent.headers.authorization, undefined);
  });

  test('that speaks Anthropic’s protocol is reached through it', async () => {
    const { sent } = await askedWith(
      ({ baseUrl }) => made({ id: 'proxy', preset: 'anthropic-compatible', baseUrl }),
      hello,
      recorded('anthropic-messages/text'),
    );
    assert.deepEqual([sent.path, sent.headers['x-api-key']], ['/v1/messages', testKey]);
  });

  test('takes the samplers that its server has, under both of their names', async () => {
    const { sent } = await askedWith(
      ({ baseUrl }) => made({ id: 'vllm', baseUrl }),
      { ...hello, settings: { topK: 40, minP: 0.05, repeatPenalty: 1.1 } },
      recorded('openai-chat/text'),
    );
    const { top_k, min_p, repetition_penalty, repeat_penalty } = sent.body as Record<string, unknown>;
    assert.deepEqual([top_k, min_p, repetition_penalty, repeat_penalty], [40, 0.05, 1.1, 1.1]);
  });
});

describe('a list of models', () => {
  const { capabilities } = presets.openrouter;
  const windows = (list: unknown): unknown[] =>
    listedModels(list, capabilities).map(({ id, contextWindow }) => [id, contextWindow]);

  test('is read in each of its shapes', () => {
    assert.deepEqual(
      windows({
        data: [
          { id: 'b', max_model_len: 4096 },
          { id: 'a', context_window: 8192 },
        ],
      }),
      [
        ['a', 8192],
        ['b', 4096],
      ],
    );
    assert.deepEqual(
      windows([{ id: 'a', context_length: 1024 }, { id: 'e', type: 'embedding' }, { name: 'no id' }]),
      [['a', 1024]],
    );
    assert.deepEqual(windows(JSON.parse(recorded('openai-models').text)).length, 1);
  });

  test('tells what a model takes where it says so', () => {
    const [model] = listedModels(
      {
        data: [
          {
            id: 'x/y',
            supported_parameters: ['temperature', 'tools', 'logprobs'],
            architecture: { input_modalities: ['text', 'image'] },
          },
        ],
      },
      capabilities,
    );
    assert.deepEqual(
      [model?.capabilities.tools, model?.capabilities.images, model?.capabilities.topK],
      [true, true, false],
    );
  });

  test('is remembered for calls: what a model does not take is left out with a warning', async () => {
    const list = { data: [{ id: 'm', supported_parameters: ['top_p'] }] };
    await using server = await ReplayServer.start(({ path }) =>
      path === '/models'
        ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(list) }
        : recorded('openai-chat/text'),
    );
    const signal = new AbortController().signal;
    const provider = made({ id: 'openrouter', baseUrl: server.url, capabilities: { seed: true } });
    const request = { ...hello, settings: { temperature: 0, topP: 0.5, seed: 1 } };
    const warned = async () => warningsOf(await Array.fromAsync(provider.stream(request, signal)));
    assert.deepEqual(await warned(), []);
    await provider.models(signal);
    assert.deepEqual(await warned(), ['temperature']);
    const { temperature, top_p, seed } = server.received.at(-1)?.body as Record<string, unknown>;
    assert.deepEqual([temperature, top_p, seed], [undefined, 0.5, 1]);
  });

  test('that is none is told', () => {
    assert.throws(() => listedModels({ hello: 'world' }, capabilities), { kind: 'provider' });
  });
});

describe('a server that does not stream', () => {
  const make = (connection: Connection): Provider => new Compatible(connection, presets.groq);

  test('is taken at its word, and a warning says that no speed can be told', async () => {
    const { events } = await askedWith(make, hello, recorded('openai-chat/not-streamed'));
    assert.match(textOfAnswer(events), /^Hello! I am the test model.* at its end\.$/);
    assert.deepEqual(warningsOf(events), ['stream']);
    assert.deepEqual(events.slice(-2), [
      { type: 'usage', usage: { inputTokens: 25, outputTokens: 35, cachedTokens: 24 } },
      { type: 'finish', reason: 'stop', rawReason: 'stop' },
    ]);
  });

  test('and answers with an error as if all were well has failed with it', async () => {
    const body = '{\n  "error": { "message": "No such model." }\n}\n';
    await using server = await ReplayServer.start({ headers: { 'content-type': 'application/json' }, body });
    const provider = make(testConnection(server.url));
    const error = await errorOf(provider.stream(hello, new AbortController().signal));
    assert.match(error.message, /No such model/);
  });

  test('and sends rubbish has failed', async () => {
    await using server = await ReplayServer.start({
      headers: { 'content-type': 'application/json' },
      body: '{"choices": [',
    });
    const provider = make(testConnection(server.url));
    const error = await errorOf(provider.stream(hello, new AbortController().signal));
    assert.equal(error.kind, 'provider');
  });
});
