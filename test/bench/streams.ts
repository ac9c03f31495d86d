/** A stream of `tokens` tokens as each service sends it, after the recorded shapes, for the benches of the adapters. */
export type StreamKind = 'chat' | 'responses' | 'anthropic' | 'ollama' | 'gemini';

export interface BenchStream {
  readonly contentType: string;
  readonly begin: string;
  /** One token. */
  readonly token: string;
  readonly end: (tokens: number) => string;
}

const sse = (data: object, event?: string): string =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;
const named = (data: { readonly type: string; readonly [field: string]: unknown }): string =>
  sse(data, data.type);
const line = (data: object): string => `${JSON.stringify(data)}\n`;

const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1795390361, model: 'bench' };
const ollama = { model: 'bench', created_at: '2026-11-24T00:00:00.000000Z' };

export const streams: Readonly<Record<StreamKind, BenchStream>> = {
  chat: {
    contentType: 'text/event-stream',
    begin: sse({
      ...chunk,
      choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
    }),
    token: sse({ ...chunk, choices: [{ index: 0, delta: { content: ' word' }, finish_reason: null }] }),
    end: (tokens) =>
      sse({ ...chunk, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }) +
      sse({ ...chunk, choices: [], usage: { prompt_tokens: 5, completion_tokens: tokens } }) +
      'data: [DONE]\n\n',
  },
  responses: {
    contentType: 'text/event-stream',
    begin: named({ type: 'response.created', response: { id: 'resp_1', model: 'bench' } }),
    token: named({
      type: 'response.output_text.delta',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      delta: ' word',
    }),
    end: (tokens) =>
      named({
        type: 'response.completed',
        response: { status: 'completed', usage: { input_tokens: 5, output_tokens: tokens } },
      }),
  },
  anthropic: {
    contentType: 'text/event-stream',
    begin:
      named({
        type: 'message_start',
        message: { id: 'msg_1', model: 'bench', usage: { input_tokens: 5, output_tokens: 1 } },
      }) + named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    token: named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: ' word' } }),
    end: (tokens) =>
      named({ type: 'content_block_stop', index: 0 }) +
      named({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: tokens } }) +
      named({ type: 'message_stop' }),
  },
  ollama: {
    contentType: 'application/x-ndjson',
    begin: '',
    token: line({ ...ollama, message: { role: 'assistant', content: ' word' }, done: false }),
    end: (tokens) =>
      line({
        ...ollama,
        message: { role: 'assistant', content: '' },
        done: true,
        done_reason: 'stop',
        prompt_eval_count: 5,
        eval_count: tokens,
      }),
  },
  gemini: {
    contentType: 'text/event-stream',
    begin: '',
    token: sse({
      candidates: [{ content: { parts: [{ text: ' word' }], role: 'model' }, index: 0 }],
      modelVersion: 'bench',
      responseId: 'r1',
    }),
    end: (tokens) =>
      sse({
        candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, finishReason: 'STOP', index: 0 }],
        usageMetadata: { promptTokenCount: 5, candidatesTokenCount: tokens, totalTokenCount: tokens + 5 },
        modelVersion: 'bench',
        responseId: 'r1',
      }),
  },
};
