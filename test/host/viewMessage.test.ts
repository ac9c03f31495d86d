import assert from 'node:assert/strict';
import { test } from 'node:test';
import { viewMessageOf } from '../../src/host/viewMessage.ts';
import type { ViewMessage } from '../../src/protocol.ts';

const messages: readonly ViewMessage[] = [
  { type: 'ready', protocol: 3 },
  { type: 'run', values: { topic: 'tokens', deep: { list: [1, null] } } },
  { type: 'run', values: {}, laneId: '2' },
  { type: 'stop' },
  { type: 'stop', laneId: '2' },
  { type: 'send', text: 'And why?' },
  { type: 'send', text: 'And why?', laneIds: ['1', '3'] },
  { type: 'attach' },
  { type: 'attach-files', uris: ['file:///a.ts'] },
  { type: 'attach-text', name: 'a.ts', text: 'a' },
  { type: 'detach', id: 'x' },
  { type: 'open-prompts', uris: ['file:///a.prompt'] },
  { type: 'edit', laneId: '1', messageId: 'm', text: 'Why not?' },
  { type: 'retry', laneId: '1' },
  { type: 'retry', laneId: '1', messageId: 'm' },
  { type: 'continue', laneId: '1' },
  { type: 'turn-to', laneId: '1', messageId: 'm' },
  { type: 'action', action: 'show-log' },
  { type: 'add-lane' },
  { type: 'duplicate-lane', laneId: '1' },
  { type: 'remove-lane', laneId: '1' },
  { type: 'choose-model', laneId: '1' },
  { type: 'choose-version', laneId: '1' },
  { type: 'set-settings', laneId: '1', settings: { temperature: 0.5, topP: null, stop: ['a'] } },
  { type: 'check-schema', laneId: '1', text: '{' },
  { type: 'edit-schema', laneId: '1', text: '{}' },
  { type: 'set-settings', laneId: '1', settings: { responseFormat: { type: 'json' } } },
  { type: 'reset-lane', laneId: '1' },
  { type: 'apply-lane', laneId: '1' },
  { type: 'diff' },
  { type: 'diff', laneId: '1' },
  { type: 'sweep', values: { topic: 'x' } },
  { type: 'save-comparison', values: { topic: 'x' } },
  { type: 'set-sample-count', laneId: '1', count: 5 },
  { type: 'show-sample', laneId: '1', runId: 'r' },
];

for (const message of messages) {
  test(`${JSON.stringify(message)} is understood`, () => {
    assert.deepEqual(viewMessageOf(structuredClone(message)), message);
  });
}

test('what is none of ours is not', () => {
  for (const raw of [
    undefined,
    'run',
    {},
    { type: 'rm' },
    { type: 'run' },
    { type: 'remove-lane' },
    { type: 'stop', laneId: 1 },
    { type: 'set-settings', laneId: '1', settings: [] },
    { type: 'set-sample-count', laneId: '1', count: 21 },
  ]) {
    assert.equal(viewMessageOf(raw), undefined);
  }
});

test('settings that do not exist or are out of their range are left out', () => {
  const settings = { temperature: 9, topP: 0.5, apiKey: 'x', seed: 1.5 };
  assert.deepEqual(viewMessageOf({ type: 'set-settings', laneId: '1', settings }), {
    type: 'set-settings',
    laneId: '1',
    settings: { topP: 0.5 },
  });
});
