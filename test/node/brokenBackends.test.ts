import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ChatEvent } from '../../src/core/chat.ts';
import type { LocalRuntime } from '../../src/node/localRuntime.ts';
import { defaultAnswer, scriptedModel } from '../models/scripted.ts';
import { collect, errorOf, textOfAnswer } from '../providers/contract.ts';
import { failingRuntime } from './failing/runtime.ts';
import { answer, ask, endless, readUntilText, scripted, write } from './localFixture.ts';

const always = new AbortController().signal;

describe('a graphics backend', () => {
  const failures = {
    load: /^Vulkan failed with "scripted\.gguf" and is not tried again .* \("scripted\.gguf" cannot be loaded: the card has no such instruction\. .*\)\. The processor computes instead\.$/,
    decode:
      /^Vulkan failed .* \(The engine failed: the card was lost\. .*\)\. The processor computes instead\.$/,
    abort:
      /^Vulkan failed .* \(The local runtime crashed \(SIGABRT\).*\)\. The processor computes instead\.$/,
  };
  for (const [fails, says] of Object.entries(failures)) {
    test(`that fails (${fails}) is replaced by the processor in the same call, and not tried again`, async () => {
      const { runtime, starts } = failingRuntime(fails);
      for (let time = 0; time < 2; time++) {
        const events = await answer(runtime, ask(scripted));
        assert.equal(textOfAnswer(events), defaultAnswer);
        assert.deepEqual(
          events.filter(({ type }) => type === 'start').map((event) => warningsOf([event]).length),
          [1],
        );
        assert.match(warningsOf(events)[0] ?? '', says);
      }
      assert.equal(starts(), 1);
      const state = await stateOf(runtime);
      assert.equal(state.backend, 'cpu');
      assert.match(state.fallback ?? '', says);
    });
  }

  test('that does not start is passed over without a warning, and the state says why', async () => {
    const { runtime } = failingRuntime('start');
    assert.deepEqual(warningsOf(await answer(runtime, ask(scripted))), []);
    const { backend, fallback, whyNotGpu } = await stateOf(runtime);
    assert.deepEqual([backend, fallback], ['cpu', undefined]);
    assert.match(whyNotGpu ?? '', /^Vulkan does not load: the driver of your graphics card/);
  });

  test('that does not start but was asked for is warned about', async () => {
    const { runtime } = failingRuntime('start', 'vulkan');
    const [warning] = warningsOf(await answer(runtime, ask(scripted)));
    assert.match(warning ?? '', /^Vulkan does not load: .* The processor computes instead\.$/);
  });

  test('is not to blame for a file that the processor cannot load either', async () => {
    const { runtime, starts } = failingRuntime('none');
    const cut = write('cut.gguf', scriptedModel().slice(0, 40_000));
    const error = await errorOf(runtime.stream(ask(cut), always));
    assert.match(error.message, /^"cut\.gguf" cannot be loaded: .*not within the file bounds/);
    await answer(runtime, ask(scripted));
    assert.equal(starts(), 2);
    assert.equal((await stateOf(runtime)).backend, 'vulkan');
  });

  test('that breaks off an answer gets one more chance; the text stays', async () => {
    const { runtime, starts } = failingRuntime('later');
    for (let time = 0; time < 2; time++) {
      let text = '';
      const error = await errorOf(runtime.stream(ask(scripted), always), (event) => {
        if (event.type === 'text') text += event.text;
      });
      assert.match(error.message, /^The local runtime crashed \(SIGABRT\); what was streamed is kept/);
      assert.ok(text.length > 0 && defaultAnswer.startsWith(text));
    }
    const events = await answer(runtime, ask('scripted'));
    assert.equal(textOfAnswer(events), defaultAnswer);
    assert.match(warningsOf(events)[0] ?? '', /^Vulkan failed/);
    assert.equal(starts(), 2);
  });

  test('that fails at one model lets the answers end that are under way on it', async () => {
    const { runtime } = failingRuntime('load-other');
    const call = new AbortController();
    const running = runtime.stream(ask(endless), call.signal);
    await readUntilText(running);
    const { pid } = runtime;
    assert.match(warningsOf(await answer(runtime, ask(scripted)))[0] ?? '', /^Vulkan failed/);
    assert.notEqual(runtime.pid, pid);
    for (let more = 0; more < 50; more++) await readUntilText(running);
    call.abort();
    await errorOf(running);
  });

  test('is left alone by whoever kills the process', async () => {
    const { runtime, starts } = failingRuntime('none');
    const events = runtime.stream(ask(endless), always);
    await readUntilText(events);
    process.kill(runtime.pid ?? 0, 'SIGKILL');
    await errorOf(events);
    assert.deepEqual(warningsOf(await answer(runtime, ask(scripted))), []);
    assert.equal(starts(), 2);
  });

  test('can be stopped while it is replaced', async () => {
    const { runtime } = failingRuntime('load');
    await assert.rejects(collect(runtime.stream(ask(scripted), AbortSignal.timeout(50))), {
      kind: 'cancelled',
    });
    assert.equal(textOfAnswer(await answer(runtime, ask(scripted))), defaultAnswer);
  });
});

async function stateOf(runtime: LocalRuntime): Promise<NonNullable<LocalRuntime['state']>> {
  runtime.askState();
  for (const deadline = Date.now() + 5000; Date.now() < deadline;) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (runtime.state) return runtime.state;
  }
  throw new Error('no state came');
}

function warningsOf(events: readonly ChatEvent[]): string[] {
  const [start] = events;
  return start?.type === 'start' ? start.warnings.map(({ message }) => message) : [];
}
