import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ChatEvent, type ChatRequest, textMessage } from '../../src/core/chat.ts';
import type { Connection } from '../../src/providers/connection.ts';
import { Gemini } from '../../src/providers/gemini/gemini.ts';
import { askedWith } from '../support/asked.ts';
import { testConnection, testKey } from '../support/connection.ts';
import { recorded } from '../support/recorded.ts';
import { eventStream, type Reply, ReplayServer } from '../support/replayServer.ts';
import { errorOf, textOfAnswer } from './contract.ts';
import { serviceContract } from './serviceContract.ts';

const model = 'gemini-2.5-flash';
const candidate = (parts: readonly object[], rest: object = {}): object => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...rest }],
  modelVersion: model,
  responseId: 'r1',
});
const said = (text: string, rest: object = {}): object => candidate([{ text }], rest);
const event = (chunk: object): string => `data: ${JSON.stringify(chunk)}\n\n`;
const stop = { finishReason: 'STOP' };

const endless: Reply = {
  headers: { 'content-type': 'text/event-stream' },
  body: event(said('Once')),
  endless: event(said(' more')),
};

serviceContract('Gemini', {
  make: (connection) => new Gemini(connection),
  model,
  answer: recorded('gemini/text'),
  answerText: 'Grüß dich, 世界 🌍!',
  endless,
  failure: (message) => event({ error: { code: 503, message, status: 'UNAVAILABLE' } }),
  said: (text) => event(said(text)),
  end: event(candidate([], stop)),
  unknown: event(candidate([{ somethingNew: {} }])),
  garbage: 'data: {"oops\n\n',
  notTaken: { subject: 'minP', settings: { minP: 0.1 } },
  overflow: {
    status: 400,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify({
      error: {
        code: 400,
        message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
        status: 'INVALID_ARGUMENT',
      },
    }),
  },
});

const make = (connection: Connection): Gemini => new Gemini(connection);
const ask = (request: Partial<ChatRequest> = {}): ChatRequest => ({
  model,
  messages: [textMessage('user', 'Hello')],
  settings: {},
  ...request,
});
const warningsOf = ([start]: readonly ChatEvent[]): string[] =>
  start?.type === 'start' ? start.warnings.map(({ subject }) => subject) : [];

