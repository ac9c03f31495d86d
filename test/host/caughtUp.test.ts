import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import { start, type Step, stop, text } from '../core/run/scriptedProvider.ts';
import { folder, says, talkOf } from './talk.ts';

let files = 0;

/** Two windows that have opened one conversation, in which `Hello` was answered `Hi.`; `theirs` is what the other one hears. */
async function twoWindows(...theirs: (readonly Step[])[]) {
  const file = join(folder, `caught-up-${++files}.sqlite`);
  const windowOf = (...scripts: (readonly Step[])[]) =>
    talkOf({ ids: ['1'], chatId: 'c1', store: new SqliteStore(file, Date.now) }, ...scripts);
  const one = windowOf(says('Hi.'), says('Mine.'));
  await one.ask('1', (chat, lane) => chat.send(lane, 'Hello'));
  const other = windowOf(...theirs);
  for (const lane of other.chat.open('c1') ?? []) other.change(lane.id, lane);
  return { one, other, [Symbol.dispose]: () => [one, other].forEach((each) => each[Symbol.dispose]()) };
}

type Talk = ReturnType<typeof talkOf>;

/** Has a window catch up, and returns whether anything has changed for it. */
function catchUp(talk: Talk): boolean {
  const shown = talk.chat.caughtUp(talk.lane('1'));
  talk.change('1', shown ?? {});
  return shown !== undefined;
}

test('a lane whose end another window has gone on from shows the new turns', async () => {
  using windows = await twoWindows(says('Fine.'));
  const { one, other } = windows;
  assert.equal(catchUp(one), false);
  await other.ask('1', (chat, lane) => chat.send(lane, 'How are you?'));
  assert.equal(catchUp(one), true);
  assert.deepEqual(one.shown('1'), ['Hello', 'Hi.', 'How are you?', 'Fine.']);
  assert.equal(catchUp(one), false, 'once is enough');
  await one.ask('1', (chat, lane) => chat.send(lane, 'Good'));
  assert.deepEqual(one.shown('1').slice(-3), ['Fine.', 'Good', 'Mine.']);
});

test('an answer that another window still hears is shown when it has ended', async () => {
  const seen: boolean[] = [];
  const meanwhile: Step = () => seen.push(catchUp(windows.one));
  using windows = await twoWindows([start, text('Fine'), meanwhile, text('.'), stop]);
  await windows.other.ask('1', (chat, lane) => chat.send(lane, 'How are you?'));
  assert.deepEqual(seen, [false]);
  catchUp(windows.one);
  assert.deepEqual(windows.one.shown('1'), ['Hello', 'Hi.', 'How are you?', 'Fine.']);
});

test('a lane stays where it stands when another window turns to another branch', async () => {
  using windows = await twoWindows(says('Hey.'), says('Fine.'));
  const { one, other } = windows;
  await other.ask('1', (chat, lane) => chat.retry(lane));
  catchUp(one);
  assert.deepEqual(one.shown('1'), ['Hello', 'Hi.']);
  assert.equal(one.lane('1').message?.siblings.length, 2);
  await other.ask('1', (chat, lane) => chat.send(lane, 'How are you?'));
  catchUp(one);
  assert.deepEqual(one.shown('1'), ['Hello', 'Hi.']);
});

test('what two windows say at the same place stands beside each other', async () => {
  using windows = await twoWindows(says('Fine.'));
  const { one, other } = windows;
  await one.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  await other.ask('1', (chat, lane) => chat.send(lane, 'How are you?'));
  for (const window of [one, other]) catchUp(window);
  assert.deepEqual(one.shown('1'), ['Hello', 'Hi.', 'Why?', 'Mine.']);
  assert.deepEqual(other.shown('1'), ['Hello', 'Hi.', 'How are you?', 'Fine.']);
  for (const window of [one, other]) assert.equal(window.lane('1').turns[2]?.siblings.length, 2);
});

test('a lane whose message another window has deleted goes to the one above', async () => {
  using windows = await twoWindows(says('Fine.'));
  const { one, other } = windows;
  await other.ask('1', (chat, lane) => chat.send(lane, 'How are you?'));
  catchUp(one);
  const asked = one.lane('1').turns[2]?.id ?? '';
  const deleted = other.store.conversations.deleteBranch(asked);
  catchUp(one);
  assert.deepEqual(one.shown('1'), ['Hello', 'Hi.']);
  other.store.conversations.restoreBranch(deleted);
  catchUp(one);
  assert.deepEqual(one.shown('1'), ['Hello', 'Hi.', 'How are you?', 'Fine.']);
});

test('a system prompt that another window has written is sent from here too', async () => {
  using windows = await twoWindows();
  const { one, other } = windows;
  other.chat.setSystem('Be brief.', [other.lane('1')]);
  one.chat.rereadSystem();
  await one.ask('1', (chat, lane) => chat.send(lane, 'Why?'));
  assert.equal(one.sent()?.[0], 'system: Be brief.');
});
