import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ChatRequest, textMessage } from '../../src/core/chat.ts';
import { LearnedCorrections } from '../../src/node/learnedCorrections.ts';

const { signal } = new AbortController();

function learner(
  reported: readonly number[],
  request: ChatRequest = { model: 'm', messages: [textMessage('user', 'Hi')], settings: {} },
) {
  const counted: string[] = [];
  const learned = new LearnedCorrections({
    reportedRuns: (_, limit) =>
      reported.map((inputTokens, index) => ({ id: String(index), inputTokens })).slice(0, limit),
    runOf: () => ({ request }),
    count: (_, modelId) => {
      counted.push(modelId);
      return Promise.resolve(100);
    },
  });
  return { learned, counted };
}

test('what a model’s runs reported is compared with what is counted for them, each once', async () => {
  const { learned, counted } = learner([108, 110, 106]);
  assert.deepEqual(await learned.of('x/y', signal), { ratio: 1.08, runs: 3 });
  await learned.of('x/y', signal);
  assert.deepEqual(counted, ['x/y', 'x/y', 'x/y']);
});

test('runs with images teach nothing, because images are not counted', async () => {
  const image = { role: 'user', content: [{ type: 'image', url: 'data:,' }] } as const;
  const { learned, counted } = learner([500, 500, 500], { model: 'm', messages: [image], settings: {} });
  assert.deepEqual([await learned.of('x/y', signal), counted], [undefined, []]);
});

test('a history that cannot be read teaches nothing', async () => {
  const learned = new LearnedCorrections({
    reportedRuns: () => {
      throw new Error('locked');
    },
    runOf: () => undefined,
    count: () => Promise.resolve(1),
  });
  assert.equal(await learned.of('x/y', signal), undefined);
});
