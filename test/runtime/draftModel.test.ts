import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LlamaModel, Token } from 'node-llama-cpp';
import { DraftModel } from '../../src/runtime/draftModel.ts';
import type { Session } from '../../src/runtime/engine.ts';

test('a small model that hangs is left alone, and the answer goes on without it', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const model = {
    fileInfo: { metadata: { tokenizer: { ggml: { tokens: ['a', 'b'] } } } },
  } as unknown as LlamaModel;
  let asked = 0;
  const lane = {
    contextSize: 100,
    begin: () => {
      asked++;
      return new Promise<never>(() => undefined);
    },
  };
  const session = { model, lane, release: () => undefined } as unknown as Session;
  const draft = new DraftModel(session, model, new AbortController().signal);
  draft.add([0, 1] as Token[]);
  const guess = draft.guess(4);
  context.mock.timers.tick(5_000);
  assert.deepEqual(await guess, []);
  assert.deepEqual(await draft.guess(4), []);
  assert.equal(asked, 1);
});
