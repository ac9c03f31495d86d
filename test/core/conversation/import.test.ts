import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConversationError } from '../../../src/core/conversation/conversation.ts';
import { exportJson } from '../../../src/core/conversation/exportJson.ts';
import { importConversation, largestImport, withFreshIds } from '../../../src/core/conversation/import.ts';
import { wholeTree } from './fixtures.ts';

const { runs } = wholeTree;
const json = exportJson(wholeTree, runs, { logprobs: true });

/** The file with other values at some places, such as `messages.1.role`; without them for `undefined`. */
function changed(values: Readonly<Record<string, unknown>>): string {
  const file: unknown = JSON.parse(json);
  for (const [place, value] of Object.entries(values)) {
    const steps = place.split('.');
    const last = steps.pop() ?? '';
    let at = file as Record<string, unknown>;
    for (const step of steps) at = at[step] as Record<string, unknown>;
    at[last] = value;
  }
  return JSON.stringify(file);
}

const refused = (text: string, message: RegExp): void =>
  assert.throws(
    () => importConversation(text),
    (error) => error instanceof ConversationError && message.test(error.message),
  );

describe('a conversation as JSON', () => {
  test('comes back whole', () => {
    assert.deepEqual(importConversation(json), wholeTree);
    assert.deepEqual(importConversation(`\ufeff${json}`), wholeTree);
  });

  test('holds what was sent once, and no log-probabilities unless they are asked for', () => {
    const file = JSON.parse(exportJson(wholeTree, runs, { logprobs: false })) as {
      sent: unknown[];
      runs: { logprobs?: unknown; request: { messages: number[] } }[];
    };
    assert.equal(file.sent.length, 2);
    assert.deepEqual(
      file.runs.map(({ request, logprobs }) => [request.messages, logprobs]),
      [
        [[0, 1], undefined],
        [[1], undefined],
      ],
    );
  });

  test('gets new ids where they are taken, everywhere they occur, and is the same tree', () => {
    let count = 0;
    const taken = new Set(['c', 'u1', 'a2', 'r2']);
    const isTaken = (id: string): boolean => taken.has(id);
    const fresh = withFreshIds(
      wholeTree,
      { conversation: isTaken, message: isTaken, run: isTaken },
      () => `new-${++count}`,
    );
    assert.deepEqual(
      [
        fresh.conversation.id,
        fresh.conversation.lanes.map(({ headId }) => headId),
        fresh.messages.map(({ id, parentId, conversationId, runId }) => [
          id,
          parentId,
          conversationId,
          runId,
        ]),
        fresh.runs.map(({ id }) => id),
      ],
      [
        'new-1',
        ['new-3', 'u2'],
        [
          ['new-2', null, 'new-1', undefined],
          ['a1', 'new-2', 'new-1', 'r1'],
          ['new-3', 'new-2', 'new-1', 'new-4'],
          ['t1', 'a1', 'new-1', undefined],
          ['u2', 't1', 'new-1', undefined],
        ],
        ['r1', 'new-4'],
      ],
    );
  });

  test('that was under way is interrupted, and settings out of their range are left out', () => {
    const text = changed({
      'runs.0.outcome': { status: 'running' },
      'runs.0.request.settings': { temperature: 99, topP: 0.5, other: 1 },
      'conversation.lanes.0.settings': { temperature: null, topK: -1, nothing: null },
      unknown: 1,
    });
    const { runs: imported, conversation } = importConversation(text);
    assert.deepEqual(imported[0]?.outcome, { status: 'interrupted' });
    assert.deepEqual(imported[0].request.settings, { topP: 0.5 });
    assert.deepEqual(conversation.lanes[0]?.settings, { temperature: null });
  });

  test('may have its messages in any order', () => {
    const { messages } = importConversation(
      exportJson({ ...wholeTree, messages: wholeTree.messages.toReversed() }, runs, { logprobs: true }),
    );
    assert.deepEqual(
      messages.map(({ id }) => id),
      ['u1', 'a2', 'a1', 't1', 'u2'],
    );
  });
});

describe('a file that is broken or hostile', () => {
  for (const [name, text, message] of [
    ['no JSON', '{"format": ', /not JSON/],
    ['another JSON', '[1]', /its "format" is not/],
    ['nothing', 'null', /its "format" is not/],
    ['a newer version', changed({ version: 2 }), /version 2 .* reads version 1. Update/],
    ['a field of another type', changed({ 'messages.1.role': 'root' }), /messages\[1\]\.role/],
    ['a missing field', changed({ 'runs.0.text': undefined }), /At runs\[0\]\.text/],
    ['a circle', changed({ 'messages.0.parentId': 'u2' }), /in a circle/],
    ['a parent that is missing', changed({ 'messages.0.parentId': 'x' }), /no message "x"/],
    ['one id twice', changed({ 'messages.1.id': 'u1' }), /Two messages have the id "u1"/],
    ['one run twice', changed({ 'runs.1.id': 'r1' }), /Two runs/],
    ['a head that is missing', changed({ 'conversation.lanes.0.headId': 'x' }), /stands at .*"x"/],
    ['a run that is missing', changed({ 'messages.1.runId': 'x' }), /run "x", which the file lacks/],
    ['a run of the user', changed({ 'messages.0.runId': 'r1' }), /of the user has a run/],
    ['a sent message that is missing', changed({ 'runs.0.request.messages': [9] }), /message 9/],
    ['no lane', changed({ 'conversation.lanes': [] }), /conversation\.lanes/],
    ['a script as an image', changed({ 'messages.4.content.2.url': 'javascript:alert(1)' }), /url/],
    ['an id that is a sentence', changed({ 'messages.4.id': "u'; DROP TABLE" }), /messages\[4\]\.id/],
    ['a time that no calendar has', changed({ 'messages.0.createdAt': 1e300 }), /createdAt/],
    ['a key that changes what an object is', json.replace('"deep"', '"__proto__"'), /__proto__/],
  ] as const) {
    test(`with ${name} is refused`, () => refused(text, message));
  }

  test('nested a million levels deep is refused, not followed', () => {
    const deep = json.replace('"deep":', `"deeper": ${'['.repeat(1e6)}${']'.repeat(1e6)}, "deep":`);
    refused(deep, /nested more than 100 levels/);
  });

  test('of more than 100 MB is refused before it is read', () => {
    refused(' '.repeat(largestImport + 1), /larger than 100 MB/);
  });
});
