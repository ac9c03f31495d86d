import assert from 'node:assert/strict';
import { EventEmitter } from 'vscode';
import { textOf } from '../../../src/core/chat.ts';
import type { LaneChoice } from '../../../src/core/run/overrides.ts';
import { chatUri } from '../../../src/host/chatUri.ts';
import { followConversations } from '../../../src/host/conversations/followConversations.ts';
import { Session } from '../../../src/host/session.ts';
import { says, withSession } from './sessionFixture.ts';
import { test, until } from './suite.ts';

test('a sweep that lacks a value leaves the lanes and their answers as they are', async () => {
  await withSession('Explain {{topic}}.', [says('A piece.')], async (session) => {
    await session.run({ topic: 'tokens' });
    const choices = [0, 1].map((temperature) => ({ ...asTheFile, settings: { temperature } }));
    assert.equal(await session.isReady({}), false);
    await session.runIn(choices, {});
    assert.deepEqual(session.state.problem?.missing, ['topic']);
    assert.deepEqual(
      session.state.lanes.map(({ run }) => run?.text),
      ['A piece.'],
    );
  });
});

test('a sweep runs a lane for each value in the place of those that there are', async () => {
  await withSession('Explain.', [says('A.'), says('B.'), says('C.')], async (session) => {
    await session.run();
    await session.runIn(
      [0, 1].map((temperature) => ({ ...asTheFile, settings: { temperature } })),
      {},
    );
    assert.deepEqual(
      session.state.lanes.map(({ settings, run }) => [settings.temperature, run?.text]),
      [
        [0, 'B.'],
        [1, 'C.'],
      ],
    );
  });
});

test('two versions run side by side on the same values, each with its own text and variables', async () => {
  const scripts = [says('Old.'), says('New.')];
  await withSession('Explain {{topic}} to {{reader}}.', scripts, async (session, { provider }) => {
    session.replaceLanes([{ ...asTheFile, promptVersion: 'old' }, asTheFile]);
    await session.run({});
    assert.deepEqual(session.state.problem?.missing, ['topic', 'reader']);
    assert.deepEqual(
      session.state.prompt?.fields.map(({ name }) => name),
      ['topic', 'reader'],
    );
    await session.run({ topic: 'tokens', reader: 'a poet' });
    assert.deepEqual(
      provider.requests.map(({ messages }) => messages.map(textOf).join('')),
      ['What are tokens?', 'Explain tokens to a poet.'],
    );
    assert.deepEqual(
      session.state.lanes.map(({ version, run }) => [version?.label, run?.text, run?.variables]),
      [
        ['v1', 'Old.', { topic: 'tokens' }],
        [undefined, 'New.', { topic: 'tokens', reader: 'a poet' }],
      ],
    );
  });
});

test('a version that nobody has any more is told in its lane alone', async () => {
  await withSession('Explain.', [says('A.')], async (session) => {
    session.replaceLanes([asTheFile, { ...asTheFile, promptVersion: 'gone' }]);
    await session.run();
    assert.deepEqual(
      session.state.lanes.map(({ run, problem }) => [run?.text, problem?.message]),
      [
        ['A.', undefined],
        [undefined, 'Nobody has gone.'],
      ],
    );
    assert.equal(session.state.problem, null);
  });
});

test('a file that does not parse keeps no version from running', async () => {
  await withSession('Explain {{#if}', [says('Old.')], async (session) => {
    session.replaceLanes([{ ...asTheFile, promptVersion: 'old' }, asTheFile]);
    await session.run({ topic: 'tokens' });
    assert.equal(session.state.lanes[0]?.run?.text, 'Old.');
    assert.ok(session.state.problem?.position);
  });
});

test('the variables of a version are asked for as long as a lane runs it', async () => {
  await withSession('Explain.', [], async (session) => {
    await session.show();
    session.add({ ...asTheFile, promptVersion: 'old' });
    await until(() => session.state.prompt?.fields.length === 1);
    session.remove(session.state.lanes[1]?.id ?? '');
    await until(() => session.state.prompt?.fields.length === 0);
  });
});

test('a run of the prompt leaves its conversation in the history, and one can go back', async () => {
  await withSession('Explain.', [says('A.'), says('B.'), says('C.')], async (session, { store }) => {
    await session.run();
    await session.chat.send('Why?');
    const { id = '' } = session.state.chat ?? {};
    await session.run();
    assert.deepEqual(
      [session.state.chat, session.state.left],
      [null, { id, title: 'Explain.', system: null, fitting: { strategy: 'all' } }],
    );
    await session.chat.goBack(true);
    const [lane] = session.state.lanes;
    assert.deepEqual(
      [session.state.left, session.state.chat?.id, lane?.turns.map(({ text }) => text), lane?.run?.text],
      [null, id, ['A.', 'Why?'], 'B.'],
    );
    assert.equal(store.conversations.list({ limit: 9 }).entries.length, 2);
  });
});

