import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Crashes } from '../../src/node/crashes.ts';

describe('crashes of the local runtime', () => {
  test('are too many after three within a minute, until the first is a minute ago', () => {
    let now = 0;
    const crashes = new Crashes(() => now);
    for (const at of [0, 20_000, 40_000]) {
      now = at;
      assert.equal(crashes.areTooMany('model'), false);
      crashes.record('model', {});
    }
    assert.equal(crashes.areTooMany('model'), true);
    assert.equal(crashes.areTooMany('another'), false);
    now = 60_000;
    assert.equal(crashes.areTooMany('model'), false);
  });

  test('that end several calls count once', () => {
    const crashes = new Crashes(() => 0);
    const process = {};
    for (let call = 0; call < 4; call++) crashes.record('model', process);
    assert.equal(crashes.areTooMany('model'), false);
  });
});
