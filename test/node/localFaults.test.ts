import assert from 'node:assert/strict';
import { truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { textMessage } from '../../src/core/chat.ts';
import type { LocalRuntime } from '../../src/node/localRuntime.ts';
import { writeRandomModel } from '../models/random.ts';
import { defaultAnswer, scriptedModel } from '../models/scripted.ts';
import { collect, errorOf, textOfAnswer } from '../providers/contract.ts';
import { failingRuntime } from './failing/runtime.ts';
import { answer, ask, endless, folder, newRuntime, readUntilText, scripted, write } from './localFixture.ts';

const always = new AbortController().signal;

describe('a model file of the local runtime', () => {
  test('of an architecture that the engine does not know says which', async () => {
    const bytes = Buffer.from(scriptedModel());
    for (let at = bytes.indexOf('llama'); at >= 0; at = bytes.indexOf('llama', at)) bytes.write('qasar', at);
    const error = await errorOf(newRuntime().stream(ask(write('unknown.gguf', bytes)), always));
    assert.equal(error.kind, 'bad-request');
    assert.match(error.message, /^"unknown\.gguf" cannot be loaded: unknown model architecture: 'qasar'/);
  });

  test('that is replaced is read anew, and what was there leaves the memory', async () => {
    const runtime = newRuntime();
    const path = write('replaced.gguf', scriptedModel());
    assert.equal(textOfAnswer(await answer(runtime, ask(path))), defaultAnswer);
    writeFileSync(path, scriptedModel({ answer: 'Something else.' }));
    // Within the same moment, a file system may give both the same time.
    utimesSync(path, new Date(), new Date(Date.now() + 5000));
    assert.equal(textOfAnswer(await answer(runtime, ask(path))), 'Something else.');
    assert.equal((await runtime.stateNow(always))?.models.length, 1);
  });

  test('that is cut off while it answers ends the answer with words, and nothing else', async () => {
    const runtime = newRuntime();
    const path = write('cut.gguf', scriptedModel({ endless: true, contextLength: 100_000 }));
    const events = runtime.stream(ask(path), always);
    await readUntilText(events);
    truncateSync(path, 100);
    const outcome = await Promise.race([errorOf(events), delay(3000)]);
    // Where its pages were read already, the answer just goes on.
    if (outcome)
      assert.match(outcome.message, /^The local runtime crashed \(SIGBUS\); what was streamed is kept/);
    else await runtime.dispose();
    const next = await errorOf(newRuntime().stream(ask(path), always));
    assert.match(next.message, /^"cut\.gguf" cannot be loaded/);
    assert.equal(textOfAnswer(await answer(runtime, ask(scripted))), defaultAnswer);
  });
});

describe('the engine of the local runtime', () => {
  test('that finds no memory says what to do, and goes on', async () => {
    const { runtime } = failingRuntime('memory', 'cpu');
    const error = await errorOf(runtime.stream(ask(scripted), always));
    assert.deepEqual(error.toData(), {
      kind: 'bad-request',
      message:
        '"scripted.gguf" does not fit into memory. Close other programs, or take a smaller quantization of it.',
      retryable: false,
    });
  });

  test('that crashes at a load says so, and stops after the third time', async () => {
    const { runtime } = failingRuntime('abort at load', 'cpu');
    for (let time = 0; time < 2; time++) {
      const { message } = await errorOf(runtime.stream(ask(scripted), always));
      assert.match(message, /^The local runtime crashed \(SIGABRT\); .* the model file may be damaged\.$/);
    }
    assert.match((await errorOf(runtime.stream(ask(scripted), always))).message, /died three times/);
  });

  test('can be killed, and a run be stopped, while it loads', async () => {
    const { runtime, loads } = failingRuntime('hang at load', 'cpu');
    const stop = new AbortController();
    const stopped = errorOf(runtime.stream(ask(scripted), stop.signal));
    const killed = errorOf(runtime.stream(ask(endless), always));
    while (loads() < 2) await delay(20);
    stop.abort();
    assert.equal((await stopped).kind, 'cancelled');
    process.kill(runtime.pid ?? 0, 'SIGKILL');
    assert.match((await killed).message, /^The local runtime was killed \(SIGKILL\)/);
  });

  test('can be killed while it reads a prompt', async () => {
    const { runtime, events } = await slowPrompt(always);
    process.kill(runtime.pid ?? 0, 'SIGKILL');
    assert.match((await errorOf(events)).message, /^The local runtime was killed \(SIGKILL\)/);
    assert.equal(textOfAnswer(await answer(runtime, ask(scripted))), defaultAnswer);
  });

  test('stops reading a prompt when it is told to', async () => {
    const stop = new AbortController();
    const { runtime, events } = await slowPrompt(stop.signal);
    stop.abort();
    assert.equal((await errorOf(events)).kind, 'cancelled');
    assert.equal(textOfAnswer(await answer(runtime, ask(scripted))), defaultAnswer);
  });

  test('loads a model anew that it failed on without dying, such as after a sleep', async () => {
    const { runtime, loads } = failingRuntime('decode once', 'cpu');
    const error = await errorOf(runtime.stream(ask(scripted), always));
    assert.deepEqual(
      [error.kind, error.message],
      ['provider', 'The engine failed: the card was lost. Run again, or try another model.'],
    );
    const { pid } = runtime;
    assert.equal(textOfAnswer(await answer(runtime, ask(scripted))), defaultAnswer);
    assert.equal(runtime.pid, pid);
    assert.equal(loads(), 2);
  });

  test('can be stopped at any moment of a load, and loads it the next time', async () => {
    const large = join(folder, 'large.gguf');
    writeRandomModel(large, { width: 512, layers: 8, heads: 8, vocabularySize: 8192 });
    const runtime = newRuntime();
    await answer(runtime, ask(scripted));
    for (const ms of [1, 10, 30, 60, 100, 200]) {
      const run = collect(runtime.stream(ask(large, { maxOutputTokens: 1000 }), AbortSignal.timeout(ms)));
      await assert.rejects(run, { kind: 'cancelled' });
    }
    const events = await answer(runtime, ask(large, { maxOutputTokens: 2 }));
    assert.equal(events.at(-1)?.type, 'finish');
  });

  test('does not grow when models come and go', async (t) => {
    const runtime = newRuntime();
    const cycle = async (): Promise<void> => {
      await answer(runtime, ask(scripted, { contextSize: 256, maxOutputTokens: 1 }));
      await runtime.unload(scripted);
    };
    for (let time = 0; time < 10; time++) await cycle();
    const before = await residentBytes(runtime);
    for (let time = 0; time < 40; time++) await cycle();
    const grown = (await residentBytes(runtime)) - before;
    t.diagnostic(`40 loads: ${(grown / 1e6).toFixed(1)} MB more`);
    assert.ok(grown < 40e6, `it grew by ${grown} bytes`);
  });
});

/** A run that has begun to read a prompt that takes seconds. */
async function slowPrompt(
  signal: AbortSignal,
): Promise<{ runtime: LocalRuntime; events: ReturnType<LocalRuntime['stream']> }> {
  const slow = join(folder, 'slow.gguf');
  writeRandomModel(slow, { width: 512, layers: 8, heads: 8, contextLength: 8192 });
  const runtime = newRuntime();
  const events = runtime.stream(
    { ...ask(slow), messages: [textMessage('user', 'word '.repeat(1500))] },
    signal,
  );
  for (let next = await events.next(); !next.done && next.value.type !== 'usage';) next = await events.next();
  return { runtime, events };
}

/** How much memory the process has; 0 where the system does not tell it in a file. */
async function residentBytes(runtime: LocalRuntime): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const { readFile } = await import('node:fs/promises');
  const status = await readFile(`/proc/${runtime.pid ?? 0}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
}
