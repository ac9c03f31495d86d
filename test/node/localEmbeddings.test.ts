import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { writeRandomModel } from '../models/random.ts';
import { answer, ask, folder, newRuntime } from './localFixture.ts';

const random = join(folder, 'random.gguf');
writeRandomModel(random);

const runtime = newRuntime();

describe('an embedding of the local runtime', () => {
  test('is a vector of length 1 for each text, the same whenever and beside whatever it is asked for', async () => {
    const { vectors, cut } = await embed(['the red house', 'a green boat', 'the red house']);
    assert.deepEqual(cut, []);
    assert.equal(vectors.length, 3);
    for (const vector of vectors) assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-6);
    assert.ok(dot(vectors[0], vectors[2]) > 0.9999);
    assert.ok(dot(vectors[0], vectors[1]) < 0.99);
    const again = await embed(['a green boat']);
    assert.ok(dot(again.vectors[0], vectors[1]) > 0.9999);
  });

  test('counts the beginning of what is longer than the window, and says so', async () => {
    const { vectors, cut } = await embed(['short', 'word '.repeat(3000)]);
    assert.deepEqual(cut, [1]);
    assert.equal(vectors[1]?.length, vectors[0]?.length);
  });

  test('is made while the model answers', async () => {
    const [events, { vectors }] = await Promise.all([
      answer(runtime, ask(random, { maxOutputTokens: 20 })),
      embed(['beside an answer']),
    ]);
    assert.equal(events.at(-1)?.type, 'finish');
    assert.equal(vectors.length, 1);
  });

  test('says when there is no such model, and can be cancelled', async () => {
    await assert.rejects(runtime.embed('/no/such.gguf', ['x'], new AbortController().signal), {
      kind: 'bad-request',
    });
    const call = new AbortController();
    const many = runtime.embed(
      random,
      Array.from({ length: 500 }, () => 'word '.repeat(400)),
      call.signal,
    );
    setTimeout(() => call.abort(), 50);
    await assert.rejects(many, { kind: 'cancelled' });
    assert.equal((await embed(['after it'])).vectors.length, 1);
  });
});

function embed(texts: readonly string[]): ReturnType<typeof runtime.embed> {
  return runtime.embed(random, texts, new AbortController().signal);
}

function dot(a: readonly number[] = [], b: readonly number[] = []): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? NaN), 0);
}
