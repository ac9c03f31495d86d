import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Role } from '../../../src/core/chat.ts';
import { roleShares } from '../../../src/core/usage/roleShares.ts';

for (const [fact, roles, shares] of [
  ['a prompt of one text is the user’s', ['user'], { User: 1 }],
  [
    'answers that the prompt gives are examples, with what they answer',
    ['system', 'user', 'assistant', 'user', 'assistant', 'user'],
    { System: 1, Examples: 4, User: 1 },
  ],
  [
    'what tools answer belongs to the example',
    ['user', 'assistant', 'tool', 'user'],
    { Examples: 3, User: 1 },
  ],
  ['several messages of the user after the examples are all asked', ['user', 'user'], { User: 2 }],
  [
    'an answer that nothing follows is the beginning of the model’s own',
    ['system', 'user', 'assistant'],
    { System: 1, User: 1, 'Begun answer': 1 },
  ],
  [
    'what the system says between examples is the system’s',
    ['user', 'assistant', 'system', 'user'],
    { System: 1, Examples: 2, User: 1 },
  ],
  ['without messages there are no shares', [], {}],
] as const satisfies readonly (readonly [string, readonly Role[], object])[]) {
  test(fact, () => {
    const found = roleShares(roles.map((role: Role) => ({ role, tokens: 10 })));
    assert.deepEqual(Object.fromEntries(found.map(({ role, messages }) => [role, messages])), shares);
    assert.ok(found.every(({ tokens, messages }) => tokens === 10 * messages));
  });
}
