import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ChatRequest, textMessage } from '../../src/core/chat.ts';
import type { Connection } from '../../src/providers/connection.ts';
import { OpenAi } from '../../src/providers/openai/openai.ts';
import { askedWith } from '../support/asked.ts';
import { testConnection, testKey } from '../support/connection.ts';
import { recorded } from '../support/recorded.ts';
import { type Reply, ReplayServer } from '../support/replayServer.ts';
import { errorOf, textOfAnswer, warningsOf } from './contract.ts';
import { serviceContract } from './serviceContract.ts';

const chunk = (delta: object, rest: object = {}): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', model: 'gpt-4o-2024-08-06', choices: [{ index: 0, delta, ...rest }] })}\n\n`;
const streamed = { 'content-type': 'text/event-stream' };

const endless: Reply = {
  headers: streamed,
  body: chunk({ role: 'assistant', content: '' }) + chunk({ content: 'Once' }),
  endless: chunk({ content: ' more' }),
};

serviceContract('OpenAI over Chat Completions', {
  make: (connection) => new OpenAi(connection),
  model: 'gpt-4o',
  answer: recorded('openai-chat/text'),
  answerText: textOf('openai-chat/text'),
  endless,
  failure: (message) =>
    `data: ${JSON.stringify({ error: { message, type: 'server_error', code: null } })}\n\n`,
  said: (content) => chunk({ content }),
  end: chunk({}, { finish_reason: 'stop' }) + 'data: [DONE]\n\n',
  unknown: 'data: {"object":"something.new"}\n\n',
  garbage: 'data: {"oops\n\n',
  notTaken: { subject: 'topK', settings: { topK: 5 } },
  overflow: recorded('openai-chat/error-overflow'),
});

/** The content of a recorded stream, read without the SDK. */
function textOf(name: string): string {
  return recorded(name)
    .text.split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map(
      (line) =>
        (JSON.parse(line.slice(6)) as { choices: { delta: { content?: string } }[] }).choices[0]?.delta
          .content ?? '',
    )
    .join('');
}

const make = (connection: Connection): OpenAi => new OpenAi(connection);
const ask = (request: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'gpt-4o',
  messages: [textMessage('user', 'Hello')],
  settings: {},
  ...request,
});
const end = 'data: [DONE]\n\n';

describe('a request to Chat Completions', () => {
  test('holds every setting under the service’s name, and the provider options last', async () => {
    const { sent } = await askedWith(
      make,
      ask({
        settings: {
          temperature: 0.2,
          topP: 0.9,
          maxOutputTokens: 50,
          stop: ['END'],
          seed: 7,
          frequencyPenalty: 0.1,
          presencePenalty: 0.2,
          logprobs: 3,
          logitBias: { '42': -100 },
        },
        tools: [{ name: 'getWeather', description: 'Tells it', parameters: { type: 'object' } }],
        responseFormat: {
          type: 'json-schema',
          name: 'answer',
          schema: {
            type: 'object',
            properties: { a: { type: 'string' } },
            required: ['a'],
            additionalProperties: false,
          },
        },
        providerOptions: { seed: 8, service_tier: 'flex' },
      }),
      recorded('openai-chat/text'),
    );
    assert.equal(sent.path, '/chat/completions');
    assert.equal(sent.headers.authorization, `Bearer ${testKey}`);
    assert.deepEqual(sent.body, {
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.2,
      top_p: 0.9,
      max_completion_tokens: 50,
      stop: ['END'],
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      logit_bias: { '42': -100 },
      logprobs: true,
      top_logprobs: 3,
      tools: [
        {
          type: 'function',
          function: { name: 'getWeather', description: 'Tells it', parameters: { type: 'object' } },
        },
      ],
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'answer',
          schema: {
            type: 'object',
            properties: { a: { type: 'string' } },
            required: ['a'],
            additionalProperties: false,
          },
          strict: true,
        },
      },
      seed: 8,
      service_tier: 'flex',
    });
  });

  test('carries images, tool calls and their results', async () => {
    const { sent } = await askedWith(
      make,
      ask({
        messages: [
          textMessage('system', 'Be brief.'),
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is this?' },
              { type: 'image', url: 'data:image/png;base64,AAAA' },
            ],
          },
          {
            role: 'assistant',
            content: [{ type: 'tool-call', id: 'c1', name: 'look', arguments: '{"x":1}' }],
          },
          {
            role: 'tool',
            content: [
              { type: 'tool-result', callId: 'c1', result: 'a cat' },
              { type: 'tool-result', callId: 'c2', result: 'a dog' },
            ],
          },
        ],
      }),
      recorded('openai-chat/text'),
    );
    assert.deepEqual((sent.body as { messages: unknown }).messages, [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{"x":1}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'a cat' },
      { role: 'tool', tool_call_id: 'c2', content: 'a dog' },
    ]);
  });

  test('asks for no more alternatives than the service reports, and says so', async () => {
    const { sent, events } = await askedWith(
      make,
      ask({ settings: { logprobs: 50 } }),
      recorded('openai-chat/text'),
    );
    assert.equal((sent.body as { top_logprobs: number }).top_logprobs, 20);
    assert.deepEqual(warningsOf(events), ['logprobs']);
  });
});

