import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Gate } from '../../src/runtime/gate.ts';

describe('a gate', () => {
  test('lets any number pass at once', async () => {
    const gate = new Gate();
    const { promise, resolve } = Promise.withResolvers<string>();
    const both = Promise.all([gate.pass(() => promise), gate.pass(() => promise)]);
    resolve('passed');
    assert.deepEqual(await both, ['passed', 'passed']);
  });

  test('shuts when those inside have left, and holds who comes meanwhile', async () => {
    const gate = new Gate();
    const log: string[] = [];
    const step = (name: string) => async (): Promise<void> => {
      log.push(`${name} begins`);
      await delay(1);
      log.push(`${name} ends`);
    };
    await Promise.all([
      gate.pass(step('first')),
      gate.shutFor(step('change')),
      gate.pass(step('second')),
      gate.shutFor(step('other change')),
    ]);
    assert.deepEqual(log, [
      'first begins',
      'first ends',
      'change begins',
      'change ends',
      'second begins',
      'second ends',
      'other change begins',
      'other change ends',
    ]);
    assert.equal(gate.isShut, false);
  });

  test('opens after a change or a step that failed', async () => {
    const gate = new Gate();
    const fail = (): Promise<never> => Promise.reject(new Error('failed'));
    await assert.rejects(gate.pass(fail));
    await assert.rejects(gate.shutFor(fail));
    assert.equal(await gate.pass(() => Promise.resolve('open')), 'open');
    assert.equal(await gate.shutFor(() => Promise.resolve('empty')), 'empty');
  });
});
