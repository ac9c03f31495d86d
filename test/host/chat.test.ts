import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { textMessage, textOf } from '../../src/core/chat.ts';
import type { PreparedRun } from '../../src/core/run/prepareRun.ts';
import { Chat, followUp, type Turn } from '../../src/host/chat.ts';
import { laneMessage } from '../../src/host/chatTurns.ts';
import { EventBatch } from '../../src/host/eventBatch.ts';
import { emptyLane, Lane } from '../../src/host/lane.ts';
import type { SessionSurroundings } from '../../src/host/sessionSurroundings.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import {
  emptyPanel,
  foldPanel,
  type HostMessage,
  type LaneView,
  type PanelState,
} from '../../src/protocol.ts';
import { ScriptedProvider, start, type Step, stop, text, usage } from '../core/run/scriptedProvider.ts';

const folder = mkdtempSync(join(tmpdir(), 'chat-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

test('a follow-up sends the prompt, its answer and the message, and stands below them', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Because.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  assert.deepEqual(talk.sent(), ['user: What is a token?', 'assistant: Bytes.', 'user: Why?']);
  assert.deepEqual(talk.shown('1'), ['Bytes.', 'Why?', 'Because.']);
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
  assert.deepEqual(talk.sent(), ['user: What is a token?', 'assistant: Byt']);
  assert.deepEqual(talk.shown('1'), ['Byt', 'es.']);
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Sure?'));
  assert.deepEqual(talk.sent(), ['user: What is a token?', 'assistant: Bytes.', 'user: Sure?']);
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
    const { messages, promptMessages } = talk.chat.talk(talk.lane('1'));
    return [promptMessages, ...messages.map(textOf)];
  };
  assert.deepEqual(texts(), [1, 'What is a token?', 'Bytes.']);
  const kept = talk.store.conversations.list({ limit: 9 });
  assert.equal(talk.chat.talk(talk.lane('1')).messages.length, 2);
  assert.deepEqual(talk.store.conversations.list({ limit: 9 }), kept);
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  assert.deepEqual(texts(), [1, 'What is a token?', 'Bytes.', 'Why?', 'Because.']);
});

test('a kept conversation comes back as it was left', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Because.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  const again = new Chat(talk.store, 'file:///a.prompt', talk.chat.idOf(talk.lane('1')));
  const { turns, earlier, message, run } = talk.lane('1');
  assert.deepEqual(again.shown('1'), { turns, earlier, message, run });
  assert.equal(again.shown('2'), undefined);
});

test('a conversation that was deleted meanwhile says what to do', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Because.'), says('Pieces.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  talk.store.conversations.delete(talk.chat.idOf(talk.lane('1')) ?? '');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'And?'));
  assert.match(talk.lane('1').problem?.message ?? '', /Run the prompt again/);
});

test('a conversation of 2,000 messages shows the last 50 turns, and earlier ones when asked', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('So.'));
  await talk.run('1');
  const run = talk.lane('1').run ?? assert.fail();
  const { conversations } = talk.store;
  const messages = Array.from({ length: 2_000 }, (_, at) => ({
    id: `m${at}`,
    conversationId: 'long',
    parentId: at === 0 ? null : `m${at - 1}`,
    role: at % 2 === 0 ? ('user' as const) : ('assistant' as const),
    createdAt: at,
    ...(at % 2 === 0
      ? { content: [{ type: 'text' as const, text: `Question ${at}` }] }
      : { content: [], runId: `r${at}` }),
  }));
  const { conversation } = conversations.get(conversations.create().id) ?? assert.fail();
  const { id } = conversations.import({
    conversation: { ...conversation, id: 'long', lanes: [{ ...talk.lane('1'), headId: 'm1999' }] },
    messages,
    runs: messages.flatMap((message) => ('runId' in message ? [{ ...run, id: message.runId }] : [])),
  });
  const chat = new Chat(talk.store, 'file:///a.prompt', id);
  talk.change('1', chat.shown('1') ?? {});
  assert.deepEqual([talk.lane('1').turns.length, talk.lane('1').earlier], [50, 1_948]);

  talk.posted.length = 0;
  await talk.ask('1', (_, lane) => chat.send(lane, 'Still there?'));
  talk.change('1', chat.earlier(talk.lane('1')) ?? {});
  assert.deepEqual(talk.shown('1').slice(-3), ['Bytes.', 'Still there?', 'So.']);
  assert.deepEqual([talk.lane('1').turns.length, talk.lane('1').earlier], [102, 1_898]);
  const changes = talk.posted.flatMap((message) => (message.type === 'lane' ? (message.turns ?? []) : []));
  assert.deepEqual(
    changes.map(({ from, removed, added }) => [from, removed, added.length]),
    [
      [50, 0, 2],
      [0, 0, 50],
    ],
  );
});

function says(answer: string): Step[] {
  return [start, text(answer), stop];
}

/** Lanes of one prompt at a scripted model, over a history of their own. */
function talkOf(ids: readonly string[], ...scripts: (readonly Step[])[]) {
  const store = new SqliteStore(join(folder, `${++files}.sqlite`), Date.now);
  const provider = new ScriptedProvider(...scripts);
  const chat = new Chat(store, 'file:///a.prompt', null);
  let state: PanelState = { ...emptyPanel, lanes: ids.map((id) => ({ ...emptyLane, id })) };
  const posted: HostMessage[] = [];
  const post = (message: HostMessage) => {
    posted.push(message);
    state = foldPanel(state, message);
  };
  const viewOf = (id: string): LaneView => state.lanes.find((lane) => lane.id === id) ?? { ...emptyLane, id };
  const change = (laneId: string, lane: Partial<LaneView>) => post(laneMessage(state, laneId, lane));
  const surroundings = {
    providers: [provider],
    store,
    priceOf: () => Promise.resolve(undefined),
    log: { error: () => undefined },
  } as unknown as SessionSurroundings;
  const batch = new EventBatch((runs) => post({ type: 'run-events', runs }));
  const lanes = ids.map(
    (id) =>
      new Lane(id, {
        surroundings,
        batch,
        view: () => viewOf(id),
        change: (changed) => change(id, changed),
        leaveChat: () => chat.leave(id, state.lanes),
      }),
  );
  const laneOf = (id: string) => lanes.find((lane) => lane.id === id);
  return {
    store,
    chat,
    posted,
    change,
    lane: viewOf,
    run: async (id: string) => laneOf(id)?.run(Promise.resolve(prepared)),
    ask: async (id: string, turn: (chat: Chat, lane: LaneView) => Turn) =>
      laneOf(id)?.converse(() => {
        const { messages, begin } = turn(chat, viewOf(id));
        return Promise.resolve({ prepared: followUp(viewOf(id), null, messages), begin });
      }),
    turnTo: (id: string, messageId: string) => change(id, chat.turnTo(viewOf(id), messageId) ?? {}),
    /** What was sent last, whole. */
    sentParts: () => provider.requests.at(-1)?.messages ?? [],
    /** What was sent last. */
    sent: () => provider.requests.at(-1)?.messages.map((message) => `${message.role}: ${textOf(message)}`),
    /** What a reader of the lane sees, from the first answer on. */
    shown: (id: string) => [...viewOf(id).turns.map((turn) => turn.text), viewOf(id).run?.text],
    [Symbol.dispose]: () => {
      batch.dispose();
      store[Symbol.dispose]();
    },
  };
}

const prepared: PreparedRun = {
  warnings: [],
  input: {
    variables: {},
    modelId: 'scripted/one',
    request: { model: 'one', messages: [textMessage('user', 'What is a token?')], settings: {} },
  },
};
