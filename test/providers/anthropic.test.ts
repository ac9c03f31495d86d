import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ChatRequest, textMessage } from '../../src/core/chat.ts';
import type { Connection } from '../../src/providers/connection.ts';
import { Anthropic } from '../../src/providers/anthropic/anthropic.ts';
import { askedWith } from '../support/asked.ts';
import { testKey } from '../support/connection.ts';
import { recorded } from '../support/recorded.ts';
import { type Reply } from '../support/replayServer.ts';
import { warningsOf } from './contract.ts';
import { serviceContract } from './serviceContract.ts';

const event = (data: { readonly type: string; readonly [field: string]: unknown }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const textDelta = (text: string): string =>
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });

const stop = (stop_reason: string, usage: object = { output_tokens: 5 }): string =>
  event({ type: 'message_delta', delta: { stop_reason }, usage }) + event({ type: 'message_stop' });

const endless: Reply = {
  headers: { 'content-type': 'text/event-stream' },
  body:
    event({
      type: 'message_start',
      message: { id: 'msg_1', model: 'claude-sonnet-4-5', usage: { input_tokens: 3, output_tokens: 1 } },
    }) +
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }) +
    textDelta('Once'),
  endless: textDelta(' more'),
};

serviceContract('Anthropic', {
  make: (connection) => new Anthropic(connection),
  model: 'claude-sonnet-4-5',
  answer: recorded('anthropic-messages/text'),
  answerText: textIn('anthropic-messages/text'),
  endless,
  failure: (message) => event({ type: 'error', error: { type: 'overloaded_error', message } }),
  said: textDelta,
  end: stop('end_turn'),
  unknown: event({ type: 'something_new', index: 9 }),
  garbage: 'event: content_block_delta\ndata: {"oops\n\n',
  notTaken: { subject: 'seed', settings: { seed: 1 } },
  overflow: {
    status: 400,
    body: JSON.stringify({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' },
    }),
  },
});

/** The text of a recorded stream, read without the SDK. */
function textIn(name: string): string {
  return recorded(name)
    .text.split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => (JSON.parse(line.slice(6)) as { delta?: { text?: string } }).delta?.text ?? '')
    .join('');
}

const make = (connection: Connection): Anthropic => new Anthropic(connection);
const ask = (request: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'claude-sonnet-4-5',
  messages: [textMessage('user', 'Hello')],
  settings: {},
  ...request,
});
const streamed = endless.headers ?? {};
const start = event({
  type: 'message_start',
  message: { id: 'msg_1', model: 'claude-sonnet-4-5', usage: { input_tokens: 10, output_tokens: 1 } },
});
describe('a request to Messages', () => {
  test('holds the system prompt apart, every setting, and the provider options last', async () => {
    const { sent } = await askedWith(
      make,
      ask({
        messages: [textMessage('system', 'Be brief.'), textMessage('user', 'Hello')],
        settings: { temperature: 0.2, topP: 0.9, topK: 40, maxOutputTokens: 50, stop: ['END'] },
        tools: [{ name: 'look', parameters: { properties: {} } }],
        providerOptions: { max_tokens: 60 },
      }),
      recorded('anthropic-messages/text'),
    );
    assert.equal(sent.path, '/v1/messages');
    assert.deepEqual(sent.body, {
      model: 'claude-sonnet-4-5',
      max_tokens: 60,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      stream: true,
      system: 'Be brief.',
      temperature: 0.2,
      top_p: 0.9,
      top_k: 40,
      stop_sequences: ['END'],
      tools: [{ name: 'look', input_schema: { type: 'object', properties: {} } }],
    });
  });

  test('asks for the last version with sampler settings only when there is one', async () => {
    const version = async (settings: ChatRequest['settings']): Promise<unknown> => {
      const { sent } = await askedWith(make, ask({ settings }), recorded('anthropic-messages/text'));
      return sent.headers['anthropic-version'];
    };
    assert.equal(await version({ temperature: 0 }), '2023-06-01');
    assert.notEqual(await version({}), '2023-06-01');
  });

  test('asks for reasoning by a budget or by an effort, as the model has it', async () => {
    const body = async (model: string): Promise<Record<string, unknown>> => {
      const { sent } = await askedWith(
        make,
        ask({ model, settings: { reasoningEffort: 'low' } }),
        recorded('anthropic-messages/text'),
      );
      return sent.body as Record<string, unknown>;
    };
    const old = await body('claude-sonnet-4-5');
    assert.deepEqual(
      [old['thinking'], old['output_config']],
      [{ type: 'enabled', budget_tokens: 2048 }, undefined],
    );
    const young = await body('claude-opus-5');
    assert.deepEqual(
      [young['thinking'], young['output_config']],
      [{ type: 'adaptive', display: 'summarized' }, { effort: 'low' }],
    );
  });

  test('leaves out the samplers that the API refuses while a model reasons, and says so', async () => {
    const asked = async (settings: ChatRequest['settings']): Promise<unknown> => {
      const { sent, events } = await askedWith(make, ask({ settings }), recorded('anthropic-messages/text'));
      const { temperature, top_k, top_p } = sent.body as Record<string, unknown>;
      return [warningsOf(events), temperature, top_k, top_p];
    };
    assert.deepEqual(await asked({ reasoningEffort: 'low', temperature: 0.5, topK: 4, topP: 0.5 }), [
      ['temperature', 'topK', 'topP'],
      undefined,
      undefined,
      undefined,
    ]);
    assert.deepEqual(await asked({ reasoningEffort: 'low', temperature: 1, topP: 0.95 }), [
      [],
      1,
      undefined,
      0.95,
    ]);
    assert.deepEqual(await asked({ reasoningEffort: 'none', temperature: 0.5, topK: 4 }), [
      [],
      0.5,
      4,
      undefined,
    ]);
  });

  test('carries images, tool calls and their results', async () => {
    const { sent } = await askedWith(
      make,
      ask({
        messages: [
          { role: 'user', content: [{ type: 'image', url: 'data:image/png;base64,AAAA' }] },
          {
            role: 'assistant',
            content: [
              { type: 'text', text: '' },
              { type: 'tool-call', id: 'c1', name: 'look', arguments: 'not JSON' },
            ],
          },
          { role: 'tool', content: [{ type: 'tool-result', callId: 'c1', result: 'a cat', isError: true }] },
        ],
      }),
      recorded('anthropic-messages/text'),
    );
    assert.deepEqual((sent.body as { messages: unknown }).messages, [
      {
        role: 'user',
        content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }],
      },
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 'c1', name: 'look', input: { invalid: 'not JSON' } }],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'a cat', is_error: true }],
      },
    ]);
  });

  test('sends the key as a bearer token, or as x-api-key where the server wants that', async () => {
    const { sent } = await askedWith(make, ask(), recorded('anthropic-messages/text'));
    assert.equal(sent.headers.authorization, `Bearer ${testKey}`);
    const other = await askedWith(
      (connection) => new Anthropic(connection, 'x-api-key'),
      ask(),
      recorded('anthropic-messages/text'),
    );
    assert.deepEqual(
      [other.sent.headers['x-api-key'], other.sent.headers.authorization],
      [testKey, undefined],
    );
  });

  test('JSON without a schema is a warning', async () => {
    const { events } = await askedWith(
      make,
      ask({ responseFormat: { type: 'json' } }),
      recorded('anthropic-messages/text'),
    );
    assert.deepEqual(warningsOf(events), ['responseFormat']);
  });
});

