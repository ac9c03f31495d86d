import { OpenAi } from '../../src/providers/openai/openai.ts';
import { recorded, type Reply } from '../support/replayServer.ts';
import { serviceContract } from './serviceContract.ts';

const chunk = (delta: object, rest: object = {}): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', model: 'gpt-4o-2024-08-06', choices: [{ index: 0, delta, ...rest }] })}\n\n`;
const streamed = { 'content-type': 'text/event-stream' };

const endless: Reply = {
  headers: streamed,
  body: chunk({ role: 'assistant', content: '' }) + chunk({ content: 'Once' }),
  endless: chunk({ content: ' more' }),
};

serviceContract('OpenAI over Chat Completions', {
  make: (connection) => new OpenAi(connection),
  model: 'gpt-4o',
  answer: recorded('openai-chat/text'),
  answerText: textOf('openai-chat/text'),
  endless,
  failure: `data: {"error":{"message":"The server had an error","type":"server_error","code":null}}\n\n`,
  garbage: 'data: {"oops\n\n',
  notTaken: { subject: 'topK', settings: { topK: 5 } },
  overflow: recorded('openai-chat/error-overflow'),
});

/** The content of a recorded stream, read without the SDK. */
function textOf(name: string): string {
  return recorded(name)
    .text.split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map(
      (line) =>
        (JSON.parse(line.slice(6)) as { choices: { delta: { content?: string } }[] }).choices[0]?.delta
          .content ?? '',
    )
    .join('');
}
