import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LlmError } from '../../src/core/errors.ts';
import { Listed } from '../../src/core/listed.ts';
import type { ModelInfo, Provider } from '../../src/core/provider.ts';
import { presets } from '../../src/providers/compatible/presets.ts';

const { capabilities } = presets.vllm;
const signal = new AbortController().signal;

/** A provider whose list is answered by hand, and its {@link Listed}. */
function made(limits: Partial<ModelInfo> = {}) {
  const asked: { signal: AbortSignal; answer: PromiseWithResolvers<readonly ModelInfo[]> }[] = [];
  let now = 0;
  const provider: Provider = {
    id: 'test',
    name: 'Test',
    models: (signal) => {
      const answer = Promise.withResolvers<readonly ModelInfo[]>();
      asked.push({ signal, answer });
      return answer.promise;
    },
    stream: () => {
      throw new Error('not called');
    },
  };
  const listed = new Listed(provider, {
    limitsOf: () => Promise.resolve(limits),
    clock: () => now,
    freshMs: 1000,
  });
  return { listed, asked, pass: (ms: number) => void (now += ms) };
}

describe('a list of models', () => {
  test('is asked for once by all who want it, and again when it is old or was taken back', async () => {
    const { listed, asked, pass } = made();
    const both = Promise.all([listed.models(signal), listed.models(signal)]);
    asked[0]?.answer.resolve([{ id: 'm', name: 'm', capabilities }]);
    assert.equal((await both)[0], (await both)[1]);
    pass(999);
    await listed.models(signal);
    assert.equal(asked.length, 1);
    pass(1);
    void listed.models(signal);
    assert.equal(asked.length, 2);
    listed.forget();
    void listed.models(signal);
    assert.equal(asked.length, 3);
  });

  test('says the limits that its provider leaves out, and never over what the provider says', async () => {
    const { listed, asked } = made({ contextWindow: 400_000, maxOutputTokens: 128_000 });
    const list = listed.models(signal);
    asked[0]?.answer.resolve([
      { id: 'bare', name: 'bare', capabilities },
      { id: 'own', name: 'own', capabilities, contextWindow: 8192 },
    ]);
    assert.deepEqual(
      (await list).map(({ contextWindow, maxOutputTokens }) => [contextWindow, maxOutputTokens]),
      [
        [400_000, 128_000],
        [8192, 128_000],
      ],
    );
  });

  test('that failed is asked for again after five seconds', async () => {
    const { listed, asked, pass } = made();
    const first = listed.models(signal);
    asked[0]?.answer.reject(new LlmError('network', 'Not running.'));
    await assert.rejects(first, { kind: 'network' });
    await assert.rejects(listed.models(signal), { kind: 'network' });
    assert.equal(asked.length, 1);
    pass(5000);
    void listed.models(signal);
    assert.equal(asked.length, 2);
  });

  test('goes on for others when one of them leaves, and ends with the last one', async () => {
    const { listed, asked } = made();
    const [one, two] = [new AbortController(), new AbortController()];
    const [first, second] = [listed.models(one.signal), listed.models(two.signal)];
    const [question] = asked;
    assert.ok(question);
    one.abort();
    await assert.rejects(first, { kind: 'cancelled' });
    assert.equal(question.signal.aborted, false);
    two.abort();
    await assert.rejects(second, { kind: 'cancelled' });
    assert.equal(question.signal.aborted, true);
    void listed.models(signal);
    assert.equal(asked.length, 2);
  });

  test('that takes too long is told as such', async () => {
    const { listed } = made();
    await assert.rejects(listed.models(AbortSignal.timeout(1)), { kind: 'network', message: /in time/ });
  });
});
