import { OpenAi } from '../../src/providers/openai/openai.ts';
import { recorded, type Reply } from '../support/replayServer.ts';
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
  failure: event({
    type: 'response.failed',
    response: { id: 'resp_1', error: { code: 'server_error', message: 'The model failed to answer.' } },
  }),
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
