/** Services refuse fields that they do not know, so of an attached text only the text may reach them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attachedPart } from '../../src/core/attachment.ts';
import type { ChatRequest } from '../../src/core/chat.ts';
import { messagesBodyOf } from '../../src/providers/anthropic/messagesRequest.ts';
import { contentRequestOf } from '../../src/providers/gemini/contentRequest.ts';
import { chatBodyOf as ollamaBodyOf } from '../../src/providers/ollama/chatRequest.ts';
import { chatBodyOf } from '../../src/providers/openai/chatRequest.ts';
import { responsesBodyOf } from '../../src/providers/openai/responsesRequest.ts';

const attached = attachedPart({ path: 'src/secret-name.ts', lines: [3, 4] }, 'a + b', 'ts');
const image = { type: 'image', url: 'data:image/png;base64,AAAA' } as const;
const request: ChatRequest = {
  model: 'm',
  messages: [{ role: 'user', content: [image, attached, { type: 'text', text: 'Why?' }] }],
  settings: {},
};

for (const [service, body] of [
  ['OpenAI', responsesBodyOf(request)],
  ['a compatible server', chatBodyOf(request, 'max_tokens')],
  ['Anthropic', messagesBodyOf(request)],
  ['Gemini', contentRequestOf(request, new AbortController().signal)],
  ['Ollama', ollamaBodyOf(request, { namedEffort: false })],
] as const) {
  test(`an attached text is sent to ${service} as text and nothing else`, () => {
    const sent = JSON.stringify(body);
    assert.doesNotMatch(sent, /"attachment"|"lines"/);
    assert.match(sent, /a \+ b/);
    assert.match(sent, /Why\?/);
  });
}