describe('a request to Gemini', () => {
  test('holds every setting under the service’s name, and the provider options last', async () => {
    const { sent } = await askedWith(
      make,
      ask({
        model: 'gemini-2.0-flash',
        messages: [textMessage('system', 'Be brief.'), textMessage('user', 'Hello')],
        settings: {
          temperature: 0.2,
          topP: 0.9,
          topK: 40,
          maxOutputTokens: 50,
          stop: ['END'],
          seed: 7,
          frequencyPenalty: 0.1,
          presencePenalty: 0.2,
          logprobs: 3,
        },
        tools: [{ name: 'getWeather', description: 'Tells it', parameters: { type: 'object' } }],
        responseFormat: { type: 'json-schema', name: 'answer', schema: { type: 'object' } },
        providerOptions: { generationConfig: { seed: 8, mediaResolution: 'MEDIA_RESOLUTION_LOW' } },
      }),
      recorded('gemini/text'),
    );
    assert.equal(sent.path, '/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse');
    assert.equal(sent.headers['x-goog-api-key'], testKey);
    assert.deepEqual(sent.body, {
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [{ role: 'user', parts: [{ text: 'Hello' }] }],
      tools: [
        {
          functionDeclarations: [
            { name: 'getWeather', description: 'Tells it', parametersJsonSchema: { type: 'object' } },
          ],
        },
      ],
      generationConfig: {
        temperature: 0.2,
        topP: 0.9,
        topK: 40,
        maxOutputTokens: 50,
        stopSequences: ['END'],
        seed: 8,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        responseLogprobs: true,
        logprobs: 3,
        responseMimeType: 'application/json',
        responseJsonSchema: { type: 'object' },
        mediaResolution: 'MEDIA_RESOLUTION_LOW',
      },
    });
  });

  test('asks a model that reasons for its thoughts, and for nothing else that was not asked for', async () => {
    const { sent } = await askedWith(make, ask(), recorded('gemini/text'));
    assert.deepEqual(sent.body, {
      contents: [{ role: 'user', parts: [{ text: 'Hello' }] }],
      generationConfig: { thinkingConfig: { includeThoughts: true } },
    });
  });

  test('carries images, tool calls and the results of parallel calls in one turn', async () => {
    const { sent } = await askedWith(
      make,
      ask({
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What are these?' },
              { type: 'image', url: 'data:image/png;base64,AAAA' },
              { type: 'image', url: 'https://example.com/dog.webp?size=2' },
            ],
          },
          {
            role: 'assistant',
            content: [
              { type: 'text', text: '' },
              { type: 'tool-call', id: 'c1', name: 'look', arguments: '{"x":1}' },
              { type: 'tool-call', id: 'c2', name: 'smell', arguments: '{}' },
            ],
          },
          { role: 'tool', content: [{ type: 'tool-result', callId: 'c1', result: 'a cat' }] },
          {
            role: 'tool',
            content: [{ type: 'tool-result', callId: 'c2', result: 'no nose', isError: true }],
          },
        ],
      }),
      recorded('gemini/text'),
    );
    assert.deepEqual((sent.body as { contents: unknown }).contents, [
      {
        role: 'user',
        parts: [
          { text: 'What are these?' },
          { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
          { fileData: { fileUri: 'https://example.com/dog.webp?size=2', mimeType: 'image/webp' } },
        ],
      },
      {
        role: 'model',
        parts: [
          { functionCall: { id: 'c1', name: 'look', args: { x: 1 } } },
          { functionCall: { id: 'c2', name: 'smell', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'c1', name: 'look', response: { output: 'a cat' } } },
          { functionResponse: { id: 'c2', name: 'smell', response: { error: 'no nose' } } },
        ],
      },
    ]);
  });

  test('gives the calls of a conversation the signature that newer models want', async () => {
    const { sent } = await askedWith(
      make,
      ask({
        model: 'gemini-3-pro-preview',
        messages: [
          textMessage('user', 'Look'),
          {
            role: 'assistant',
            content: [
              { type: 'tool-call', id: 'c1', name: 'look', arguments: '{}' },
              { type: 'tool-call', id: 'c2', name: 'look', arguments: '{}' },
            ],
          },
        ],
      }),
      recorded('gemini/text'),
    );
    const { contents } = sent.body as { contents: { parts: { thoughtSignature?: string }[] }[] };
    assert.deepEqual(
      contents[1]?.parts.map(({ thoughtSignature }) => thoughtSignature),
      ['skip_thought_signature_validator', undefined],
    );
  });

  test('asks for reasoning as the generation of the model wants it', async () => {
    const cases = [
      ['gemini-2.5-flash', 'none', { includeThoughts: false, thinkingBudget: 0 }, []],
      ['gemini-2.5-flash', 'high', { includeThoughts: true, thinkingBudget: 24576 }, []],
      ['gemini-2.5-pro', 'none', { includeThoughts: true, thinkingBudget: 128 }, ['reasoningEffort']],
      ['gemini-3-pro-preview', 'low', { includeThoughts: true, thinkingLevel: 'LOW' }, []],
      [
        'gemini-3-pro-preview',
        'medium',
        { includeThoughts: true, thinkingLevel: 'HIGH' },
        ['reasoningEffort'],
      ],
      [
        'gemini-3-flash-preview',
        'none',
        { includeThoughts: true, thinkingLevel: 'MINIMAL' },
        ['reasoningEffort'],
      ],
      ['gemini-2.0-flash', 'high', undefined, ['reasoningEffort']],
    ] as const;
    for (const [model, reasoningEffort, config, warnings] of cases) {
      const { sent, events } = await askedWith(
        make,
        ask({ model, settings: { reasoningEffort } }),
        recorded('gemini/text'),
      );
      const { generationConfig } = sent.body as { generationConfig?: { thinkingConfig?: unknown } };
      assert.deepEqual([generationConfig?.thinkingConfig, warningsOf(events)], [config, warnings], model);
    }
  });

  test('asks for JSON without a schema, and for no more alternatives than the service reports', async () => {
    const { sent, events } = await askedWith(
      make,
      ask({ model: 'gemini-2.0-flash', responseFormat: { type: 'json' }, settings: { logprobs: 50 } }),
      recorded('gemini/text'),
    );
    assert.deepEqual((sent.body as { generationConfig: unknown }).generationConfig, {
      responseMimeType: 'application/json',
      responseLogprobs: true,
      logprobs: 20,
    });
    assert.deepEqual(warningsOf(events), ['logprobs']);
  });

  test('gives the system’s words to the user of a model that takes no instruction', async () => {
    const { sent } = await askedWith(
      make,
      ask({
        model: 'gemma-3-27b-it',
        messages: [textMessage('system', 'Be brief.'), textMessage('user', 'Hello')],
      }),
      recorded('gemini/text'),
    );
    assert.deepEqual(sent.body, {
      contents: [
        { role: 'user', parts: [{ text: 'Be brief.' }] },
        { role: 'user', parts: [{ text: 'Hello' }] },
      ],
      generationConfig: {},
    });
  });

  test('with nothing to answer is refused before it is sent', async () => {
    await using server = await ReplayServer.start(recorded('gemini/text'));
    const request = ask({ messages: [textMessage('system', 'Be brief.')] });
    const provider = make(testConnection(server.url));
    const error = await errorOf(provider.stream(request, new AbortController().signal));
    assert.deepEqual([error.kind, server.received.length], ['bad-request', 0]);
  });

  test('is sent once, whatever comes back', async () => {
    for (const reply of [
      { status: 503, body: '{"error":{"code":503}}' },
      eventStream(said('Once', { continuationToken: 'again' })),
    ]) {
      await using server = await ReplayServer.start(reply);
      const provider = make(testConnection(server.url));
      await errorOf(provider.stream(ask(), new AbortController().signal));
      assert.equal(server.received.length, 1);
    }
  });
});

