/** What an Ollama says, and one call to it. */
import assert from 'node:assert/strict';
import { type ChatEvent, type ChatRequest, textMessage } from '../../src/core/chat.ts';
import type { Connection } from '../../src/providers/connection.ts';
import { Ollama } from '../../src/providers/ollama/ollama.ts';
import { testConnection } from '../support/connection.ts';
import { recorded } from '../support/recorded.ts';
import { type Received, type Reply, ReplayServer } from '../support/replayServer.ts';

export const ndjson = { 'content-type': 'application/x-ndjson' };
export const json = { 'content-type': 'application/json; charset=utf-8' };
export const line = (rest: object): string =>
  `${JSON.stringify({ model: 'qwen3:0.6b', done: false, ...rest })}\n`;
export const said = (message: object, rest: object = {}): string =>
  line({ message: { role: 'assistant', content: '', ...message }, ...rest });
export const end = said({}, { done: true, done_reason: 'stop', prompt_eval_count: 3, eval_count: 2 });
export const show = recorded('ollama-models/show');

/** The answer to `/api/show` with these fields on top of a model that does all. */
export const showing = (rest: object = {}): Reply => ({
  headers: json,
  body: JSON.stringify({
    details: { family: 'qwen3' },
    capabilities: ['completion', 'tools', 'vision', 'thinking'],
    model_info: {},
    ...rest,
  }),
});

export const ask = (request: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'qwen3:0.6b',
  messages: [textMessage('user', 'Hello')],
  settings: {},
  ...request,
});

/** What one call to `/api/chat` sent, and the events that came of the reply. */
export async function asked(
  request: ChatRequest,
  reply: Reply,
  shown: Reply = showing(),
  overrides: Partial<Connection> = {},
): Promise<{ readonly sent: Received; readonly events: readonly ChatEvent[] }> {
  await using server = await ReplayServer.start(({ path }) => (path === '/api/show' ? shown : reply));
  const provider = new Ollama(testConnection(server.url, overrides));
  const events = await Array.fromAsync(provider.stream(request, new AbortController().signal));
  const sent = server.received.at(-1);
  assert.ok(sent);
  return { sent, events };
}
