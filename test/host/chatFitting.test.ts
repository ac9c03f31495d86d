import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textOf } from '../../src/core/chat.ts';
import { Fitter } from '../../src/host/fitter.ts';
import { says, talkOf } from './talk.ts';
import { wordEstimator } from './wordEstimator.ts';

const none = { of: () => Promise.reject(new Error('No embeddings are asked for here.')) };

/** A chat in a window of `window` words; each message takes four more. */
function chatIn(window: number, scripts: readonly string[], summariserWindow?: number) {
  const fitter = new Fitter({ estimator: wordEstimator(window), vectors: none });
  const options = {
    ids: ['1'],
    chatId: 'c1',
    fitter,
    ...(summariserWindow === undefined ? {} : { summariserWindow }),
  };
  return talkOf(options, ...scripts.map(says));
}

const question = 'one two three four five';
const answer = 'six seven eight nine ten';

test('what does not fit is left out, and said to be', async () => {
  using talk = chatIn(40, [answer, answer, answer]);
  talk.chat.setFitting({ strategy: 'drop-oldest' });
  for (const text of [question, question, 'and now'])
    await talk.ask('1', (chat, lane) => chat.send(lane, text));
  assert.deepEqual(talk.sent(), [`user: ${question}`, `assistant: ${answer}`, 'user: and now']);
  const { fit, turns } = talk.lane('1');
  assert.deepEqual(
    fit?.leftOut.map(({ id }) => id),
    turns.slice(0, 2).map(({ id }) => id),
  );
  // It is in the conversation all the same.
  assert.deepEqual(talk.shown('1'), [question, answer, question, answer, 'and now', answer]);
});

test('a summary is written once, kept with the conversation, and sent from then on', async () => {
  using talk = chatIn(40, [answer, answer, 'They counted.', answer, answer]);
  talk.chat.setFitting({ strategy: 'summary', modelId: null });
  for (const text of [question, question, 'and now'])
    await talk.ask('1', (chat, lane) => chat.send(lane, text));
  assert.deepEqual(talk.sent(), ['user: Summary of what was said before:\nThey counted.\n\nand now']);
  const [, , asked] = talk.provider.requests;
  assert.match(asked?.messages.map(textOf).join() ?? '', /User: one two[^]*Assistant: six seven/);
  assert.equal(talk.lane('1').fit?.summary?.text, 'They counted.');
  assert.deepEqual(
    talk.store.list({ limit: 10 }).map(({ summaryOf, text }) => [summaryOf, text]),
    [
      [undefined, answer],
      ['c1', 'They counted.'],
      [undefined, answer],
      [undefined, answer],
    ],
  );
  // The run of the summary is in the history as any other.
  assert.equal(talk.store.conversations.count(), 2);

  await talk.ask('1', (chat, lane) => chat.send(lane, 'more'));
  assert.equal(talk.provider.requests.length, 5);
  assert.match(talk.sent()?.[0] ?? '', /They counted\.\n\nand now$/);
});

test('a summary that the history does not take is sent all the same, and known by its conversation', async () => {
  using talk = chatIn(40, [answer, answer, 'They counted.', answer]);
  talk.chat.setFitting({ strategy: 'summary', modelId: null });
  for (const text of [question, question]) await talk.ask('1', (chat, lane) => chat.send(lane, text));
  assert.deepEqual(talk.summaries.unsavedOf('c1'), []);
  talk.store.insert = () => {
    throw new Error('The disk is full.');
  };
  await talk.ask('1', (chat, lane) => chat.send(lane, 'and now'));
  assert.match(talk.sent()?.[0] ?? '', /They counted\./);
  assert.deepEqual(
    talk.summaries.unsavedOf('c1').map(({ text }) => text),
    ['They counted.'],
  );
  assert.deepEqual(talk.summaries.unsavedOf('c2'), []);
});

test('what the user writes in the place of a summary is sent', async () => {
  using talk = chatIn(40, [answer, answer, 'They counted.', answer, answer]);
  talk.chat.setFitting({ strategy: 'summary', modelId: null });
  for (const text of [question, question, 'and now'])
    await talk.ask('1', (chat, lane) => chat.send(lane, text));
  const { messageId = '' } = talk.lane('1').fit?.summary ?? {};
  talk.chat.setSummary(messageId, { text: 'To ten.', isEdited: true });
  await talk.ask('1', (chat, lane) => chat.send(lane, 'more'));
  assert.match(talk.sent()?.[0] ?? '', /To ten\./);
});

test('a summary that cannot be written stops the turn, and says why', async () => {
  using talk = chatIn(40, [answer, answer, ' ']);
  talk.chat.setFitting({ strategy: 'summary', modelId: null });
  for (const text of [question, question, 'and now'])
    await talk.ask('1', (chat, lane) => chat.send(lane, text));
  assert.match(talk.lane('1').problem?.message ?? '', /has written no summary/);
  assert.deepEqual(talk.shown('1'), [question, answer, question, answer].slice(0, 3).concat(answer));
});

test('what the summarising model cannot read at once is summarised in parts', async () => {
  // One turn and what asks for its summary fit, two do not.
  using talk = chatIn(32, [answer, answer, 'First.', 'Second.', answer], 468);
  for (const text of [question, question]) await talk.ask('1', (chat, lane) => chat.send(lane, text));
  talk.chat.setFitting({ strategy: 'summary', modelId: null });
  await talk.ask('1', (chat, lane) => chat.send(lane, 'and now'));
  assert.match(talk.sent()?.at(-1) ?? '', /Second\.\n\nand now/);
  const [, , first, second] = talk.provider.requests;
  assert.doesNotMatch(first?.messages.map(textOf).join() ?? '', /Summary of what came before/);
  assert.match(second?.messages.map(textOf).join() ?? '', /Summary of what came before:\nFirst\./);
});

test('one that is too long for every window says so', async () => {
  using talk = chatIn(40, [answer, answer], 20);
  talk.chat.setFitting({ strategy: 'summary', modelId: null });
  for (const text of [question, question, 'and now'])
    await talk.ask('1', (chat, lane) => chat.send(lane, text));
  assert.match(talk.lane('1').problem?.message ?? '', /too long to be summarised by scripted\/one/);
});
