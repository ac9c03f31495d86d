import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { textMessage } from '../../src/core/chat.ts';
import { keepDeletedMs } from '../../src/core/conversation/store.ts';
import { run } from '../core/conversation/fixtures.ts';
import { answer, newFile, opened, say } from './conversationsFixture.ts';

describe('deleting', () => {
  test('a conversation hides it everywhere until it is restored as it was', () => {
    using store = opened();
    const { conversations } = store;
    const { id } = conversations.create();
    answer(store, id, say(conversations, id, 'Findable').id, 'r1');
    const before = conversations.get(id);
    conversations.delete(id);
    assert.deepEqual(
      [
        conversations.get(id),
        conversations.list({ limit: 9 }).entries,
        conversations.count(),
        conversations.search('findable', { limit: 9 }).hits,
        conversations.search('answer', { limit: 9 }).hits,
        conversations.openRun('r1'),
      ],
      [undefined, [], 0, [], [], undefined],
    );
    assert.throws(() => say(conversations, id, 'more'), /not there any more/);
    conversations.restore(id);
    assert.deepEqual(conversations.get(id), before);
    assert.throws(() => conversations.restore('none'), /cannot be restored/);
  });

  test('a branch takes its lanes to the message above, and back when it is restored', () => {
    using store = opened();
    const { conversations } = store;
    const { id } = conversations.create();
    const first = say(conversations, id, 'one');
    const second = say(conversations, id, 'two', first.id);
    say(conversations, id, 'three', second.id);
    const before = conversations.get(id);
    const deleted = conversations.deleteBranch(second.id);
    assert.equal(deleted.count, 2);
    assert.deepEqual(conversations.get(id)?.messages, [first]);
    assert.equal(conversations.get(id)?.conversation.lanes[0]?.headId, first.id);
    assert.deepEqual(conversations.search('three', { limit: 9 }).hits, []);
    conversations.restoreBranch(deleted);
    assert.deepEqual(conversations.get(id), before);
    assert.throws(() => conversations.restoreBranch(deleted), /cannot be restored/);
  });

  test('a branch within a deleted one comes back with it, and a lane that moved on stays', () => {
    using store = opened();
    const { conversations } = store;
    const { id } = conversations.create();
    const first = say(conversations, id, 'one');
    const second = say(conversations, id, 'two', first.id);
    const third = say(conversations, id, 'three', second.id);
    const before = conversations.get(id);
    const inner = conversations.deleteBranch(third.id);
    const outer = conversations.deleteBranch(second.id);
    conversations.restoreBranch(inner);
    assert.deepEqual(conversations.get(id)?.messages, [first]);
    const beside = say(conversations, id, 'beside', first.id);
    conversations.restoreBranch(outer);
    assert.deepEqual(conversations.get(id)?.messages, [...(before?.messages ?? []), beside]);
    assert.equal(conversations.get(id)?.conversation.lanes[0]?.headId, beside.id);
  });

  test('is for good after 30 days, with the runs, their words and what was sent', () => {
    const file = newFile();
    const gone = textMessage('user', 'a secret that was sent');
    {
      using store = opened(file, () => 1000);
      const { conversations } = store;
      const whole = conversations.create();
      const parentId = say(conversations, whole.id, 'secret').id;
      store.insert(run('r1', { request: { model: 'demo', messages: [gone], settings: {} } }));
      conversations.append(whole.id, { parentId, role: 'assistant', content: [], runId: 'r1' });
      conversations.delete(whole.id);
      const part = conversations.create();
      const kept = say(conversations, part.id, 'kept');
      conversations.deleteBranch(answer(store, part.id, kept.id, 'r2').id);
    }
    const counted = (now: number): unknown[] => {
      using store = opened(file, () => now);
      store.list({ limit: 1 });
      const database = new DatabaseSync(file);
      const count = (table: string) => database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'];
      const counts = ['conversations', 'messages', 'lanes', 'runs', 'sent_messages', 'search_documents'].map(
        count,
      );
      database.exec(`INSERT INTO search (search) VALUES ('integrity-check')`);
      database.close();
      return counts;
    };
    assert.deepEqual(counted(1000 + keepDeletedMs), [2, 4, 2, 2, 2, 4]);
    assert.deepEqual(counted(1001 + keepDeletedMs), [1, 1, 1, 0, 0, 1]);
  });
});