describe('the stream of Messages', () => {
  test('gives reasoning, text and parallel tool calls, which count from 0', async () => {
    const body =
      start +
      event({ type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } }) +
      event({ type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hm.' } }) +
      event({ type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'x' } }) +
      event({ type: 'content_block_stop', index: 0 }) +
      event({ type: 'ping' }) +
      event({ type: 'something_new', index: 9 }) +
      event({ type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } }) +
      event({
        type: 'content_block_delta',
        index: 1,
        delta: {
          type: 'citations_delta',
          citation: { type: 'char_location', document_title: 'Guide', cited_text: 'Look first.' },
        },
      }) +
      event({ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'I look.' } }) +
      event({
        type: 'content_block_start',
        index: 2,
        content_block: { type: 'tool_use', id: 'a', name: 'look', input: {} },
      }) +
      event({
        type: 'content_block_start',
        index: 3,
        content_block: { type: 'tool_use', id: 'b', name: 'smell', input: {} },
      }) +
      event({
        type: 'content_block_delta',
        index: 2,
        delta: { type: 'input_json_delta', partial_json: '' },
      }) +
      event({
        type: 'content_block_delta',
        index: 2,
        delta: { type: 'input_json_delta', partial_json: '{"x":1}' },
      }) +
      event({ type: 'content_block_stop', index: 2 }) +
      event({ type: 'content_block_stop', index: 3 }) +
      stop('tool_use');
    const { events } = await askedWith(make, ask(), { headers: streamed, body });
    assert.deepEqual(events.filter(({ type }) => type !== 'usage').slice(1), [
      { type: 'reasoning', text: 'Hm.' },
      { type: 'citation', citation: { title: 'Guide', quote: 'Look first.' } },
      { type: 'text', text: 'I look.' },
      { type: 'tool-call', index: 0, id: 'a', name: 'look', arguments: '' },
      { type: 'tool-call', index: 1, id: 'b', name: 'smell', arguments: '' },
      { type: 'tool-call', index: 0, arguments: '{"x":1}' },
      { type: 'tool-call', index: 1, arguments: '{}' },
      { type: 'finish', reason: 'tool-calls', rawReason: 'tool_use' },
    ]);
  });

  test('adds what came from the cache to the input', async () => {
    const body =
      event({
        type: 'message_start',
        message: {
          id: 'msg_1',
          model: 'm',
          usage: {
            input_tokens: 10,
            cache_read_input_tokens: 100,
            cache_creation_input_tokens: 30,
            cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
            output_tokens: 1,
          },
        },
      }) + stop('end_turn', { output_tokens: 9, output_tokens_details: { thinking_tokens: 4 } });
    const { events } = await askedWith(make, ask(), { headers: streamed, body });
    assert.deepEqual(events.findLast((event) => event.type === 'usage')?.usage, {
      inputTokens: 140,
      outputTokens: 9,
      cachedTokens: 100,
      cacheWriteTokens: 30,
      cacheWriteHourTokens: 20,
      reasoningTokens: 4,
    });
  });

  test('a refusal is a finish of its own', async () => {
    const { events } = await askedWith(make, ask(), { headers: streamed, body: start + stop('refusal') });
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'content-filter', rawReason: 'refusal' });
  });

  test('the recorded limit of the output and the recorded tool call come through', async () => {
    const limit = await askedWith(make, ask(), recorded('anthropic-messages/max-tokens'));
    assert.deepEqual(limit.events.at(-1), { type: 'finish', reason: 'length', rawReason: 'max_tokens' });
    const call = await askedWith(make, ask(), recorded('anthropic-messages/tool-use'));
    const pieces = call.events.filter((event) => event.type === 'tool-call');
    assert.equal(pieces[0]?.name, 'getWeather');
    assert.equal(typeof JSON.parse(pieces.map((piece) => piece.arguments).join('')), 'object');
  });
});
