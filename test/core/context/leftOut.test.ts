import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Message, textMessage } from '../../../src/core/chat.ts';
import { leftOut, type LeftOutOptions, type Measured } from '../../../src/core/context/leftOut.ts';
import type { Fitting } from '../../../src/core/context/fitting.ts';
import { turnsOf } from '../../../src/core/context/turns.ts';

/** One letter for each message: s(ystem), u(ser), a(ssistant), t(ool). */
function messagesOf(roles: string): readonly Message[] {
  const names = { s: 'system', u: 'user', a: 'assistant', t: 'tool' } as const;
  return Array.from(roles, (letter, index) => textMessage(names[letter as 's'], `m${index}`));
}

/** Each message takes 10 tokens. */
function measured(roles: string, changes: Partial<Measured> = {}): Measured {
  const messages = messagesOf(roles);
  return { messages, promptMessages: 0, tokens: messages.map(() => 10), fixed: 0, ...changes };
}

const places = (fitting: Fitting, of: Measured, options?: LeftOutOptions): readonly number[] =>
  leftOut(fitting, of, options).places;

describe('turns', () => {
  test('are a question and all that answers it', () => {
    assert.deepEqual(turnsOf(messagesOf('suatauau'), 1), [
      { from: 1, to: 5 },
      { from: 5, to: 7 },
      { from: 7, to: 8 },
    ]);
  });

  test('begin after the answer to the question of a prompt', () => {
    assert.deepEqual(turnsOf(messagesOf('suauau'), 2), [
      { from: 3, to: 5 },
      { from: 5, to: 6 },
    ]);
    assert.deepEqual(turnsOf(messagesOf('sua'), 2), []);
  });

  test('may begin with what is no question', () => {
    assert.deepEqual(turnsOf(messagesOf('aau'), 0), [
      { from: 0, to: 2 },
      { from: 2, to: 3 },
    ]);
  });
});

describe('the oldest turns are left out', () => {
  const drop: Fitting = { strategy: 'drop-oldest' };

  test('as few as must be', () => {
    const of = measured('suauauau', { promptMessages: 1 });
    assert.deepEqual(places(drop, { ...of, limit: 80 }), []);
    assert.deepEqual(places(drop, { ...of, limit: 79 }), [1, 2]);
    assert.deepEqual(places(drop, { ...of, limit: 59 }), [1, 2, 3, 4]);
    assert.deepEqual(places(drop, { ...of, limit: 60, fixed: 1 }), [1, 2, 3, 4]);
  });

  test('but never the prompt and the last one', () => {
    assert.deepEqual(places(drop, measured('suauauau', { promptMessages: 2, limit: 1 })), [3, 4, 5, 6]);
  });

  test('and none where the window is not known', () => {
    assert.deepEqual(places(drop, measured('uauauau')), []);
  });
});

test('a window of turns slides along, the new one among them', () => {
  const of = measured('uauauau');
  assert.deepEqual(places({ strategy: 'last', turns: 2 }, of), [0, 1, 2, 3]);
  assert.deepEqual(places({ strategy: 'last', turns: 4 }, of), []);
  assert.deepEqual(places({ strategy: 'last', turns: 1 }, measured('uau', { promptMessages: 1 })), []);
});

describe('older turns are summarised', () => {
  const fitting: Fitting = { strategy: 'summary', modelId: null };

  test('not while everything fits', () => {
    assert.deepEqual(leftOut(fitting, measured('uauau', { limit: 50 })), { places: [] });
  });

  test('so far that half of the limit is free again', () => {
    // 70 tokens, 10 too many, and 30 more to make room.
    assert.deepEqual(leftOut(fitting, measured('uauauau', { limit: 60 })), {
      places: [0, 1, 2, 3],
      summariseTo: 4,
    });
  });

  test('and stay left out once a summary stands for them', () => {
    const options = { summarised: 4, summaryTokens: 15 };
    assert.deepEqual(leftOut(fitting, measured('uauauau', { limit: 45 }), options), { places: [0, 1, 2, 3] });
  });

  test('and with them more, where the summary and the rest are too long again', () => {
    const options = { summarised: 2, summaryTokens: 15 };
    assert.deepEqual(leftOut(fitting, measured('uauauauau', { limit: 60 }), options), {
      places: [0, 1, 2, 3, 4, 5, 6, 7],
      summariseTo: 8,
    });
  });

  test('but never the last one', () => {
    assert.deepEqual(leftOut(fitting, measured('uau', { limit: 1 }), { summarised: 2 }), { places: [0, 1] });
  });
});

describe('the most relevant turns are sent', () => {
  const fitting: Fitting = { strategy: 'relevant', turns: 2, modelId: 'local/demo' };

  test('with the last one, in their order', () => {
    const likeness = [0.9, 0.1, 0.8, 0.2];
    assert.deepEqual(places(fitting, measured('uauauauau'), { likeness }), [2, 3, 6, 7]);
  });

  test('the newer one where two are alike', () => {
    assert.deepEqual(places(fitting, measured('uauauau'), { likeness: [0, 0, 0] }), [0, 1]);
  });

  test('and fewer where those do not fit', () => {
    const likeness = [0.9, 0.1, 0.8, 0.2];
    assert.deepEqual(places(fitting, measured('uauauauau', { limit: 30 }), { likeness }), [2, 3, 4, 5, 6, 7]);
  });
});
