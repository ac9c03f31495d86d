import { Anthropic } from '../../src/providers/anthropic/anthropic.ts';
import { recorded, type Reply } from '../support/replayServer.ts';
import { serviceContract } from './serviceContract.ts';

const event = (data: { readonly type: string; readonly [field: string]: unknown }): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const textDelta = (text: string): string =>
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });

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
  failure: event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
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
