import assert from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { totalmem } from 'node:os';
import { basename } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChatEvent } from '../../src/core/chat.ts';
import type { LocalRuntime } from '../../src/node/localRuntime.ts';
import { scriptedModel } from '../models/scripted.ts';
import { errorOf } from '../providers/contract.ts';
import { answer, ask, endless, newRuntime, readUntilText, scripted, write } from './localFixture.ts';

const always = new AbortController().signal;
const other = write('other.gguf', scriptedModel({ name: 'Other' }));

describe('the state of the local runtime', () => {
  test('is not known before it runs', () => {
    assert.equal(newRuntime().state, undefined);
  });

  test('tells what computes, and each model in memory', async () => {
    const runtime = newRuntime({ settings: () => ({ threads: 1, backend: 'cpu' }) });
    await answer(runtime, ask(scripted, { contextSize: 512 }));
    const { ram, ...state } = await stateWhere(runtime, (names) => names.length === 1);
    assert.equal(ram.total, totalmem());
    const [model] = state.models;
    assert.ok(model && model.bytes > scriptedModel().length);
    assert.deepEqual(
      { ...state, models: [{ ...model, bytes: 0 }] },
      {
        backend: 'cpu',
        devices: [],
        threads: 1,
        models: [
          { path: scripted, contextSize: 512, lanes: 1, gpuLayers: 0, layers: 2, bytes: 0, vramBytes: 0 },
        ],
      },
    );
  });

  test('a backend that the machine does not have is replaced by the processor, and every answer says why', async () => {
    const runtime = newRuntime({ settings: () => ({ threads: 1, backend: 'metal' }) });
    const message = 'Metal is only on Macs with an Apple chip. The processor computes instead.';
    for (let time = 0; time < 2; time++)
      assert.deepEqual(warningsOf(await answer(runtime, ask(scripted))), [message]);
    const { backend, fallback } = await stateWhere(runtime, (names) => names.length === 1);
    assert.deepEqual([backend, fallback], ['cpu', message]);
  });

  test('another setting takes effect with the next answer, and never during one', async () => {
    let unloadAfterMs = 0;
    const runtime = newRuntime({ settings: () => ({ threads: 1, unloadAfterMs }) });
    const call = new AbortController();
    const stream = runtime.stream(ask(endless), call.signal);
    await readUntilText(stream);
    const { pid } = runtime;
    unloadAfterMs = 60_000;
    await answer(runtime, ask(scripted));
    assert.equal(runtime.pid, pid);
    call.abort();
    await errorOf(stream);
    await answer(runtime, ask(scripted));
    assert.notEqual(runtime.pid, pid);
  });
});

describe('a model of the local runtime', () => {
  test('goes from memory when it is unloaded, but not while it answers', async () => {
    const runtime = newRuntime();
    const call = new AbortController();
    const stream = runtime.stream(ask(endless), call.signal);
    await readUntilText(stream);
    await assert.rejects(runtime.unload(endless), /"endless.gguf" is at work. Stop its runs first./);
    call.abort();
    await errorOf(stream);
    await unloadSoon(runtime, endless);
    assert.deepEqual((await stateWhere(runtime, (names) => names.length === 0)).models, []);
  });

  test('goes from memory when nobody has called it for a while', async () => {
    const runtime = newRuntime({ unloadAfterMs: 600 });
    await answer(runtime, ask(scripted));
    await stateWhere(runtime, (names) => names.length === 1);
    await stateWhere(runtime, (names) => names.length === 0);
    await answer(runtime, ask(scripted));
  });

  test('stays beside others as far as the budget goes; the longest unused one goes first', async () => {
    const third = write('third.gguf', scriptedModel({ name: 'Third' }));
    const small = { contextSize: 256 };
    const roomy = newRuntime();
    for (const model of [scripted, other, third]) await answer(roomy, ask(model, small));
    const all = await stateWhere(roomy, (names) => names.length === 3);
    const bytes = Math.max(...all.models.map((model) => model.bytes));

    const runtime = newRuntime({ memoryBytes: 2.5 * bytes });
    for (const model of [scripted, other, scripted, third]) await answer(runtime, ask(model, small));
    await stateWhere(runtime, (names) => names.join() === 'scripted.gguf,third.gguf');
    const tight = newRuntime({ memoryBytes: 1 });
    for (const model of [scripted, other]) await answer(tight, ask(model, small));
    await stateWhere(tight, (names) => names.join() === 'other.gguf');
  });

  test('that is larger than memory is refused before it is loaded', async () => {
    const huge = write('huge.gguf', scriptedModel());
    // Without content, a file takes no room on the disk.
    truncateSync(huge, 2e12);
    const error = await errorOf(newRuntime().stream(ask(huge), always));
    assert.equal(error.kind, 'bad-request');
    assert.match(error.message, /^"huge.gguf" takes 2000 GB of memory, and [\d.]+ GB are free. Close other/);
  });
});

/** The state in which the models of these file names are in memory. */
async function stateWhere(
  runtime: LocalRuntime,
  holds: (names: readonly string[]) => boolean,
): Promise<NonNullable<LocalRuntime['state']>> {
  for (const deadline = Date.now() + 5000; Date.now() < deadline;) {
    await delay(50);
    const { state } = runtime;
    if (state && holds(state.models.map(({ path }) => basename(path)))) return state;
    runtime.askState();
  }
  throw new Error(`the state is ${JSON.stringify(runtime.state)}`);
}

/** An answer that was aborted is at work until its token is done. */
async function unloadSoon(runtime: LocalRuntime, model: string): Promise<void> {
  for (const deadline = Date.now() + 5000; Date.now() < deadline;) {
    await delay(50);
    const isDone = await runtime.unload(model).then(
      () => true,
      () => false,
    );
    if (isDone) return;
  }
  throw new Error('it stays at work');
}

function warningsOf(events: readonly ChatEvent[]): string[] {
  const [start] = events;
  return start?.type === 'start' ? start.warnings.map(({ message }) => message) : [];
}
