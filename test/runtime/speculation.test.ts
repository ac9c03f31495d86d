import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Token } from 'node-llama-cpp';
import { PromptLookup } from '../../src/runtime/promptLookup.ts';
import { type Guesser, Speculation } from '../../src/runtime/speculation.ts';

/** Each letter is a token. */
const tokens = (text: string): Token[] => Array.from(text, (letter) => letter.charCodeAt(0) as Token);
const spelled = (guess: readonly Token[]): string => String.fromCharCode(...guess);

describe('a prompt lookup', () => {
  const guessAfter = async (text: string, count = 4): Promise<string> => {
    const lookup = new PromptLookup();
    for (const token of tokens(text)) lookup.add([token]);
    return spelled(await lookup.guess(count));
  };

  test('goes on as the text went on the last time', async () => {
    assert.equal(await guessAfter('the cat, the'), ' cat');
    assert.equal(await guessAfter('abXab', 4), 'Xab');
  });

  test('by the longest end that stood there before', async () => {
    // "b c" alone came last before "2"; "ab c" came before "1".
    assert.equal(await guessAfter('ab c1 xb c2 ab c', 1), '1');
  });

  test('takes the last time of several', async () => {
    assert.equal(await guessAfter('ab1 ab2 ab', 1), '2');
  });

  test('guesses nothing for what is new, and nothing at the start', async () => {
    assert.equal(await guessAfter('abcdef'), '');
    assert.equal(await guessAfter('a'), '');
    assert.equal(await guessAfter(''), '');
  });

  test('takes a whole prompt at once', async () => {
    const lookup = new PromptLookup();
    lookup.add(tokens('one two one'));
    assert.equal(spelled(await lookup.guess(4)), ' two');
  });
});

describe('speculation', () => {
  const end = 'E'.charCodeAt(0) as Token;
  const asked: number[] = [];
  const always: Guesser = {
    add: () => undefined,
    guess: (count) => {
      asked.push(count);
      return Promise.resolve(tokens('abcdefghijklmnopqrst').slice(0, count));
    },
  };
  const fresh = (guesser = always): Speculation => {
    asked.length = 0;
    return new Speculation(guesser, (token) => token === end);
  };

  test('goes further ahead as long as it is right, and less far after a miss', async () => {
    const speculation = fresh();
    for (let round = 0; round < 4; round++) {
      const guessed = await speculation.next(100);
      speculation.told([...guessed, end], guessed);
    }
    const guessed = await speculation.next(100);
    speculation.told(tokens('x'), guessed);
    await speculation.next(100);
    assert.deepEqual(asked, [4, 8, 16, 16, 16, 8]);
    assert.deepEqual(speculation.counts, { drafted: 60, accepted: 44 });
  });

  test('rests after a row of misses', async () => {
    const speculation = fresh();
    for (let round = 0; round < 3; round++) speculation.told(tokens('x'), await speculation.next(100));
    assert.deepEqual(await speculation.next(100), []);
    speculation.told(tokens('x'.repeat(24)), []);
    assert.equal((await speculation.next(100)).length, 2);
  });

  test('guesses nothing behind an end, and no more than there is room for', async () => {
    const speculation = fresh({ add: () => undefined, guess: () => Promise.resolve(tokens('abEc')) });
    assert.equal(spelled(await speculation.next(100)), 'ab');
    await fresh().next(3);
    assert.deepEqual(asked, [3]);
  });
});
