import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { placeOf } from '../../src/node/curatedModels.ts';
import { writeRandomModel } from '../models/random.ts';
import { scriptedModel } from '../models/scripted.ts';
import { answer, ask, folder, newRuntime, scripted, write } from './localFixture.ts';

const always = new AbortController().signal;
const runtime = newRuntime({ settings: () => ({ threads: 1, backend: 'cpu' }) });

describe('what a local model would take', () => {
  test('is told before it is loaded, with the window of a run that names none', async () => {
    const plan = await runtime.plan(scripted, undefined, always);
    assert.deepEqual(
      [plan.contextSize, plan.gpuLayers, plan.layers, plan.vram, plan.fits, plan.fittingContext],
      [4096, 0, 2, undefined, true, 4096],
    );
    assert.ok(plan.ram.wanted > scriptedModel().length && plan.ram.free > plan.ram.wanted);
    assert.deepEqual((await runtime.stateNow(always))?.models, []);
  });

  test('is about what it takes when it is loaded', async () => {
    const { ram } = await runtime.plan(scripted, 512, always);
    await answer(runtime, ask(scripted, { contextSize: 512 }));
    const [loaded] = (await runtime.stateNow(always))?.models ?? [];
    assert.equal(loaded?.bytes, ram.wanted);
  });

  test('grows with the window, and says which one there is room for', async () => {
    const wide = join(folder, 'wide.gguf');
    writeRandomModel(wide, { width: 512, layers: 8, heads: 8, contextLength: 4_000_000 });
    const small = await runtime.plan(wide, 4096, always);
    const large = await runtime.plan(wide, 4_000_000, always);
    assert.ok(small.fits && large.ram.wanted > 50 * small.ram.wanted);
    assert.equal(large.fits, false);
    const { fittingContext = 0 } = large;
    assert.ok(fittingContext > 4096 && fittingContext < 4_000_000, `${fittingContext} would fit`);
    assert.ok((await runtime.plan(wide, fittingContext, always)).fits);
  });

  test('is not known of what is no model', async () => {
    await assert.rejects(runtime.plan(write('page.gguf', '<html>'), undefined, always), {
      kind: 'bad-request',
      message: /is not a GGUF file/,
    });
    await assert.rejects(runtime.plan('/no/such.gguf', undefined, always), /There is no model file/);
  });
});

test('a model of the list belongs on the card, in memory too, or nowhere', () => {
  const model = { memoryGigabytes: 8 };
  assert.equal(placeOf(model, { memory: 8, graphics: 12 }), 'card');
  assert.equal(placeOf(model, { memory: 16, graphics: 0 }), 'memory');
  assert.equal(placeOf(model, { memory: 6, graphics: 6 }), 'memory');
  assert.equal(placeOf(model, { memory: 8, graphics: 0 }), 'nowhere');
});
