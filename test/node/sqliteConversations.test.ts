import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { attachedPart } from '../../src/core/attachment.ts';
import { type Part, textMessage } from '../../src/core/chat.ts';
import { ConversationError } from '../../src/core/conversation/conversation.ts';
import { exportJson } from '../../src/core/conversation/exportJson.ts';
import { importConversation } from '../../src/core/conversation/import.ts';
import { requestMessages } from '../../src/core/conversation/request.ts';
import { pathTo } from '../../src/core/conversation/tree.ts';
import { run, wholeTree } from '../core/conversation/fixtures.ts';
import { answer, newFile, opened, say } from './conversationsFixture.ts';

describe('conversations', () => {
  test('keep where an attached text is from, also where nothing was written beside it', () => {
    using store = opened();
    const { id } = store.conversations.create();
    const content = [attachedPart({ path: 'src/a.ts', lines: [3, 4] }, 'a + b', 'ts')];
    store.conversations.append(id, { parentId: null, role: 'user', content });
    assert.deepEqual(store.conversations.get(id)?.messages[0]?.content, content);
    assert.equal(store.conversations.search('"a + b"', { limit: 1 }).hits.length, 1);
  });

  test('are there for another window as soon as they are written', () => {
    const file = newFile();
    using store = opened(file, () => 1000);
    const { conversations } = store;
    const { id } = conversations.create({ promptUri: 'file:///a.prompt' });
    const first = say(conversations, id, '# What is a token?\nTell me.');
    const second = answer(store, id, first.id, 'r1');
    using other = opened(file);
    assert.deepEqual(other.conversations.get(id), {
      conversation: {
        id,
        title: 'What is a token?',
        titleSource: 'auto',
        createdAt: 1000,
        updatedAt: 1000,
        pinned: false,
        archived: false,
        promptUri: 'file:///a.prompt',
        lanes: [{ ...conversations.get(id)?.conversation.lanes[0], headId: second.id }],
      },
      messages: [first, second],
    });
    const { request: _, logprobs: _logprobs, ...answered } = run('r1');
    assert.deepEqual([...other.conversations.answers(id)], [['r1', answered]]);
    assert.equal(other.conversations.answers(id, ['none']).size, 0);
    assert.deepEqual(other.conversations.runs(id), [run('r1')]);
  });

  test('keep every kind of part', () => {
    using store = opened();
    const { id } = store.conversations.create();
    const parts: readonly Part[][] = [
      [],
      [{ type: 'text', text: '' }],
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
      [{ type: 'image', url: 'https://example.org/a.png' }],
      [{ type: 'tool-result', callId: 'k', result: '5', isError: true }],
    ];
    for (const content of parts) store.conversations.append(id, { parentId: null, role: 'user', content });
    assert.deepEqual(
      store.conversations.get(id)?.messages.map(({ content }) => content),
      parts,
    );
  });

  test('a run may be recorded before or after the message that it answers in', () => {
    using store = opened();
    const { id } = store.conversations.create();
    const { id: parentId } = say(store.conversations, id, 'Hi');
    store.conversations.append(id, { parentId, role: 'assistant', content: [], runId: 'later' });
    store.insert(run('later'));
    answer(store, id, parentId, 'before');
    assert.deepEqual([...store.conversations.answers(id).keys()].sort(), ['before', 'later']);
    assert.deepEqual(
      store.conversations.list({ limit: 9 }).entries.map(({ kind }) => kind),
      ['conversation'],
    );
  });

  test('refuse what would break the tree', () => {
    using store = opened();
    const { conversations } = store;
    const [one, two] = [conversations.create(), conversations.create()];
    const message = say(conversations, one.id, 'Hi');
    answer(store, one.id, message.id, 'r1');
    const refused = (action: () => unknown, about: RegExp): void =>
      assert.throws(action, (error) => error instanceof ConversationError && about.test(error.message));
    refused(() => say(conversations, two.id, 'Hi', message.id), /The message is not in the conversation/);
    refused(() => conversations.setHead(two.id, two.lanes[0]?.id ?? '', message.id), /The message is not/);
    refused(() => conversations.setHead(one.id, 'none', message.id), /The lane is not/);
    refused(() => conversations.rename('none', 'x'), /The conversation is not there/);
    refused(() => conversations.setLanes(one.id, []), /at least one lane/);
    refused(
      () => conversations.append(two.id, { parentId: null, role: 'assistant', content: [], runId: 'r1' }),
      /belongs to another conversation/,
    );
    assert.deepEqual(conversations.get(two.id)?.messages, []);
    assert.equal(conversations.get(one.id)?.conversation.lanes.length, 1);
  });

  test('keep the user’s title, and take back their own for an empty one', () => {
    using store = opened();
    const { conversations } = store;
    const { id } = conversations.create();
    const titleOf = () => {
      const { title, titleSource } = conversations.get(id)?.conversation ?? {};
      return [title, titleSource];
    };
    assert.deepEqual(titleOf(), ['New conversation', 'auto']);
    conversations.rename(id, ' Mine ');
    say(conversations, id, 'First');
    say(conversations, id, 'Second');
    assert.deepEqual(titleOf(), ['Mine', 'user']);
    conversations.rename(id, '');
    assert.deepEqual(titleOf(), ['First', 'auto']);
  });

  test('lanes change their order and settings and stay where they stand', () => {
    using store = opened();
    const { conversations } = store;
    const { id, lanes } = conversations.create();
    const [lane] = lanes;
    assert.ok(lane);
    const message = say(conversations, id, 'Hi');
    const added = { id: 'second', modelId: 'local/demo', settings: { seed: 1 }, headId: message.id };
    conversations.setLanes(id, [added, { ...lane, settings: { topP: null }, headId: null }]);
    assert.deepEqual(conversations.get(id)?.conversation.lanes, [
      added,
      { ...lane, settings: { topP: null }, headId: message.id },
    ]);
    conversations.setHead(id, 'second', null);
    assert.equal(conversations.get(id)?.conversation.lanes[0]?.headId, null);
    conversations.setLanes(id, [added]);
    assert.deepEqual(conversations.get(id)?.conversation.lanes, [{ ...added, headId: null }]);
  });

  test('branches have names and marks', () => {
    using store = opened();
    const { conversations } = store;
    const { id } = conversations.create();
    const message = say(conversations, id, 'Hi');
    conversations.nameBranch(message.id, 'Short');
    conversations.setFavourite(message.id, true);
    assert.deepEqual(conversations.get(id)?.messages, [{ ...message, name: 'Short', favourite: true }]);
    conversations.nameBranch(message.id, ' ');
    conversations.setFavourite(message.id, false);
    assert.deepEqual(conversations.get(id)?.messages, [message]);
  });

  test('what is sent of one is chosen for it, and what is left out is summarised', () => {
    using store = opened();
    const { conversations } = store;
    const { id, fitting } = conversations.create();
    assert.equal(fitting, undefined);
    const message = say(conversations, id, 'Hi');
    conversations.setFitting(id, { strategy: 'last', turns: 3 });
    conversations.setSummary(message.id, { text: 'Hello.', isEdited: true });
    const { conversation, messages } = conversations.get(id) ?? assert.fail();
    assert.deepEqual(conversation.fitting, { strategy: 'last', turns: 3 });
    assert.deepEqual(messages, [{ ...message, summary: { text: 'Hello.', isEdited: true } }]);
    conversations.setSummary(message.id, null);
    assert.deepEqual(conversations.get(id)?.messages, [message]);
  });

  test('the times of messages never run back, whatever the clock does', () => {
    let now = 5000;
    using store = opened(newFile(), () => now);
    const { conversations } = store;
    const { id } = conversations.create();
    const first = say(conversations, id, 'one');
    now = 1000;
    const second = say(conversations, id, 'two', first.id);
    const third = say(conversations, id, 'three');
    assert.deepEqual(
      [first, second, third].map(({ createdAt }) => createdAt),
      [5000, 5000, 5000],
    );
    assert.deepEqual(conversations.get(id)?.messages, [first, second, third]);
    assert.equal(conversations.get(id)?.conversation.updatedAt, 5000);
  });
});

