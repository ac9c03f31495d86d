import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textMessage } from '../../src/core/chat.ts';
import { askedWith } from '../support/asked.ts';
import { testConnection, testKey } from '../support/connection.ts';
import { recorded } from '../support/recorded.ts';
import { eventStream, ReplayServer } from '../support/replayServer.ts';
import { errorOf, warningsOf } from './contract.ts';
import { ask, make, said } from './geminiFixture.ts';

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
