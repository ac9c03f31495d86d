import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Gemini } from '../../src/providers/gemini/gemini.ts';
import { askedWith } from '../support/asked.ts';
import { testConnection } from '../support/connection.ts';
import { recorded } from '../support/recorded.ts';
import { eventStream, type Reply, ReplayServer } from '../support/replayServer.ts';
import { errorOf, textOfAnswer } from './contract.ts';
import { ask, candidate, make, model, said } from './geminiFixture.ts';
import { serviceContract } from './serviceContract.ts';

const stop = { finishReason: 'STOP' };
const event = (chunk: object): string => `data: ${JSON.stringify(chunk)}\n\n`;
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