describe('a loose run', () => {
  test('is in the history, and opens as a conversation that can be gone on with', () => {
    using store = opened();
    const { conversations } = store;
    const loose = run('r1', {
      prompt: { uri: 'file:///a.prompt', name: 'a.prompt', version: 'abc' },
      request: {
        model: 'demo',
        messages: [textMessage('system', 'Be brief.'), textMessage('user', 'Why?')],
        settings: { temperature: 0 },
      },
    });
    store.insert(loose);
    assert.deepEqual(
      conversations.list({ limit: 9 }).entries.map(({ kind }) => kind),
      ['run'],
    );

    const conversation = conversations.openRun('r1');
    assert.ok(conversation);
    assert.deepEqual(
      [conversation.title, conversation.promptUri, conversation.updatedAt],
      ['Why?', 'file:///a.prompt', loose.startedAt],
    );
    const { messages } = conversations.get(conversation.id) ?? { messages: [] };
    const path = pathTo(messages, conversation.lanes[0]?.headId ?? null);
    assert.deepEqual(requestMessages(path, conversations.answers(conversation.id)).messages, [
      ...loose.request.messages,
      textMessage('assistant', 'answer of r1'),
    ]);
    assert.deepEqual(
      conversations.list({ limit: 9 }).entries.map(({ kind }) => kind),
      ['conversation'],
    );
    assert.deepEqual(conversations.openRun('r1'), conversation);
    assert.deepEqual(store.get('r1'), loose);
  });

  test('that nobody recorded opens as nothing', () => {
    using store = opened();
    assert.equal(store.conversations.openRun('none'), undefined);
  });
});

describe('an imported conversation', () => {
  test('is the same tree, and imported again it is another one', () => {
    using store = opened();
    const { conversations } = store;
    const imported = importConversation(exportJson(wholeTree, wholeTree.runs, { logprobs: true }));
    const first = conversations.import(imported);
    const { conversation, messages: before } = wholeTree;
    assert.deepEqual(conversations.get(first.id), { conversation, messages: before });
    assert.deepEqual(conversations.runs(first.id), wholeTree.runs);

    const second = conversations.import(imported);
    assert.notEqual(second.id, first.id);
    const { messages } = conversations.get(second.id) ?? { messages: [] };
    assert.deepEqual(
      messages.map(({ content }) => content),
      wholeTree.messages.map(({ content }) => content),
    );
    assert.equal(conversations.runs(second.id).length, 2);
    assert.deepEqual(conversations.get(first.id)?.messages, wholeTree.messages);
  });
});

test('a message that every turn sends again is kept once', () => {
  const file = newFile();
  using store = opened(file);
  const messages = Array.from({ length: 50 }, (_, at) => textMessage('user', `message ${at}`));
  for (let turn = 0; turn < 50; turn++) {
    const request = { model: 'demo', messages: messages.slice(0, turn + 1), settings: {} };
    store.insert(run(`r${turn}`, { request }));
  }
  assert.deepEqual(store.get('r49')?.request.messages, messages);
  const database = new DatabaseSync(file);
  assert.equal(database.prepare('SELECT count(*) AS n FROM sent_messages').get()?.['n'], 50);
  database.close();
});
