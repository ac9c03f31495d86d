import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attachedPart } from '../../src/core/attachment.ts';
import { textOf } from '../../src/core/chat.ts';
import { type ModelView } from '../../src/protocol.ts';
import { start, stop, text, usage, type Step } from '../core/run/scriptedProvider.ts';
import type { PreparedRun } from '../../src/core/run/prepareRun.ts';
import { expected, plain, says, talkOf } from './talk.ts';

test('a follow-up sends the prompt, its answer and the message, and stands below them', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Because.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  assert.deepEqual(talk.sent(), ['user: What is a token?', 'assistant: Bytes.', 'user: Why?']);
  assert.deepEqual(talk.shown('1'), ['Bytes.', 'Why?', 'Because.']);
});

test('what was expected of an answer is kept with it', async () => {
  using talk = talkOf(['1'], says('Bytes.'));
  await talk.run('1');
  const { run } = talk.lane('1');
  assert.deepEqual(run?.estimate, expected);
  assert.deepEqual(talk.store.get(run.id)?.estimate, expected);
});

test('an edited message stands beside the old one, and each keeps its answer', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Because.'), says('So.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  const old = talk.lane('1').turns[1]?.id ?? '';
  await talk.ask('1', (chat, lane) => chat.edit(lane, old, 'How?'));
  assert.deepEqual(talk.sent(), ['user: What is a token?', 'assistant: Bytes.', 'user: How?']);
  assert.deepEqual(talk.shown('1'), ['Bytes.', 'How?', 'So.']);
  const edited = talk.lane('1').turns[1];
  assert.deepEqual(edited?.siblings, [old, edited?.id]);
  talk.turnTo('1', old);
  assert.deepEqual(talk.shown('1'), ['Bytes.', 'Why?', 'Because.']);
});

test('what is attached is sent before the text, told apart from it, and stays with an edited message', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Because.'), says('So.'));
  const attached = attachedPart({ path: 'a.ts', lines: [3, 4] }, 'a + b', 'ts');
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?', [attached]));
  assert.deepEqual(talk.sentParts().at(-1)?.content, [attached, { type: 'text', text: 'Why?' }]);
  const said = talk.lane('1').turns[1];
  assert.deepEqual([said?.text, said?.parts], ['Why?', [attached]]);
  await talk.ask('1', (chat, lane) => chat.edit(lane, said?.id ?? '', 'How?'));
  assert.deepEqual(talk.sentParts().at(-1)?.content, [attached, { type: 'text', text: 'How?' }]);
});

test('an attached text goes without a word', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Because.'));
  const attached = attachedPart({ path: 'a.ts' }, 'a + b', 'ts');
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, ' ', [attached]));
  assert.deepEqual(talk.sentParts().at(-1)?.content, [attached]);
});

test('a first answer is tried again beside the old one', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Pieces.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.retry(lane));
  assert.deepEqual(talk.sent(), ['user: What is a token?']);
  assert.deepEqual(talk.shown('1'), ['Pieces.']);
  const { message } = talk.lane('1');
  assert.equal(message?.siblings.indexOf(message.id), 1);
  talk.turnTo('1', message.siblings[0] ?? '');
  assert.deepEqual(talk.shown('1'), ['Bytes.']);
});

test('a message is deleted with what follows it, and comes back', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Because.'), says('So.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  await talk.ask('1', (chat, lane) => chat.send(lane, 'And?'));
  const { deleted, shown } = talk.chat.delete(talk.lane('1'), talk.lane('1').turns[1]?.id ?? '');
  talk.change('1', shown ?? {});
  assert.deepEqual(talk.shown('1'), ['Bytes.']);
  assert.equal(deleted.count, 4);
  talk.change('1', talk.chat.restore('1', deleted) ?? {});
  assert.deepEqual(talk.shown('1'), ['Bytes.', 'Why?', 'Because.', 'And?', 'So.']);
});

