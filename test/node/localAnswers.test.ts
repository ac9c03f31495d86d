/** What the real engine's answers become: thoughts, tool calls, and text that is continued. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ChatEvent, type ChatRequest, type Message, textMessage } from '../../src/core/chat.ts';
import { scriptedModel, toolCallAnswer } from '../models/scripted.ts';
import { errorOf, textOfAnswer } from '../providers/contract.ts';
import { answer, ask, newRuntime, write } from './localFixture.ts';

const runtime = newRuntime();

const turns = '{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}';
const answerPlace = '{% if add_generation_prompt %}<|assistant|>{% endif %}';
const thinking =
  turns +
  '{% if add_generation_prompt %}<|assistant|>{% if enable_thinking %}<think>\n{% else %}<think>\n\n</think>\n\n{% endif %}{% endif %}';
const withTools = `{% if tools %}<|system|>{{ tools | tojson }}<|end|>{% endif %}${turns}${answerPlace}{# <tool_call> #}`;

const now = { name: 'now', description: 'The time.', parameters: { type: 'object' } };

describe('a model that thinks', () => {
  const path = write(
    'thinking.gguf',
    scriptedModel({
      answer: ['Hm', ',', ' let', ' me', ' see', '.\n', '</thi', 'nk>\n\n', 'Two', ', I', ' say', '.'],
      template: thinking,
    }),
  );

  test('gives its thoughts apart from its answer, and counts them', async () => {
    const events = await answer(runtime, ask(path, { logprobs: 1 }));
    assert.equal(reasoningOf(events), 'Hm, let me see.');
    assert.equal(textOfAnswer(events), 'Two, I say.');
    const bytes = events.flatMap((event) =>
      event.type === 'text' ? (event.logprobs ?? []).flatMap(({ bytes: own = [] }) => own) : [],
    );
    assert.equal(Buffer.from(bytes).toString(), 'Two, I say.');
    const usage = events.findLast((event) => event.type === 'usage')?.usage;
    assert.ok((usage?.reasoningTokens ?? 0) >= 5, JSON.stringify(usage));
    assert.ok((usage?.reasoningTokens ?? 0) < (usage?.outputTokens ?? 0));
  });

  test('answers without a thought where none is asked for', async () => {
    const events = await answer(runtime, ask(path, { reasoningEffort: 'none', maxOutputTokens: 3 }));
    assert.equal(reasoningOf(events), '');
    assert.deepEqual(warningsOf(events), []);
  });

  test('says that it knows no other effort', async () => {
    const events = await answer(runtime, ask(path, { reasoningEffort: 'low', maxOutputTokens: 1 }));
    assert.deepEqual(warningsOf(events), ['reasoningEffort']);
  });
});

describe('a model whose template knows tools', () => {
  const path = write(
    'tools.gguf',
    scriptedModel({
      answer: piecesOf(`Wait. ${toolCallAnswer('now', { zone: 'UTC' })}`),
      template: withTools,
    }),
  );

  test('calls them', async () => {
    const events = await answer(runtime, { ...ask(path), tools: [now] });
    assert.equal(textOfAnswer(events), 'Wait. ');
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'tool-call' ? [[event.name, event.arguments]] : [])),
      [['now', '{"zone":"UTC"}']],
    );
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'tool-calls', rawReason: 'eos' });
    assert.deepEqual(warningsOf(events), []);
  });

  test('reads them, the calls and their results', async () => {
    const inputTokens = async (request: Partial<ChatRequest>): Promise<number> => {
      const events = await answer(runtime, { ...ask(path, { maxOutputTokens: 1 }), ...request });
      return events.findLast((event) => event.type === 'usage')?.usage.inputTokens ?? 0;
    };
    const messages: Message[] = [
      textMessage('user', 'What time is it?'),
      { role: 'assistant', content: [{ type: 'tool-call', id: 'a', name: 'now', arguments: '{}' }] },
      { role: 'tool', content: [{ type: 'tool-result', callId: 'a', result: 'twelve' }] },
    ];
    assert.ok((await inputTokens({ tools: [now] })) > (await inputTokens({})));
    assert.ok((await inputTokens({ messages })) > (await inputTokens({ messages: messages.slice(0, 1) })));
  });

  test('writes what is no call as text, with a warning', async () => {
    const broken = write(
      'broken.gguf',
      scriptedModel({ answer: piecesOf('<tool_call>{"name": no}</tool_call>'), template: withTools }),
    );
    const events = await answer(runtime, { ...ask(broken), tools: [now] });
    assert.equal(textOfAnswer(events), '<tool_call>{"name": no}</tool_call>');
    assert.deepEqual(warningsOf(events), ['tools']);
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop', rawReason: 'eos' });
  });
});

describe('a model without a chat template', () => {
  const path = write(
    'base.gguf',
    scriptedModel({ answer: ['Once', ' upon', ' a', ' time.'], template: null }),
  );

  test('continues a text', async () => {
    const request = { ...ask(path, { temperature: 0 }), messages: [textMessage('user', 'Once upon')] };
    assert.equal(textOfAnswer(await answer(runtime, request)), ' a time.');
  });

  test('says that it does not answer messages', async () => {
    const messages = [textMessage('system', 'Be brief.'), textMessage('user', 'Hi')];
    const error = await errorOf(runtime.stream({ ...ask(path), messages }, new AbortController().signal));
    assert.equal(error.kind, 'bad-request');
    assert.match(error.message, /continues one text .* use the instruct or chat version/);
  });
});

test('a model with a chat template continues a text where the option "raw" asks for it', async () => {
  const path = write('raw.gguf', scriptedModel({ answer: ['Once', ' upon', ' a', ' time.'] }));
  const request = {
    ...ask(path, { temperature: 0 }),
    messages: [textMessage('user', 'Once upon')],
    providerOptions: { raw: true },
  };
  const events = await answer(runtime, request);
  assert.equal(textOfAnswer(events), ' a time.');
  assert.deepEqual(warningsOf(events), []);
});

/** Cut into pieces of six characters, no two of which are equal. */
function piecesOf(text: string): string[] {
  const pieces = text.match(/[\s\S]{1,6}/g) ?? [];
  assert.equal(new Set(pieces).size, pieces.length, pieces.join('|'));
  return pieces;
}

function reasoningOf(events: readonly ChatEvent[]): string {
  return events.map((event) => (event.type === 'reasoning' ? event.text : '')).join('');
}

function warningsOf(events: readonly ChatEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.type === 'start') return event.warnings.map(({ subject }) => subject);
    return event.type === 'warning' ? [event.warning.subject] : [];
  });
}
