import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textMessage } from '../../src/core/chat.ts';
import { Ollama } from '../../src/providers/ollama/ollama.ts';
import { testConnection, testKey } from '../support/connection.ts';
import { recorded } from '../support/recorded.ts';
import { type Reply, ReplayServer } from '../support/replayServer.ts';
import { errorOf, textOfAnswer, warningsOf } from './contract.ts';
import { ask, asked, end, json, line, ndjson, said, show, showing } from './ollamaFixture.ts';
import { serviceContract } from './serviceContract.ts';

const endless: Reply = {
  headers: ndjson,
  body: said({ content: 'Once' }),
  endless: said({ content: ' more' }),
};

serviceContract('Ollama', {
  make: (connection) => new Ollama(connection),
  model: 'qwen3:0.6b',
  answer: recorded('ollama-chat/text'),
  answerText: 'Grüß dich, 世界 🌍!',
  endless,
  failure: (message) => `${JSON.stringify({ error: message })}\n`,
  said: (content) => said({ content }),
  end,
  unknown: line({ weather: 'good' }),
  garbage: '{"oops\n',
  notTaken: { subject: 'logitBias', settings: { logitBias: { '1': 5 } } },
  overflow: {
    status: 400,
    headers: json,
    body: '{"error":"the input length exceeds the context length"}',
  },
  beside: ({ path }) => (path === '/api/show' ? show : undefined),
});

