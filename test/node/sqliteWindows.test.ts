import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pathTo } from '../../src/core/conversation/tree.ts';
import { emptyOutput } from '../../src/core/run/fold.ts';
import { run } from '../core/conversation/fixtures.ts';
import { newFile, opened, text } from './conversationsFixture.ts';

describe('two windows', () => {
  test('tell each other what has changed', () => {
    const file = newFile();
    using one = opened(file);
    using two = opened(file);
    const { cursor } = one.conversations.changesSince(null);
    const { id } = two.conversations.create();
    const first = one.conversations.changesSince(cursor);
    assert.deepEqual([first.conversationIds, first.runIds], [[id], []]);

    two.insert(run('loose', { outcome: { status: 'running' } }));
    const begun = one.conversations.changesSince(first.cursor);
    assert.deepEqual([begun.conversationIds, begun.runIds], [[], ['loose']]);
    two.update('loose', { ...emptyOutput, text: 'Half' });
    assert.deepEqual(one.conversations.changesSince(begun.cursor), { ...begun, runIds: [] });
    two.update('loose', { ...emptyOutput, text: 'Half', outcome: { status: 'stopped' } });
    const ended = one.conversations.changesSince(begun.cursor);
    assert.deepEqual(ended.runIds, ['loose']);

    two.conversations.append(id, { parentId: null, role: 'assistant', content: [], runId: 'r1' });
    two.insert(run('r1', { outcome: { status: 'running' } }));
    const answered = one.conversations.changesSince(ended.cursor);
    assert.deepEqual([answered.conversationIds, answered.runIds], [[id], []]);
    two.update('r1', { ...emptyOutput, outcome: { status: 'stopped' } });
    const stopped = one.conversations.changesSince(answered.cursor);
    assert.deepEqual([stopped.conversationIds, stopped.runIds], [[id], []]);
    assert.deepEqual(one.conversations.changesSince(stopped.cursor), { ...stopped, conversationIds: [] });
  });

  test('add to one conversation without losing anything of each other', () => {
    const file = newFile();
    using one = opened(file);
    using two = opened(file);
    const { id, lanes } = one.conversations.create({
      lanes: ['l1', 'l2'].map((lane) => ({ id: lane, modelId: null, settings: {}, headId: null })),
    });
    const heads: (string | null)[] = [null, null];
    for (let count = 0; count < 20; count++) {
      for (const [index, { conversations }] of [one, two].entries()) {
        const draft = { parentId: heads[index] ?? null, role: 'user', content: text(`${index}`) } as const;
        heads[index] = conversations.append(id, draft, lanes[index]?.id).id;
      }
    }
    const tree = one.conversations.get(id);
    assert.ok(tree);
    assert.deepEqual(
      tree.conversation.lanes.map(({ headId }) => headId),
      heads,
    );
    assert.deepEqual(
      heads.map((head) => pathTo(tree.messages, head).length),
      [20, 20],
    );
  });
});
