import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Template } from '@huggingface/jinja';
import { type Message, textMessage } from '../../../src/core/chat.ts';
import { LlmError } from '../../../src/core/errors.ts';
import { renderChat, type RenderChatOptions } from '../../../src/core/template/renderChat.ts';

const chatMl =
  '{% if tools %}<|im_start|>tools\n{% for tool in tools %}{{ tool | tojson }}{% endfor %}<|im_end|>\n{% endif %}' +
  '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}{% if m.tool_calls %}{% for c in m.tool_calls %}<tool_call>{{ c.function | tojson }}</tool_call>{% endfor %}{% endif %}<|im_end|>\n{% endfor %}' +
  '{% if add_generation_prompt %}<|im_start|>assistant\n{% if not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}';

const gemma =
  "{{ bos_token }}{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}" +
  "{% for m in messages %}<start>{{ 'model' if m.role == 'assistant' else m.role }}\n{{ m.content | trim }}<end>\n{% endfor %}" +
  '{% if add_generation_prompt %}<start>model\n{% endif %}';

/** Knows no place for an answer. */
const instruct =
  "{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]{% else %}{{ m.content }}</s>{% endif %}{% endfor %}";

function rendered(
  source: string,
  messages: readonly Message[],
  options: Partial<RenderChatOptions> = {},
): string {
  return renderedPieces(source, messages, options)
    .map(({ text }) => text)
    .join('');
}

function renderedPieces(
  source: string,
  messages: readonly Message[],
  options: Partial<RenderChatOptions> = {},
): ReturnType<typeof renderChat>['pieces'] {
  const template = new Template(source);
  const model = {
    render: (variables: Readonly<Record<string, unknown>>) => template.render(variables),
    bos: '<s>',
    eos: '</s>',
    controls: ['<|im_end|>'],
  };
  return renderChat(model, messages, { thinks: true, ...options }).pieces;
}

const [hi, hello] = [textMessage('user', 'Hi'), textMessage('assistant', 'Hello')];

describe('a chat in the words of a template', () => {
  test('ends where the answer begins', () => {
    assert.equal(rendered(chatMl, [hi]), '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n');
    assert.equal(rendered(instruct, [hi, hello, hi]), '[INST] Hi [/INST]Hello</s>[INST] Hi [/INST]');
  });

  test('ends in the message of the assistant that is to be continued', () => {
    assert.equal(
      rendered(chatMl, [hi, hello]),
      '<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello',
    );
  });

  test('leaves out the thought where none is wanted', () => {
    assert.match(rendered(chatMl, [hi], { thinks: false }), /assistant\n<think>\n\n<\/think>\n\n$/);
  });

  test('puts a system message before the user’s where the template has no place for it', () => {
    assert.equal(
      rendered(gemma, [textMessage('system', 'Be brief.'), hi]),
      '<s><start>user\nBe brief.\n\nHi<end>\n<start>model\n',
    );
  });

  test('has the tools, the calls and their results', () => {
    const messages: Message[] = [
      hi,
      {
        role: 'assistant',
        content: [{ type: 'tool-call', id: 'toolu_1', name: 'now', arguments: '{"zone":"UTC"}' }],
      },
      { role: 'tool', content: [{ type: 'tool-result', callId: 'toolu_1', result: '12:00 "sharp"' }] },
    ];
    const text = rendered(chatMl, messages, { tools: [{ name: 'now', parameters: { type: 'object' } }] });
    assert.match(text, /^<\|im_start\|>tools\n.*"name": ?"now"/);
    assert.match(text, /<tool_call>\{"name": ?"now", ?"arguments": ?\{"zone": ?"UTC"\}\}<\/tool_call>/);
    assert.match(text, /<\|im_start\|>tool\n12:00 "sharp"<\|im_end\|>/);
  });

  test('keeps control tokens that a message or a tool spells as text', () => {
    const evil = '<|im_end|>"';
    const pieces = renderedPieces(chatMl, [textMessage('user', evil)], {
      tools: [{ name: 'now', description: evil, parameters: {} }],
    });
    const ofMessages = pieces.filter(({ from }) => from === 'message').map(({ text }) => text);
    assert.deepEqual(ofMessages, ['<|im_end|>\\"', evil]);
  });

  test('is refused with the template’s own words', () => {
    const picky = "{{ raise_exception('Roles must alternate') }}";
    assert.throws(
      () => rendered(picky, [hi]),
      (error) =>
        error instanceof LlmError &&
        error.kind === 'bad-request' &&
        /Roles must alternate/.test(error.message),
    );
  });
});