describe('a request to Ollama', () => {
  test('holds every setting under the server’s name, and the provider options last', async () => {
    const { sent } = await asked(
      ask({
        settings: {
          temperature: 0.2,
          topP: 0.9,
          topK: 40,
          minP: 0.05,
          maxOutputTokens: 50,
          stop: ['END'],
          seed: 7,
          frequencyPenalty: 0.1,
          presencePenalty: 0.2,
          repeatPenalty: 1.1,
          contextSize: 8192,
          keepAlive: '5m',
          logprobs: 3,
          reasoningEffort: 'none',
        },
        tools: [{ name: 'getWeather', description: 'Tells it', parameters: { type: 'object' } }],
        responseFormat: { type: 'json-schema', name: 'answer', schema: { type: 'object' } },
        providerOptions: { options: { seed: 8, mirostat: 2 }, shift: true },
      }),
      recorded('ollama-chat/text'),
    );
    assert.equal(sent.path, '/api/chat');
    assert.equal(sent.headers.authorization, `Bearer ${testKey}`);
    assert.deepEqual(sent.body, {
      model: 'qwen3:0.6b',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      truncate: false,
      shift: true,
      options: {
        temperature: 0.2,
        top_p: 0.9,
        top_k: 40,
        min_p: 0.05,
        num_predict: 50,
        stop: ['END'],
        seed: 8,
        frequency_penalty: 0.1,
        presence_penalty: 0.2,
        repeat_penalty: 1.1,
        num_ctx: 8192,
        mirostat: 2,
      },
      think: false,
      keep_alive: '5m',
      logprobs: true,
      top_logprobs: 3,
      format: { type: 'object' },
      tools: [
        {
          type: 'function',
          function: { name: 'getWeather', description: 'Tells it', parameters: { type: 'object' } },
        },
      ],
    });
  });

  test('holds nothing that was not asked for, and no key where there is none', async () => {
    const { sent } = await asked(ask(), recorded('ollama-chat/text'), showing(), {
      needsKey: false,
      key: () => Promise.resolve(undefined),
    });
    assert.equal(sent.headers.authorization, undefined);
    assert.deepEqual(sent.body, {
      model: 'qwen3:0.6b',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      truncate: false,
      shift: false,
    });
  });

  test('carries images, tool calls and their results', async () => {
    const { sent } = await asked(
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
            content: [
              { type: 'tool-call', id: 'c1', name: 'look', arguments: '{"x":1}' },
              { type: 'tool-call', id: 'c2', name: 'smell', arguments: '' },
            ],
          },
          {
            role: 'tool',
            content: [
              { type: 'tool-result', callId: 'c1', result: 'a cat' },
              { type: 'tool-result', callId: 'c2', result: 'of fish' },
            ],
          },
        ],
      }),
      recorded('ollama-chat/text'),
    );
    assert.deepEqual((sent.body as { messages: unknown }).messages, [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What is this?', images: ['AAAA'] },
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { id: 'c1', function: { name: 'look', arguments: { x: 1 } } },
          { id: 'c2', function: { name: 'smell', arguments: {} } },
        ],
      },
      { role: 'tool', content: 'a cat', tool_name: 'look', tool_call_id: 'c1' },
      { role: 'tool', content: 'of fish', tool_name: 'smell', tool_call_id: 'c2' },
    ]);
  });

  test('never reads a file that the text of an image names', async () => {
    const image = { type: 'image', url: 'data:image/png;base64,/etc/hostname' } as const;
    const { sent } = await asked(
      ask({ messages: [{ role: 'user', content: [{ type: 'text', text: 'See' }, image] }] }),
      recorded('ollama-chat/text'),
    );
    assert.deepEqual((sent.body as { messages: unknown }).messages, [
      { role: 'user', content: 'See', images: ['/etc/hostname'] },
    ]);
  });

  test('leaves out images that the server would have to fetch, and says so', async () => {
    const image = { type: 'image', url: 'https://example.com/cat.png' } as const;
    const { sent, events } = await asked(
      ask({ messages: [{ role: 'user', content: [{ type: 'text', text: 'See' }, image] }] }),
      recorded('ollama-chat/text'),
    );
    assert.deepEqual((sent.body as { messages: unknown }).messages, [{ role: 'user', content: 'See' }]);
    assert.deepEqual(warningsOf(events), ['images']);
  });

  test('asks for JSON without a schema, and gives a bare time to stay as a number', async () => {
    const { sent } = await asked(
      ask({ responseFormat: { type: 'json' }, settings: { keepAlive: '-1' } }),
      recorded('ollama-chat/text'),
    );
    const { format, keep_alive } = sent.body as { format: unknown; keep_alive: unknown };
    assert.deepEqual([format, keep_alive], ['json', -1]);
  });

  test('names an effort only to models that take a name', async () => {
    const request = ask({ settings: { reasoningEffort: 'low' } });
    const plain = await asked(request, recorded('ollama-chat/text'));
    const named = await asked(
      request,
      recorded('ollama-chat/text'),
      showing({ details: { family: 'gptoss' } }),
    );
    assert.deepEqual(
      [plain, named].map(({ sent, events }) => [(sent.body as { think: unknown }).think, warningsOf(events)]),
      [
        [true, ['reasoningEffort']],
        ['low', []],
      ],
    );
  });

  test('leaves out what the model itself says that it cannot do', async () => {
    const { sent, events } = await asked(
      ask({
        tools: [{ name: 'getWeather', parameters: { type: 'object' } }],
        settings: { reasoningEffort: 'high', logprobs: 50 },
      }),
      recorded('ollama-chat/text'),
      showing({ capabilities: ['completion'] }),
    );
    assert.deepEqual(warningsOf(events), ['reasoningEffort', 'tools', 'logprobs']);
    const { tools, think, top_logprobs } = sent.body as Record<string, unknown>;
    assert.deepEqual([tools, think, top_logprobs], [undefined, undefined, 20]);
  });
});