test('what follows a deleted answer is a run of the same version, with its variables and tools', async () => {
  using talk = talkOf({ ids: ['1'], prepared: ofVersion }, says('Bytes.'), says('Pieces.'), says('Because.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  const [question] = talk.lane('1').turns.slice(-1);
  const answer = talk.lane('1').message?.id ?? '';
  const { shown } = talk.chat.delete(talk.lane('1'), answer);
  talk.change('1', shown ?? {});
  assert.deepEqual([talk.lane('1').run, talk.lane('1').message?.id], [null, question?.id]);
  await talk.ask('1', (chat, lane) => chat.retry(lane));
  const { prompt, variables, request } = talk.lane('1').run ?? {};
  assert.deepEqual(
    [prompt, variables, request?.tools],
    [ofVersion.input.prompt, ofVersion.input.variables, ofVersion.input.request.tools],
  );
});

test('an answer that is deleted leaves its place to the one beside it', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Pieces.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.retry(lane));
  talk.change('1', talk.chat.delete(talk.lane('1'), talk.lane('1').message?.id ?? '').shown ?? {});
  assert.deepEqual(talk.shown('1'), ['Bytes.']);
});

test('results of tools go below the calls, and the calls are sent with them', async () => {
  const call: Step = { type: 'tool-call', index: 0, id: 'c1', name: 'now', arguments: '{}' };
  using talk = talkOf(['1'], [start, call, { type: 'finish', reason: 'tool-calls' }], says('Noon.'));
  await talk.run('1');
  const results = [{ type: 'tool-result', callId: 'c1', result: '12:00' }] as const;
  await talk.ask('1', (chat, lane) => chat.answerCalls(lane, results));
  assert.deepEqual(talk.sentParts().slice(1), [
    { role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'now', arguments: '{}' }] },
    { role: 'tool', content: results },
  ]);
  assert.deepEqual(talk.lane('1').turns[1]?.parts, results);
  assert.equal(talk.lane('1').run?.text, 'Noon.');
});

test('an answer that was cut off is continued below it', async () => {
  const cut: Step[] = [start, text('Byt'), { type: 'finish', reason: 'length' }];
  using talk = talkOf(['1'], cut, says('es.'), says('Yes.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.resume(lane));
  assert.deepEqual(talk.sent()?.slice(0, 2), ['user: What is a token?', 'assistant: Byt']);
  assert.match(talk.sent()?.[2] ?? '', /^user: .*cut off/);
  assert.deepEqual([talk.shown('1'), talk.lane('1').lead], [['es.'], 'Byt']);
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Sure?'));
  assert.deepEqual(talk.sent(), ['user: What is a token?', 'assistant: Bytes.', 'user: Sure?']);
  assert.deepEqual(talk.shown('1'), ['Bytes.', 'Sure?', 'Yes.']);
});

test('a model that goes on with its own text gets nothing else to continue', async () => {
  using talk = talkOf(['1'], [start, text('Byt'), { type: 'finish', reason: 'length' }], says('es.'));
  await talk.run('1');
  const capabilities = { continues: true } as ModelView['capabilities'];
  talk.change('1', { model: { id: 'scripted/one', name: 'One', capabilities } });
  await talk.ask('1', (chat, lane) => chat.resume(lane));
  assert.deepEqual(talk.sent(), ['user: What is a token?', 'assistant: Byt']);
});

test('a chat without a prompt begins with its first message, below its system prompt', async () => {
  using talk = talkOf({ ids: ['1', '2'], chatId: 'c1' }, says('Hi.'), says('Ho.'), says('Fine.'));
  talk.chat.setSystem('Be brief.', [talk.lane('1'), talk.lane('2')]);
  for (const id of ['1', '2']) await talk.ask(id, (chat, lane) => chat.send(lane, 'Hello'));
  assert.deepEqual(talk.sent(), ['system: Be brief.', 'user: Hello']);
  assert.deepEqual(talk.shown('2'), ['Hello', 'Ho.']);
  assert.equal(talk.lane('2').turns[0]?.siblings.length, 1, 'lanes share what was said');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'How are you?'));
  assert.deepEqual(talk.sent(), ['system: Be brief.', 'user: Hello', 'assistant: Hi.', 'user: How are you?']);
  const stored = talk.store.conversations.get('c1')?.conversation;
  assert.deepEqual([stored?.title, stored?.system, stored?.lanes.length], ['Hello', 'Be brief.', 2]);
});