describe('the stream of Gemini', () => {
  test('gives thoughts as reasoning, and both cached and thought tokens as parts of the totals', async () => {
    const { events } = await askedWith(make, ask(), recorded('gemini/thinking'));
    const [start, thought] = events;
    assert.deepEqual(
      [start, thought, textOfAnswer(events), ...events.slice(-2)],
      [
        { type: 'start', model, responseId: '9xYkabCdEfGh', warnings: [] },
        { type: 'reasoning', text: '**Greeting**\n\nThe user greets me.' },
        'Hello there!',
        {
          type: 'usage',
          usage: { inputTokens: 2048, outputTokens: 34, cachedTokens: 1024, reasoningTokens: 31 },
        },
        { type: 'finish', reason: 'stop', rawReason: 'STOP' },
      ],
    );
  });

  test('gives parallel tool calls, with ids where the service has none', async () => {
    const { events } = await askedWith(make, ask(), recorded('gemini/tool-calls'));
    assert.deepEqual(
      events.filter(({ type }) => type !== 'usage' && type !== 'start'),
      [
        { type: 'tool-call', index: 0, id: 'w5hq2r81', name: 'getWeather', arguments: '{"city":"Paris"}' },
        {
          type: 'tool-call',
          index: 1,
          id: '9xYkabCdEfGh_1',
          name: 'getWeather',
          arguments: '{"city":"Rome"}',
        },
        { type: 'finish', reason: 'tool-calls', rawReason: 'STOP' },
      ],
    );
  });

  test('gives every token its probability and alternatives', async () => {
    const { events } = await askedWith(
      make,
      ask({ model: 'gemini-2.0-flash', settings: { logprobs: 2 } }),
      recorded('gemini/logprobs'),
    );
    assert.deepEqual(
      events.filter(({ type }) => type === 'text'),
      [
        {
          type: 'text',
          text: 'Hi',
          logprobs: [
            {
              token: 'Hi',
              logprob: -0.25,
              alternatives: [
                { token: 'Hi', logprob: -0.25 },
                { token: 'Hello', logprob: -1.5 },
              ],
            },
          ],
        },
        {
          type: 'text',
          text: ' you',
          logprobs: [
            {
              token: ' you',
              logprob: -0.5,
              alternatives: [
                { token: ' you', logprob: -0.5 },
                { token: ' there', logprob: -1.25 },
              ],
            },
          ],
        },
      ],
    );
  });

  test('says why a prompt was refused', async () => {
    const { events } = await askedWith(make, ask(), recorded('gemini/blocked'));
    assert.deepEqual(events.slice(1), [
      { type: 'usage', usage: { inputTokens: 9, outputTokens: 0 } },
      { type: 'finish', reason: 'content-filter', rawReason: 'PROHIBITED_CONTENT' },
    ]);
  });

  test('tells apart why it ended, without a text too', async () => {
    const reasons = ['MAX_TOKENS', 'SAFETY', 'RECITATION', 'SPII', 'MALFORMED_FUNCTION_CALL', 'BRAND_NEW'];
    const ends = reasons.map(async (finishReason) => {
      const reply = eventStream({ candidates: [{ finishReason, index: 0 }] });
      const { events } = await askedWith(make, ask(), reply);
      return events.slice(1).map((event) => (event.type === 'finish' ? event.reason : event.type));
    });
    assert.deepEqual(await Promise.all(ends), [
      ['length'],
      ['content-filter'],
      ['content-filter'],
      ['content-filter'],
      ['other'],
      ['other'],
    ]);
  });

  test('drops empty pieces, and logs once a kind of part that it does not know', async () => {
    const log: string[] = [];
    const code = candidate([{ executableCode: { code: '1+1' } }]);
    const reply = eventStream(said(''), { ...said('Hi'), weather: [1] }, code, code, said('', stop));
    const { events } = await askedWith(make, ask(), reply, { log: (line) => log.push(line) });
    assert.deepEqual(
      [events.map(({ type }) => type), log],
      [['start', 'text', 'finish'], ['Test service: a part of type "executableCode" was ignored.']],
    );
  });

  test('takes the usage after the reason to finish, and is not cut off by a reason in every chunk', async () => {
    const reply = eventStream(said('Hello', stop), said(' there', stop), {
      usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2 },
    });
    const { events } = await askedWith(make, ask(), reply);
    assert.deepEqual(events.slice(1), [
      { type: 'text', text: 'Hello' },
      { type: 'text', text: ' there' },
      { type: 'usage', usage: { inputTokens: 4, outputTokens: 2 } },
      { type: 'finish', reason: 'stop', rawReason: 'STOP' },
    ]);
  });

  test('is whole when the connection breaks or hangs after the reason to finish', async () => {
    for (const then of ['break', 'hang'] as const) {
      const timeouts = () => ({ connectMs: 2000, firstTokenMs: 2000, silenceMs: 50 });
      const reply = { ...eventStream(said('Hi', stop)), then };
      const { events } = await askedWith(make, ask(), reply, { timeouts });
      assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop', rawReason: 'STOP' });
    }
  });

  test('tells an error in the middle with its status, and a wrong key as such', async () => {
    const fault = { error: { code: 429, message: 'Quota exceeded', status: 'RESOURCE_EXHAUSTED' } };
    await using server = await ReplayServer.start(eventStream(said('Hi'), fault));
    const provider = make(testConnection(server.url));
    const limited = await errorOf(provider.stream(ask(), new AbortController().signal));
    assert.equal(limited.kind, 'rate-limit', limited.message);
    server.reply = {
      status: 400,
      body: JSON.stringify({
        error: {
          code: 400,
          message: 'API key not valid. Please pass a valid API key.',
          status: 'INVALID_ARGUMENT',
          details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
        },
      }),
    };
    const refused = await errorOf(provider.stream(ask(), new AbortController().signal));
    assert.equal(refused.kind, 'auth', refused.message);
  });

  test('takes an event of 1 MB', async () => {
    const reply = { ...eventStream(said('x'.repeat(1_000_000), stop)), cut: 65_536 };
    const { events } = await askedWith(make, ask(), reply);
    assert.equal(textOfAnswer(events).length, 1_000_000);
  });
});

test('the models of Gemini are those that answer a chat, from all pages', async () => {
  const second = {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      models: [{ name: 'models/gemma-3-27b-it', supportedGenerationMethods: ['generateContent'] }],
    }),
  };
  await using server = await ReplayServer.start(({ path }) =>
    path.includes('pageToken=page-2') ? second : recorded('gemini/models'),
  );
  const models = await make(testConnection(server.url)).models(new AbortController().signal);
  assert.deepEqual(
    models.map(({ id, name, contextWindow, maxOutputTokens, capabilities: { tools, reasoning } }) => [
      id,
      name,
      contextWindow,
      maxOutputTokens,
      { tools, reasoning },
    ]),
    [
      ['gemini-2.5-flash', 'Gemini 2.5 Flash', 1048576, 65536, { tools: true, reasoning: true }],
      ['gemma-3-27b-it', 'gemma-3-27b-it', undefined, undefined, { tools: false, reasoning: false }],
    ],
  );
});
