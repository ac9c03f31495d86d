import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConversationError } from '../../../src/core/conversation/conversation.ts';
import {
  childrenOf,
  forkAt,
  inTreeOrder,
  leafBelow,
  pathTo,
  siblingsOf,
} from '../../../src/core/conversation/tree.ts';
import { message } from './fixtures.ts';

/** u1 ─ a1 ─ u2, u1 ─ a2, and u1b beside u1. */
const messages = [
  message('u1', null),
  message('a1', 'u1', { runId: 'r1' }),
  message('u2', 'a1'),
  message('a2', 'u1', { runId: 'r2' }),
  message('u1b', null),
];
const ids = (some: readonly { id: string }[]): string[] => some.map(({ id }) => id);

describe('a tree of messages', () => {
  test('has a path from the root to each head, and none to nothing', () => {
    assert.deepEqual([ids(pathTo(messages, 'u2')), ids(pathTo(messages, null))], [['u1', 'a1', 'u2'], []]);
  });

  test('knows what follows a message and what stands beside it, oldest first', () => {
    assert.deepEqual(
      [childrenOf(messages, 'u1'), childrenOf(messages, null), childrenOf(messages, 'u2')].map(ids),
      [['a1', 'a2'], ['u1', 'u1b'], []],
    );
    assert.deepEqual(ids(siblingsOf(messages, 'a2')), ['a1', 'a2']);
  });

  test('turns to the end of a branch that was written last', () => {
    assert.deepEqual(
      ['u1', 'a1', 'u1b'].map((id) => leafBelow(messages, id).id),
      ['a2', 'u2', 'u1b'],
    );
  });

  test('an edited message and a retried answer stand beside the old one', () => {
    assert.deepEqual(forkAt(messages, 'u2', [{ type: 'text', text: 'new' }]), {
      parentId: 'a1',
      role: 'user',
      content: [{ type: 'text', text: 'new' }],
    });
    assert.deepEqual(forkAt(messages, 'a1'), { parentId: 'u1', role: 'assistant', content: [] });
  });

  test('a message that is missing is an error that names it', () => {
    assert.throws(
      () => pathTo([message('a', 'gone')], 'a'),
      new ConversationError('The conversation has no message "gone", though another message points at it.'),
    );
    assert.throws(() => forkAt(messages, 'none'), /"none"/);
    assert.throws(() => leafBelow(messages, 'none'), /"none"/);
  });

  test('a circle is an error and never ends in waiting', () => {
    const circle = [message('u1', 'a1'), message('a1', 'u1')];
    assert.throws(() => pathTo(circle, 'a1'), /in a circle/);
    assert.throws(() => inTreeOrder([message('u0', null), ...circle]), /in a circle/);
    assert.throws(() => inTreeOrder([message('u1', 'u1')]), /in a circle/);
    assert.equal(leafBelow(circle, 'a1').id, 'a1');
  });

  test('is put in order where children come first, and keeps the order of siblings', () => {
    assert.equal(inTreeOrder(messages), messages);
    const mixed = [message('u2', 'a1'), message('a2', 'u1'), message('a1', 'u1'), message('u1', null)];
    assert.deepEqual(ids(inTreeOrder(mixed)), ['u1', 'a2', 'a1', 'u2']);
  });

  test('two messages of one id, and a parent that is missing, are errors', () => {
    assert.throws(
      () => inTreeOrder([message('u1', null), message('u1', null)]),
      /Two messages have the id "u1"/,
    );
    assert.throws(() => inTreeOrder([message('u1', 'u0')]), /no message "u0"/);
  });

  test('of 100,000 messages in one line has a path', () => {
    const long = Array.from({ length: 100_000 }, (_, at) =>
      message(`u${at}`, at === 0 ? null : `u${at - 1}`),
    );
    assert.equal(pathTo(long, 'u99999').length, 100_000);
    assert.equal(leafBelow(long, 'u0').id, 'u99999');
    assert.equal(inTreeOrder(long.toReversed()).length, 100_000);
  });
});
