import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Held, toGiveUp } from '../../src/runtime/room.ts';

const none = { ram: 0, vram: 0 };

function held(key: string, ram: number, vram: number, isIdle = true): Held<string> {
  return { key, ram, vram, isIdle };
}

test('nothing is given up while both memories have room', () => {
  const limits = { ram: 10, vram: 4 };
  assert.deepEqual(toGiveUp([held('a', 3, 3), held('b', 3, 3)], { ram: 4, vram: 4 }, limits), []);
});

test('the longest unused idle models go, and no more than it takes', () => {
  const models = [held('busy', 4, 0, false), held('a', 3, 0), held('b', 3, 0), held('c', 3, 0)];
  assert.deepEqual(toGiveUp(models, { ram: 2, vram: 0 }, { ram: 12, vram: 0 }), ['a']);
  assert.deepEqual(toGiveUp(models, { ram: 4, vram: 0 }, { ram: 11, vram: 0 }), ['a', 'b']);
});

test('a card that is too full for what is wanted loses idle models that are on it, and only those', () => {
  const models = [held('in memory', 5, 0), held('on the card', 1, 6), held('too', 1, 2)];
  assert.deepEqual(toGiveUp(models, { ram: 0, vram: 8 }, { ram: 100, vram: 3 }), ['on the card']);
});

test('a full card is no reason to empty the memory, nor the other way round', () => {
  assert.deepEqual(toGiveUp([held('a', 5, 0)], { ram: 1, vram: 9 }, { ram: 100, vram: 1 }), []);
  assert.deepEqual(toGiveUp([held('a', 0, 5)], { ram: 9, vram: 0 }, { ram: 1, vram: 0 }), []);
  assert.deepEqual(toGiveUp([], none, none), []);
});