test('earlier answers keep their model, usage and end, and all that they said', async () => {
  const call = { type: 'tool-call', id: 'k', name: 'now', arguments: '{}' } as const;
  const citation = { url: 'https://example.org/', title: 'A page' };
  const whole: Step[] = [
    start,
    { type: 'reasoning', text: 'Hm.' },
    text('Bytes.'),
    { ...call, index: 0 },
    { type: 'citation', citation },
    usage(5, 2),
    stop,
  ];
  using talk = talkOf(['1'], whole, says('Because.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  assert.deepEqual(talk.lane('1').turns[0]?.answer, {
    modelId: 'scripted/one',
    servedModel: 'scripted-1',
    usage: { inputTokens: 5, outputTokens: 2 },
    outcome: { status: 'finished', reason: 'stop' },
    reasoning: 'Hm.',
    toolCalls: [call],
    citations: [citation],
  });
});

test('lanes share one conversation, each with a path of its own', async () => {
  using talk = talkOf(['1', '2'], says('Left.'), says('Right.'), says('Left again.'), says('Right again.'));
  for (const id of ['1', '2']) await talk.run(id);
  for (const id of ['1', '2']) await talk.ask(id, (chat, lane) => chat.send(lane, 'Again?'));
  assert.deepEqual(talk.shown('1'), ['Left.', 'Again?', 'Left again.']);
  assert.deepEqual(talk.shown('2'), ['Right.', 'Again?', 'Right again.']);
  assert.equal(talk.chat.idOf(talk.lane('1')), talk.chat.idOf(talk.lane('2')));
  assert.equal(talk.lane('2').message?.siblings.length, 1);
  assert.equal(talk.store.conversations.list({ limit: 9 }).entries.length, 1);
});

test('a turn that a model cannot begin leaves the conversation as it was', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Because.'), says('Right.'));
  await talk.run('1');
  talk.change('1', { modelId: 'nobody/one' });
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  assert.match(talk.lane('1').problem?.message ?? '', /no provider "nobody"/);
  assert.deepEqual(talk.shown('1'), ['Bytes.']);
  talk.change('1', { modelId: null });
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  assert.equal(talk.lane('1').problem, null);
  assert.deepEqual(talk.shown('1'), ['Bytes.', 'Why?', 'Because.']);
});

test('an answer that fails keeps its place, and the next message goes without it', async () => {
  using talk = talkOf(['1'], says('Bytes.'), [start, new Error('gone')], says('Because.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  assert.equal(talk.lane('1').run?.outcome.status, 'failed');
  await talk.ask('1', (chat, lane) => chat.retry(lane));
  assert.deepEqual(talk.shown('1'), ['Bytes.', 'Why?', 'Because.']);
  assert.equal(talk.lane('1').message?.siblings.length, 2);
});

test('running the prompt again leaves the conversation, and the next follow-up begins another', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Because.'), says('Pieces.'), says('Well.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  const first = talk.chat.idOf(talk.lane('1'));
  await talk.run('1');
  assert.deepEqual(talk.shown('1'), ['Pieces.']);
  assert.equal(talk.chat.idOf(talk.lane('1')), null);
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  assert.notEqual(talk.chat.idOf(talk.lane('1')), first);
  assert.deepEqual(talk.shown('1'), ['Pieces.', 'Why?', 'Well.']);
});

test('what a lane has talked about is told apart from its prompt, and changes nothing', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Because.'));
  await talk.run('1');
  const texts = () => {
    const { messages, promptMessages } = talk.chat.saidIn(talk.lane('1'));
    return [promptMessages, ...messages.map(textOf)];
  };
  assert.deepEqual(texts(), [1, 'What is a token?', 'Bytes.']);
  const kept = talk.store.conversations.list({ limit: 9 });
  assert.equal(talk.chat.saidIn(talk.lane('1')).messages.length, 2);
  assert.deepEqual(talk.store.conversations.list({ limit: 9 }), kept);
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  assert.deepEqual(texts(), [1, 'What is a token?', 'Bytes.', 'Why?', 'Because.']);
});

/** A run of one version of a prompt. */
const ofVersion: PreparedRun = {
  ...plain,
  input: {
    ...plain.input,
    prompt: { uri: 'file:///a.prompt', name: 'a@v1.prompt', version: 'v1' },
    variables: { topic: 'tokens' },
    request: { ...plain.input.request, tools: [{ name: 'look', description: '', parameters: {} }] },
  },
};