test('a lane that goes back to its conversation runs the version that it ran, and so do its follow-ups', async () => {
  const scripts = ['A.', 'B.', 'C.', 'D.'].map(says);
  await withSession('Explain {{topic}}.', scripts, async (session) => {
    session.replaceLanes([{ ...asTheFile, promptVersion: 'old' }]);
    await session.run({ topic: 'tokens' });
    const { version } = session.state.lanes[0]?.run?.prompt ?? {};
    await session.chat.send('Why?');
    await session.run({ topic: 'tokens' });
    await session.chat.goBack(true);
    assert.equal(session.state.lanes[0]?.promptVersion, 'old');
    await session.chat.send('And?');
    const [lane] = session.state.lanes;
    assert.deepEqual(
      [lane.turns.map(({ text }) => text), lane.run?.text, lane.run?.prompt?.version],
      [['A.', 'Why?', 'B.', 'And?'], 'D.', version],
    );
  });
});

test('a follow-up that is refused is not taken up, and the lanes stay as they are', async () => {
  await withSession('Explain.', [says('A.')], async (session) => {
    await session.run();
    const sent: boolean[] = [];
    session.onMessage((message) => {
      if (message.type === 'sent') sent.push(message.isTaken);
    });
    session.choices.setModel('1', 'nobody/one');
    await session.chat.send('Why?');
    assert.deepEqual(sent, [false]);
    session.choices.setModel('1', 'scripted/one');
    await session.chat.send('Why?');
    assert.deepEqual(sent, [false, true]);
  });
});

test('a lane that is added or copied goes on with the conversation', async () => {
  await withSession('Explain.', ['A.', 'B.', 'C.', 'D.', 'E.'].map(says), async (session, { store }) => {
    await session.run();
    await session.chat.send('Why?');
    session.duplicate('1');
    session.add({ ...asTheFile, modelId: 'scripted/two' });
    await session.chat.send('And?');
    assert.deepEqual(
      session.state.lanes.map(({ turns, run }) => [...turns.map(({ text }) => text), run?.text]),
      ['C.', 'D.', 'E.'].map((last) => ['A.', 'Why?', 'B.', 'And?', last]),
    );
    const stored = store.conversations.conversation(session.chat.id ?? '');
    assert.deepEqual(
      stored?.lanes.map(({ modelId }) => modelId),
      [null, null, 'scripted/two'],
    );
  });
});

test('a chat has a session by its address, which knows it again', async () => {
  await withSession('Explain.', [says('Hi.'), says('Fine.')], async (_, { store, surroundings }) => {
    const chat = new Session(chatUri('c1'), surroundings);
    await chat.show();
    assert.equal(chat.state.prompt?.isChat, true);
    chat.chat.setSystem('Be brief.');
    await chat.chat.send('Hello');
    chat.dispose();
    const again = new Session(chatUri('c1'), surroundings);
    const shown = () => again.state.lanes.map(({ run }) => run?.text);
    await again.show();
    assert.deepEqual(again.state.chat, {
      id: 'c1',
      title: 'Hello',
      system: 'Be brief.',
      fitting: { strategy: 'all' },
    });
    assert.deepEqual(shown(), ['Hi.']);
    await again.chat.send('How are you?');
    assert.deepEqual(shown(), ['Fine.']);
    const problem = () => again.state.problem;
    store.conversations.delete('c1');
    again.chat.reread();
    assert.match(problem()?.message ?? '', /was deleted/);
    store.conversations.restore('c1');
    again.chat.reread();
    assert.equal(problem(), null);
  });
});

test('what one window says in a conversation is shown by another that has it open', async () => {
  await withSession('Explain.', [says('Hi.'), says('Fine.')], async (_, { store, surroundings }) => {
    const [one, other] = [new Session(chatUri('c1'), surroundings), new Session(chatUri('c1'), surroundings)];
    const talks = new EventEmitter<void>();
    const following = followConversations({
      conversations: store.conversations,
      sessions: { all: [one], onRunningChanged: talks.event },
      panels: { changed: () => one.chat.reread() },
      log: surroundings.log,
    });
    try {
      await one.show();
      await one.chat.send('Hello');
      talks.fire();
      await other.show();
      await other.chat.send('How are you?');
      await until(() => one.state.lanes[0]?.run?.text === 'Fine.');
      assert.deepEqual(
        one.state.lanes[0]?.turns.map(({ text }) => text),
        ['Hello', 'Hi.', 'How are you?'],
      );
    } finally {
      following.dispose();
      talks.dispose();
      for (const session of [one, other]) session.dispose();
    }
  });
});

const asTheFile: LaneChoice = { modelId: null, settings: {}, promptVersion: null };