describe('the stream of Chat Completions', () => {
  test('gives every token its probability, bytes and alternatives', async () => {
    const { events } = await askedWith(
      make,
      ask({ settings: { logprobs: 5 } }),
      recorded('openai-chat/logprobs'),
    );
    const tokens = events.flatMap((event) => (event.type === 'text' ? (event.logprobs ?? []) : []));
    assert.equal(tokens.map(({ token }) => token).join(''), textOfAnswer(events));
    assert.deepEqual(
      [tokens[0]?.bytes, tokens[0]?.alternatives.length, (tokens[0]?.logprob ?? 1) <= 0],
      [[72], 5, true],
    );
  });

  test('gives a recorded tool call piece by piece', async () => {
    const { events } = await askedWith(make, ask(), recorded('openai-chat/tool-call'));
    const pieces = events.filter((event) => event.type === 'tool-call');
    assert.deepEqual([pieces[0]?.name, pieces.every(({ index }) => index === 0)], ['getWeather', true]);
    const json = pieces.map((piece) => piece.arguments).join('');
    assert.equal(typeof (JSON.parse(json) as { city: unknown }).city, 'string');
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'tool-calls', rawReason: 'tool_calls' });
  });

  for (const [name, outputTokens, cachedTokens, reason] of [
    ['stop', 19, 24, 'stop'],
    ['length', 5, 24, 'length'],
    ['json-schema', 33, 4, 'stop'],
  ] as const) {
    test(`gives a recorded answer that ends by ${name} whole, with its usage`, async () => {
      const { events } = await askedWith(make, ask(), recorded(`openai-chat/${name}`));
      assert.equal(textOfAnswer(events), textOf(`openai-chat/${name}`));
      assert.deepEqual(events.slice(-2), [
        { type: 'usage', usage: { inputTokens: 25, outputTokens, cachedTokens } },
        { type: 'finish', reason, rawReason: reason },
      ]);
    });
  }

  test('is not there where a server answers at once instead', async () => {
    await using server = await ReplayServer.start(recorded('openai-chat/not-streamed'));
    const provider = make(testConnection(server.url));
    const error = await errorOf(provider.stream(ask(), new AbortController().signal));
    assert.equal(error.kind, 'network');
  });

  test('keeps parallel tool calls apart', async () => {
    const call = (index: number, rest: object): string => chunk({ tool_calls: [{ index, ...rest }] });
    const body =
      call(0, { id: 'a', function: { name: 'one', arguments: '' } }) +
      call(1, { id: 'b', function: { name: 'two', arguments: '{' } }) +
      call(0, { function: { arguments: '{}' } }) +
      call(1, { function: { arguments: '}' } }) +
      chunk({}, { finish_reason: 'tool_calls' }) +
      end;
    const { events } = await askedWith(make, ask(), { headers: streamed, body });
    assert.deepEqual(events.slice(1), [
      { type: 'tool-call', index: 0, id: 'a', name: 'one', arguments: '' },
      { type: 'tool-call', index: 1, id: 'b', name: 'two', arguments: '{' },
      { type: 'tool-call', index: 0, arguments: '{}' },
      { type: 'tool-call', index: 1, arguments: '}' },
      { type: 'finish', reason: 'tool-calls', rawReason: 'tool_calls' },
    ]);
  });

  test('gives reasoning under either of its names, refusals as text, and drops empty deltas', async () => {
    const body =
      chunk({ content: '' }) +
      chunk({ reasoning_content: 'Hm' }) +
      chunk({ reasoning: 'm.' }) +
      chunk({ refusal: 'No.' }) +
      chunk({}, { finish_reason: 'content_filter' }) +
      end;
    const { events } = await askedWith(make, ask(), { headers: streamed, body });
    assert.deepEqual(events.slice(1), [
      { type: 'reasoning', text: 'Hm' },
      { type: 'reasoning', text: 'm.' },
      { type: 'text', text: 'No.' },
      { type: 'finish', reason: 'content-filter', rawReason: 'content_filter' },
    ]);
  });

  test('gives the sources that the answer names', async () => {
    const annotation = { type: 'url_citation', url_citation: { url: 'https://a.example', title: 'A' } };
    const body =
      chunk({ content: 'Hi', annotations: [annotation, { type: 'file_path' }] }) +
      chunk({}, { finish_reason: 'stop' }) +
      end;
    const { events } = await askedWith(make, ask(), { headers: streamed, body });
    assert.deepEqual(
      events.filter(({ type }) => type === 'citation'),
      [{ type: 'citation', citation: { url: 'https://a.example', title: 'A' } }],
    );
  });

  test('counts cached and reasoning tokens as parts of the totals', async () => {
    const usage = {
      prompt_tokens: 100,
      completion_tokens: 20,
      prompt_tokens_details: { cached_tokens: 64 },
      completion_tokens_details: { reasoning_tokens: 5 },
    };
    const body =
      chunk({ content: 'Hi' }) +
      chunk({}, { finish_reason: 'stop' }) +
      `data: ${JSON.stringify({ id: 'x', model: 'm', choices: [], usage })}\n\n${end}`;
    const { events } = await askedWith(make, ask(), { headers: streamed, body });
    assert.deepEqual(events.slice(-2), [
      { type: 'usage', usage: { inputTokens: 100, outputTokens: 20, cachedTokens: 64, reasoningTokens: 5 } },
      { type: 'finish', reason: 'stop', rawReason: 'stop' },
    ]);
  });

  test('is whole when the connection breaks after the reason to finish', async () => {
    const body = chunk({ content: 'Hi' }) + chunk({}, { finish_reason: 'stop' });
    const { events } = await askedWith(make, ask(), { headers: streamed, body, then: 'break' });
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop', rawReason: 'stop' });
  });

  test('may finish without a text', async () => {
    const { events } = await askedWith(make, ask(), {
      headers: streamed,
      body: chunk({}, { finish_reason: 'stop' }) + end,
    });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['start', 'finish'],
    );
  });

  test('ends at its finish, whatever the server sends after it', async () => {
    const usage = { prompt_tokens: 1, completion_tokens: 1 };
    const body =
      chunk({ content: 'Hi' }, { finish_reason: 'stop' }).replace(
        '"choices"',
        `"usage":${JSON.stringify(usage)},"choices"`,
      ) + chunk({ content: ' and more' });
    const { events } = await askedWith(make, ask(), { headers: streamed, body, then: 'hang' });
    assert.equal(textOfAnswer(events), 'Hi');
  });
});

test('the models of OpenAI are those that answer a chat', async () => {
  await using server = await ReplayServer.start({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      object: 'list',
      data: ['gpt-5', 'text-embedding-3-small', 'gpt-4o', 'gpt-4o-realtime-preview', 'whisper-1', 'o3'].map(
        (id) => ({
          id,
          object: 'model',
          created: 1,
          owned_by: 'openai',
        }),
      ),
    }),
  });
  const models = await make(testConnection(server.url)).models(new AbortController().signal);
  assert.deepEqual(
    models.map(({ id, capabilities }) => [id, capabilities.reasoning, capabilities.temperature]),
    [
      ['gpt-4o', false, true],
      ['gpt-5', true, false],
      ['o3', true, false],
    ],
  );
});