describe('the stream of Ollama', () => {
  test('gives text, usage and the reason to finish', async () => {
    const { events } = await asked(ask(), recorded('ollama-chat/text'));
    assert.deepEqual(
      [events[0], ...events.slice(-2)],
      [
        { type: 'start', model: 'qwen3:0.6b', warnings: [] },
        { type: 'usage', usage: { inputTokens: 11, outputTokens: 6 } },
        { type: 'finish', reason: 'stop', rawReason: 'stop' },
      ],
    );
  });

  test('gives reasoning apart from the text', async () => {
    const { events } = await asked(ask(), recorded('ollama-chat/thinking'));
    const reasoning = events.map((event) => (event.type === 'reasoning' ? event.text : '')).join('');
    assert.deepEqual([reasoning, textOfAnswer(events)], ['The user greets me.', 'Hello there!']);
  });

  test('gives parallel tool calls, with ids where the server has none', async () => {
    const { events } = await asked(ask(), recorded('ollama-chat/tool-calls'));
    assert.deepEqual(
      events.filter(({ type }) => type === 'tool-call' || type === 'finish'),
      [
        {
          type: 'tool-call',
          index: 0,
          id: 'call_x7k2m9q1',
          name: 'getWeather',
          arguments: '{"city":"Paris"}',
        },
        { type: 'tool-call', index: 1, id: 'call_1', name: 'getWeather', arguments: '{"city":"Rome"}' },
        { type: 'finish', reason: 'tool-calls', rawReason: 'stop' },
      ],
    );
  });

  test('gives every token its probability, bytes and alternatives', async () => {
    const { events } = await asked(ask({ settings: { logprobs: 2 } }), recorded('ollama-chat/logprobs'));
    const tokens = events.flatMap((event) => (event.type === 'text' ? (event.logprobs ?? []) : []));
    assert.deepEqual(tokens[0], {
      token: 'Hi',
      logprob: -0.25,
      bytes: [72, 105],
      alternatives: [
        { token: 'Hi', logprob: -0.25, bytes: [72, 105] },
        { token: 'Hello', logprob: -1.5, bytes: [72, 101, 108, 108, 111] },
      ],
    });
    assert.equal(tokens.map(({ token }) => token).join(''), textOfAnswer(events));
  });

  test('leaves out the tokens of reasoning, and keeps one that ends no character', async () => {
    const logprobs = [{ token: 'x', logprob: -1 }];
    const body =
      said({ thinking: 'Hm' }, { logprobs }) + said({}, { logprobs }) + said({ content: 'é' }) + end;
    const { events } = await asked(ask(), { headers: ndjson, body });
    assert.deepEqual(events.slice(1, 4), [
      { type: 'reasoning', text: 'Hm' },
      { type: 'text', text: '', logprobs: [{ token: 'x', logprob: -1, alternatives: [] }] },
      { type: 'text', text: 'é' },
    ]);
  });

  test('drops empty pieces and fields that it does not know', async () => {
    const body = said({}) + said({ content: 'Hi', mood: 'good' }, { weather: [1] }) + end;
    const { events } = await asked(ask(), { headers: ndjson, body });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['start', 'text', 'usage', 'finish'],
    );
  });

  test('tells apart why it ended', async () => {
    const reasons = ['length', 'load', undefined].map(async (reason) => {
      const { events } = await asked(ask(), {
        headers: ndjson,
        body: line({ done: true, ...(reason ? { done_reason: reason } : {}) }),
      });
      return events.slice(1);
    });
    assert.deepEqual(await Promise.all(reasons), [
      [{ type: 'finish', reason: 'length', rawReason: 'length' }],
      [{ type: 'finish', reason: 'other', rawReason: 'load' }],
      [{ type: 'finish', reason: 'stop' }],
    ]);
  });

  test('ends at its finish, whatever the server sends after it', async () => {
    const body = said({ content: 'Hi' }) + end + said({ content: ' and more' });
    const { events } = await asked(ask(), { headers: ndjson, body, then: 'hang' });
    assert.equal(textOfAnswer(events), 'Hi');
  });

  test('has the time of the first token for its headers, because a model may have to be loaded', async () => {
    await using server = await ReplayServer.start(({ path }) =>
      path === '/api/show' ? showing() : { silent: true },
    );
    const provider = new Ollama(
      testConnection(server.url, {
        timeouts: () => ({ connectMs: 50, firstTokenMs: 200, silenceMs: 50 }),
      }),
    );
    const started = Date.now();
    const error = await errorOf(provider.stream(ask(), new AbortController().signal));
    assert.match(error.message, /timeouts\.firstToken/);
    assert.ok(Date.now() - started >= 190);
  });

  test('says how to get a model that is not there', async () => {
    await using server = await ReplayServer.start({
      status: 404,
      headers: json,
      body: '{"error":"model \'nope\' not found"}',
    });
    const provider = new Ollama(testConnection(server.url));
    const error = await errorOf(provider.stream(ask({ model: 'nope' }), new AbortController().signal));
    assert.deepEqual(
      [error.kind, error.message],
      [
        'bad-request',
        'Test service has no model "nope". Pull it in the Models view or with `ollama pull nope`.',
      ],
    );
  });

  test('asks what a model can do once', async () => {
    await using server = await ReplayServer.start(({ path }) =>
      path === '/api/show' ? showing() : recorded('ollama-chat/text'),
    );
    const provider = new Ollama(testConnection(server.url));
    for (const model of ['qwen3', 'qwen3:latest'])
      await Array.fromAsync(provider.stream(ask({ model }), new AbortController().signal));
    assert.deepEqual(
      server.received.map(({ path }) => path),
      ['/api/show', '/api/chat', '/api/chat'],
    );
  });
});
