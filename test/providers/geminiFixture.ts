/** What Gemini says, and what it is asked. */
import { type ChatRequest, textMessage } from '../../src/core/chat.ts';
import type { Connection } from '../../src/providers/connection.ts';
import { Gemini } from '../../src/providers/gemini/gemini.ts';

export const model = 'gemini-2.5-flash';
export const candidate = (parts: readonly object[], rest: object = {}): object => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...rest }],
  modelVersion: model,
  responseId: 'r1',
});
export const said = (text: string, rest: object = {}): object => candidate([{ text }], rest);

export const make = (connection: Connection): Gemini => new Gemini(connection);
export const ask = (request: Partial<ChatRequest> = {}): ChatRequest => ({
  model,
  messages: [textMessage('user', 'Hello')],
  settings: {},
  ...request,
});
