import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, type LlmError } from '../../src/core/errors.ts';
import type { LocalRuntime } from '../../src/node/localRuntime.ts';
import { defaultAnswer, scriptedModel } from '../models/scripted.ts';
import { errorOf, textOfAnswer } from '../providers/contract.ts';
import { answer, ask, endless, entry, newRuntime, readUntilText, write } from './localFixture.ts';

describe('the process of the local runtime', () => {
  test('can be killed in mid-answer, and the next run starts another', async () => {
    const own = newRuntime();
    const stream = own.stream(ask(endless), new AbortController().signal);
    await readUntilText(stream);
    process.kill(pidOf(own), 'SIGKILL');
    const error = await errorOf(stream);
    assert.deepEqual(error.toData(), {
      kind: 'provider',
      message: 'The local runtime was killed (SIGKILL); what was streamed is kept. Run again to restart it.',
      retryable: true,
    });
    assert.equal(own.pid, undefined);
    assert.equal(textOfAnswer(await answer(own, ask('scripted'))), defaultAnswer);
  });

  test('can crash in native code, and says which words it left', async () => {
    const bytes = Buffer.from(scriptedModel());
    const key = 'llama.attention.layer_norm_rms_epsilon';
    const typeBytes = 4;
    // llama.cpp loads a negative epsilon and asserts on it when it computes.
    bytes.writeFloatLE(-1, bytes.indexOf(key) + key.length + typeBytes);
    const own = newRuntime();
    const error = await errorOf(own.stream(ask(write('abort.gguf', bytes)), new AbortController().signal));
    assert.equal(error.kind, 'provider');
    assert.match(error.message, /^The local runtime crashed \(SIGABRT\); .*the model file may be damaged\.$/);
    assert.match(messageOf(error.cause), /GGML_ASSERT\(eps >= 0/);
  });

  test('can be killed with four lanes on it, each of which keeps its text and says what happened', async () => {
    const own = newRuntime();
    const streams = Array.from({ length: 4 }, () => own.stream(ask(endless), new AbortController().signal));
    await Promise.all(streams.map(readUntilText));
    const texts = streams.map(() => '');
    const errors = streams.map((stream, lane) =>
      errorOf(stream, (event) => {
        if (event.type === 'text') texts[lane] = `${texts[lane] ?? ''}${event.text}`;
      }),
    );
    await delay(50);
    process.kill(pidOf(own), 'SIGKILL');
    assert.deepEqual(
      (await Promise.all(errors)).map(({ message }) => message),
      texts.map(
        () => 'The local runtime was killed (SIGKILL); what was streamed is kept. Run again to restart it.',
      ),
    );
    assert.ok(texts.every((text) => text.length > 10));
    assert.equal(textOfAnswer(await answer(own, ask('scripted'))), defaultAnswer);
  });

  test('is not started again for a model that it died with three times, but for others', async () => {
    const own = newRuntime();
    const errors: LlmError[] = [];
    for (let time = 0; time < 3; time++) {
      const streams = [0, 1].map(() => own.stream(ask(endless), new AbortController().signal));
      await Promise.all(streams.map(readUntilText));
      process.kill(pidOf(own), 'SIGKILL');
      const [error] = await Promise.all(streams.map((stream) => errorOf(stream)));
      if (error) errors.push(error);
    }
    assert.deepEqual(
      errors.map(({ retryable }) => retryable),
      [true, true, false],
    );
    const refused = await errorOf(own.stream(ask(endless), new AbortController().signal));
    assert.match(refused.message, /died three times within a minute with "endless\.gguf"; .*Choose another/);
    assert.equal(refused.retryable, false);
    assert.equal(own.pid, undefined);
    assert.equal(textOfAnswer(await answer(own, ask('scripted'))), defaultAnswer);
  });

  test('starts at the first call and ends with dispose', async () => {
    const own = newRuntime();
    assert.equal(own.pid, undefined);
    const stream = own.stream(ask(endless), new AbortController().signal);
    await readUntilText(stream);
    const pid = pidOf(own);
    const [error] = await Promise.all([errorOf(stream), own.dispose()]);
    assert.equal(error.kind, 'cancelled');
    assert.equal(isRunning(pid), false);
  });

  test('ends by itself when its parent is killed', async () => {
    const script = write(
      'parent.ts',
      `import { LocalRuntime } from ${JSON.stringify(join(import.meta.dirname, '../../src/node/localRuntime.ts'))};
       const runtime = new LocalRuntime({ entry: ${JSON.stringify(entry)}, threads: 1, models: [], log: () => {} });
       const stream = runtime.stream(${JSON.stringify(ask(endless))}, new AbortController().signal);
       for await (const event of stream) if (event.type === 'start') console.log(runtime.pid);`,
    );
    const parent = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
    parent.kill('SIGKILL');
    const deadline = Date.now() + 2000;
    while (isRunning(Number(line)) && Date.now() < deadline) await delay(10);
    assert.equal(isRunning(Number(line)), false);
  });

  test('can be aborted while the engine starts and loads', async () => {
    const own = newRuntime();
    const error = await errorOf(own.stream(ask('scripted'), AbortSignal.timeout(100)));
    assert.equal(error.kind, 'cancelled');
    assert.equal(textOfAnswer(await answer(own, ask('scripted'))), defaultAnswer);
  });

  test('can be aborted while the process hangs', async () => {
    const own = newRuntime();
    const call = new AbortController();
    const stream = own.stream(ask(endless), call.signal);
    await readUntilText(stream);
    process.kill(pidOf(own), 'SIGSTOP');
    const error = errorOf(stream);
    call.abort();
    assert.equal((await error).kind, 'cancelled');
  });
});

function pidOf(runtime: LocalRuntime): number {
  assert.ok(runtime.pid, 'no process runs');
  return runtime.pid;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
