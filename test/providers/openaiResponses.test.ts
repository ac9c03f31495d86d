import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ChatRequest, textMessage } from '../../src/core/chat.ts';
import type { Connection } from '../../src/providers/connection.ts';
import { OpenAi } from '../../src/providers/openai/openai.ts';
import { askedWith } from '../support/asked.ts';
import { testKey } from '../support/connection.ts';
import { recorded } from '../support/recorded.ts';
import { type Reply } from '../support/replayServer.ts';
import { serviceContract } from './serviceContract.ts';

const event = (data: { readonly type: string; readonly [field: string]: unknown }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const delta = (text: string): string =>
  event({ type: 'response.output_text.delta', item_id: 'msg_1', delta: text });

const endless: Reply = {
  headers: { 'content-type': 'text/event-stream' },
  body: event({ type: 'response.created', response: { id: 'resp_1', model: 'gpt-5' } }) + delta('Once'),
  endless: delta(' more'),
};

serviceContract('OpenAI over Responses', {
  make: (connection) => new OpenAi(connection),
  model: 'gpt-5',
  answer: recorded('openai-responses/text'),
  answerText: textIn('openai-responses/text'),
  endless,
  failure: (message) =>
    event({ type: 'response.failed', response: { id: 'resp_1', error: { code: 'server_error', message } } }),
  said: delta,
  end: event({ type: 'response.completed', response: { status: 'completed' } }),
  unknown: event({ type: 'response.something_new' }),
  garbage: 'event: response.output_text.delta\ndata: {"oops\n\n',
  notTaken: { subject: 'temperature', settings: { temperature: 0.5 } },
  overflow: {
    status: 400,
    body: JSON.stringify({
      error: { message: 'Your input exceeds the window.', code: 'context_length_exceeded', param: 'input' },
    }),
  },
});

/** The text of a recorded stream, read without the SDK. */
function textIn(name: string): string {
  return recorded(name)
    .text.split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)) as { type: string; delta?: string })
    .map(({ type, delta = '' }) => (type === 'response.output_text.delta' ? delta : ''))
    .join('');
}

const make = (connection: Connection): OpenAi => new OpenAi(connection);
const ask = (request: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'gpt-5',
  messages: [textMessage('user', 'Hello')],
  settings: {},
  ...request,
});
const streamed = endless.headers ?? {};
const created = event({ type: 'response.created', response: { id: 'resp_1', model: 'gpt-5-2025-08-07' } });
const completed = (response: object = {}): string =>
  event({ type: 'response.completed', response: { id: 'resp_1', status: 'completed', ...response } });

describe('a request to Responses', () => {
  test('holds messages, calls and results as items, and keeps nothing at the service', async () => {
    const { sent } = await askedWith(
      make,
      ask({
        messages: [
          textMessage('system', 'Be brief.'),
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What is this?' },
              { type: 'image', url: 'https://example.com/a.png' },
            ],
          },
          {
            role: 'assistant',
            content: [
              { type: 'text', text: 'I look.' },
              { type: 'tool-call', id: 'c1', name: 'look', arguments: '{}' },
            ],
          },
          { role: 'tool', content: [{ type: 'tool-result', callId: 'c1', result: 'a cat' }] },
        ],
        settings: { maxOutputTokens: 50, reasoningEffort: 'low' },
        responseFormat: { type: 'json-schema', name: 'answer', schema: { type: 'object', properties: {} } },
      }),
      recorded('openai-responses/text'),
    );
    assert.equal(sent.path, '/responses');
    assert.equal(sent.headers.authorization, `Bearer ${testKey}`);
    assert.deepEqual(sent.body, {
      model: 'gpt-5',
      input: [
        { type: 'message', role: 'system', content: [{ type: 'input_text', text: 'Be brief.' }] },
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is this?' },
            { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'auto' },
          ],
        },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
        { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: 'a cat' },
      ],
      stream: true,
      store: false,
      max_output_tokens: 50,
      reasoning: { effort: 'low' },
      text: {
        format: {
          type: 'json_schema',
          name: 'answer',
          schema: { type: 'object', properties: {} },
          strict: false,
        },
      },
    });
  });
});

describe('the stream of Responses', () => {
  test('gives reasoning part by part, text, a refusal and the usage in our meaning', async () => {
    const reasoning = (delta: string): string =>
      event({ type: 'response.reasoning_summary_text.delta', item_id: 'rs_1', delta });
    const part = event({ type: 'response.reasoning_summary_part.added', item_id: 'rs_1' });
    const body =
      created +
      part +
      reasoning('First.') +
      part +
      reasoning('Then.') +
      event({ type: 'response.something_new' }) +
      delta('') +
      delta('Hi') +
      event({
        type: 'response.output_text.annotation.added',
        annotation: { type: 'url_citation', url: 'https://a.example', title: 'A' },
      }) +
      event({ type: 'response.refusal.delta', item_id: 'msg_1', delta: ' no' }) +
      completed({
        usage: {
          input_tokens: 100,
          output_tokens: 20,
          input_tokens_details: { cached_tokens: 64 },
          output_tokens_details: { reasoning_tokens: 5 },
        },
      });
    const { events } = await askedWith(make, ask(), { headers: streamed, body });
    assert.deepEqual(events, [
      { type: 'start', model: 'gpt-5-2025-08-07', responseId: 'resp_1', warnings: [] },
      { type: 'reasoning', text: 'First.' },
      { type: 'reasoning', text: '\n\n' },
      { type: 'reasoning', text: 'Then.' },
      { type: 'text', text: 'Hi' },
      { type: 'citation', citation: { url: 'https://a.example', title: 'A' } },
      { type: 'text', text: ' no' },
      { type: 'usage', usage: { inputTokens: 100, outputTokens: 20, cachedTokens: 64, reasoningTokens: 5 } },
      { type: 'finish', reason: 'stop', rawReason: 'completed' },
    ]);
  });

  test('gives the recorded tool call', async () => {
    const { events } = await askedWith(make, ask(), recorded('openai-responses/tool-call'));
    const pieces = events.filter((event) => event.type === 'tool-call');
    assert.deepEqual([pieces[0]?.name, pieces[0]?.index], ['getWeather', 0]);
    assert.equal(typeof JSON.parse(pieces.map((piece) => piece.arguments).join('')), 'object');
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'tool-calls', rawReason: 'completed' });
  });

  test('an incomplete answer says why', async () => {
    const body =
      created +
      delta('Hi') +
      event({
        type: 'response.incomplete',
        response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      });
    const { events } = await askedWith(make, ask(), { headers: streamed, body });
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'length', rawReason: 'max_output_tokens' });
  });
});
