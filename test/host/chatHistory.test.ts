import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Chat } from '../../src/host/chat.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import { folder, says, talkOf } from './talk.ts';

test('a history that cannot be written stops no follow-up, and each says that it is not saved', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const store = new SqliteStore(join(file, 'history.sqlite'), Date.now);
  using talk = talkOf({ ids: ['1'], store }, says('Bytes.'), says('Because.'), says('Well.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  await talk.ask('1', (chat, lane) => chat.send(lane, 'And?'));
  assert.deepEqual(talk.sent()?.slice(1), [
    'assistant: Bytes.',
    'user: Why?',
    'assistant: Because.',
    'user: And?',
  ]);
  assert.deepEqual(talk.shown('1'), ['Bytes.', 'Why?', 'Because.', 'And?', 'Well.']);
  assert.match(talk.lane('1').run?.unsaved ?? '', /cannot be written/);
});

test('a conversation goes on in memory where the history takes nothing any more', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Because.'), says('Well.'), says('So.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  const { conversations } = talk.store;
  const append = conversations.append.bind(conversations);
  conversations.append = () => {
    throw new Error('The disk is full.');
  };
  await talk.ask('1', (chat, lane) => chat.send(lane, 'And?'));
  assert.equal(talk.lane('1').run?.unsaved, 'The disk is full.');
  conversations.append = append;
  await talk.ask('1', (chat, lane) => chat.edit(lane, lane.turns[3]?.id ?? '', 'Then?'));
  assert.deepEqual(talk.shown('1'), ['Bytes.', 'Why?', 'Because.', 'Then?', 'So.']);
});

test('an opened conversation has its lanes and what each shows, and goes on', async () => {
  using talk = talkOf(['1', '2'], says('Left.'), says('Right.'), says('Right again.'), says('Anew.'));
  for (const id of ['1', '2']) await talk.run(id);
  await talk.ask('1', (chat, lane) => chat.retry(lane));
  await talk.ask('2', (chat, lane) => chat.send(lane, 'Again?'));
  const id = talk.chat.id ?? '';
  const opened = new Chat(talk.store, { id });
  assert.deepEqual(
    opened.open(id)?.map((lane) => [lane.id, lane.turns.map((turn) => turn.text), lane.run?.text]),
    [
      ['1', ['What is a token?'], 'Right again.'],
      ['2', ['What is a token?', 'Right.', 'Again?'], 'Anew.'],
    ],
  );
  assert.equal(opened.open('nothing'), undefined);
});

test('a message that was never answered can be answered when its conversation is opened', async () => {
  using talk = talkOf({ ids: ['1'], chatId: 'c1' }, says('Hi.'));
  talk.store.conversations.create({
    id: 'c1',
    lanes: [{ id: '1', modelId: null, settings: {}, headId: null }],
  });
  const content = [{ type: 'text', text: 'Hello' }] as const;
  talk.store.conversations.append('c1', { parentId: null, role: 'user', content }, '1');
  talk.change('1', talk.chat.open('c1')?.[0] ?? {});
  assert.deepEqual([talk.shown('1'), talk.lane('1').run], [['Hello', undefined], null]);
  await talk.ask('1', (chat, lane) => chat.retry(lane));
  assert.deepEqual(talk.sent(), ['user: Hello']);
  assert.deepEqual(talk.shown('1'), ['Hello', 'Hi.']);
});

test('what lanes call is written down as it changes, and a lane that was closed is gone', async () => {
  using talk = talkOf(['1', '2'], says('A.'), says('B.'), says('C.'), says('D.'));
  for (const id of ['1', '2']) await talk.run(id);
  for (const id of ['1', '2']) await talk.ask(id, (chat, lane) => chat.send(lane, 'Again?'));
  talk.change('1', { modelId: 'scripted/two', settings: { temperature: 1 } });
  const stored = () =>
    talk.store.conversations
      .conversation(talk.chat.id ?? '')
      ?.lanes.map(({ id, modelId, settings, headId }) => [
        id,
        modelId,
        settings,
        headId === talk.lane(id).message?.id,
      ]);
  talk.chat.keepLanes([talk.lane('1'), talk.lane('2')], new Set());
  assert.deepEqual(stored(), [
    ['1', 'scripted/two', { temperature: 1 }, true],
    ['2', null, {}, true],
  ]);
  talk.chat.keepLanes([talk.lane('1'), { ...talk.lane('2'), id: '3' }], new Set(['2']));
  assert.deepEqual(
    stored()?.map(([id]) => id),
    ['1', '3'],
  );
  assert.equal(
    talk.store.conversations.conversation(talk.chat.id ?? '')?.lanes[1]?.headId,
    talk.lane('2').message?.id,
    'a copy stands where the lane stood that it is a copy of',
  );
});

test('a kept conversation comes back as it was left', async () => {
  using talk = talkOf(['1'], says('Bytes.'), says('Because.'));
  await talk.run('1');
  await talk.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  const id = talk.chat.idOf(talk.lane('1')) ?? '';
  const again = new Chat(talk.store, { promptUri: () => 'file:///a.prompt', id });
  const { turns, earlier, message, lead, run } = talk.lane('1');
  assert.deepEqual(again.shown('1'), { turns, earlier, message, lead, run });
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
  const chat = new Chat(talk.store, { promptUri: () => 'file:///a.prompt', id });
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
