import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  textMessage,
  type ChatEvent,
  type ChatRequest,
  type GenerationSettings,
} from '../../src/core/chat.ts';
import { LocalRuntime } from '../../src/node/localRuntime.ts';
import { writeRandomModel } from '../models/random.ts';
import { defaultAnswer, scriptedModel } from '../models/scripted.ts';
import { collect, errorOf, providerContract, textOfAnswer } from '../providers/contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'local-runtime-'));
const entry = join(import.meta.dirname, '../../src/runtime/main.ts');

const scripted = write('scripted.gguf', scriptedModel());
const endless = write('endless.gguf', scriptedModel({ endless: true, contextLength: 100_000 }));
const random = join(folder, 'random.gguf');
writeRandomModel(random);

const runtime = newRuntime();

after(async () => {
  await runtime.dispose();
  rmSync(folder, { recursive: true });
});

providerContract('the local runtime', {
  answer: () => ({ provider: runtime, request: ask('scripted') }),
  endless: () => ({ provider: runtime, request: ask(endless) }),
  // Calls on one model take turns, so another call on it shows whether the one before is over.
  isBusy: async () => {
    const outcome = await errorOrAnswer(
      runtime.stream(ask(endless, { maxOutputTokens: 1 }), AbortSignal.timeout(500)),
    );
    return outcome === 'cancelled';
  },
  notTaken: {
    subject: 'reasoningEffort',
    cause: () => ({ provider: runtime, request: ask('scripted', { reasoningEffort: 'low' }) }),
  },
  cutShort: { cannot: 'the process and its messages end together, and its end is an error of the provider' },
  provoke: {
    auth: { cannot: 'the runtime needs no key' },
    'rate-limit': { cannot: 'calls wait for their turn instead' },
    'context-overflow': () => ({
      provider: runtime,
      request: {
        ...ask('scripted', { contextSize: 256 }),
        messages: [textMessage('user', 'word '.repeat(500))],
      },
    }),
    'bad-request': () => ({ provider: runtime, request: ask('/no/such/file.gguf') }),
    network: { cannot: 'there is no network between the host and its child' },
    provider: () => {
      const broken = newRuntime({ execPath: '/no/such/node' });
      return { provider: broken, request: ask('scripted') };
    },
  },
});

describe('an answer of the local runtime', () => {
  test('is the model’s text, exactly', async () => {
    const events = await answer(ask('scripted'));
    assert.equal(textOfAnswer(events), defaultAnswer);
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop', rawReason: 'eos' });
  });

  test('comes with the probability of every token, whose bytes make up the text', async () => {
    const events = await answer(ask('scripted', { logprobs: 3 }));
    const tokens = events.flatMap((event) => (event.type === 'text' ? (event.logprobs ?? []) : []));
    const usage = events.findLast((event) => event.type === 'usage');
    assert.equal(usage?.usage.outputTokens, tokens.length);
    assert.equal(Buffer.from(tokens.flatMap(({ bytes = [] }) => bytes)).toString(), defaultAnswer);
    for (const { token, logprob, alternatives } of tokens) {
      assert.ok(Math.abs(Math.exp(logprob) - 0.999) < 1e-4, `${token}: ${Math.exp(logprob)}`);
      assert.equal(alternatives[0]?.token, token);
      const shares = alternatives.map((alternative) => Math.exp(alternative.logprob));
      assert.deepEqual(
        shares,
        [...shares].sort((a, b) => b - a),
      );
      assert.equal(alternatives.length, 3);
      assert.ok(shares.reduce((sum, share) => sum + share) <= 1);
    }
  });

  test('names the end of the answer among the alternatives', async () => {
    const path = write('short.gguf', scriptedModel({ answer: ['yes', ' no', ' maybe'] }));
    const events = await answer(ask(path, { logprobs: 100 }));
    const texts = events.filter((event) => event.type === 'text');
    const names = texts[0]?.logprobs?.[0]?.alternatives.map(({ token }) => token);
    assert.equal(names?.length, 100);
    assert.ok(names.includes(' maybe'));
  });

  test('gives probabilities before the sampler, the same at every temperature', async () => {
    const cold = await answer(ask(random, { logprobs: 5, temperature: 0, maxOutputTokens: 1 }));
    const hot = await answer(
      ask(random, { logprobs: 5, temperature: 2, topK: 0, topP: 1, minP: 0, seed: 3, maxOutputTokens: 1 }),
    );
    assert.deepEqual(alternativesOf(hot), alternativesOf(cold));
  });

  test('is the same for the same seed, and another for another', async () => {
    const settings = { temperature: 1, topK: 0, topP: 1, minP: 0, maxOutputTokens: 30 };
    const [first, second, other] = [
      textOfAnswer(await answer(ask(random, { ...settings, seed: 7 }))),
      textOfAnswer(await answer(ask(random, { ...settings, seed: 7 }))),
      textOfAnswer(await answer(ask(random, { ...settings, seed: 8 }))),
    ];
    assert.equal(second, first);
    assert.notEqual(other, first);
  });

  test('never splits a character', async () => {
    const fox = Buffer.from('🦊');
    const path = write(
      'fox.gguf',
      scriptedModel({ answer: ['A ', fox.subarray(0, 1), fox.subarray(1, 3), fox.subarray(3), '!'] }),
    );
    const events = await answer(ask(path));
    assert.deepEqual(textsOf(events), ['A ', '🦊', '!']);
    const withLogprobs = await answer(ask(path, { logprobs: 0 }));
    assert.deepEqual(textsOf(withLogprobs), ['A ', '', '', '🦊', '!']);
    const cut = await answer(ask(path, { maxOutputTokens: 3 }));
    assert.equal(textOfAnswer(cut), 'A ');
  });

  test('stops before a stop text that spans tokens, and shows what only began like one', async () => {
    const path = write(
      'stop.gguf',
      scriptedModel({ answer: ['one', ' <', 'two', '> ', '<e', 'nd', '> three'] }),
    );
    const events = await answer(ask(path, { stop: ['<end>'], logprobs: 0 }));
    assert.equal(textOfAnswer(events), 'one <two> ');
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop', rawReason: 'word' });
    const tokens = events.flatMap((event) => (event.type === 'text' ? (event.logprobs ?? []) : []));
    assert.equal(tokens.map(({ token }) => token).join(''), 'one <two> ');
    const unstopped = await answer(ask(path, { stop: ['> threepenny'] }));
    assert.equal(textOfAnswer(unstopped), 'one <two> <end> three');
  });

  test('ends with length at maxOutputTokens, and where the context is full', async () => {
    const limited = await answer(ask('scripted', { maxOutputTokens: 5, logprobs: 0 }));
    assert.equal(limited.filter((event) => event.type === 'text').length, 5);
    assert.deepEqual(limited.at(-1), { type: 'finish', reason: 'length', rawReason: 'limit' });
    const full = await answer(ask(endless, { contextSize: 256 }));
    const usage = full.findLast((event) => event.type === 'usage')?.usage;
    assert.equal((usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0), 256);
    assert.deepEqual(full.at(-1), { type: 'finish', reason: 'length', rawReason: 'context' });
  });

  test('does not evaluate the common beginning of two calls twice', async () => {
    await answer(ask('scripted'));
    const events = await answer(ask('scripted'));
    const usage = events.findLast((event) => event.type === 'usage')?.usage;
    assert.equal(usage?.cachedTokens, usage && usage.inputTokens - 1);
  });

  test('is not steered by control tokens spelled out in a message', async () => {
    const request = (text: string): ChatRequest => ({
      ...ask('scripted', { maxOutputTokens: 1 }),
      messages: [textMessage('user', text)],
    });
    const inputTokens = async (text: string): Promise<number | undefined> =>
      (await answer(request(text))).findLast((event) => event.type === 'usage')?.usage.inputTokens;
    // As text the seven characters of the name are at least four tokens; as a control token it would be one.
    assert.ok(((await inputTokens('<|end|>')) ?? 0) > ((await inputTokens('x')) ?? 0) + 2);
  });
});

describe('calls on the local runtime', () => {
  test('run at the same time, each with its own whole answer', async () => {
    const events = await Promise.all([
      answer(ask('scripted')),
      answer(ask('scripted')),
      answer(ask(scripted)),
    ]);
    assert.deepEqual(events.map(textOfAnswer), [defaultAnswer, defaultAnswer, defaultAnswer]);
  });

  test('can be aborted while they wait for their turn', async () => {
    const first = runtime.stream(ask(endless), new AbortController().signal);
    await readUntilText(first);
    const waiting = new AbortController();
    const second = errorOf(runtime.stream(ask(endless), waiting.signal));
    await delay(50);
    waiting.abort();
    assert.equal((await second).kind, 'cancelled');
    assert.equal((await first.next()).done, false);
    await first.return(undefined);
  });

  test('can be aborted while the engine starts and loads', async () => {
    const own = newRuntime();
    const error = await errorOf(own.stream(ask('scripted'), AbortSignal.timeout(100)));
    assert.equal(error.kind, 'cancelled');
    assert.equal(textOfAnswer(await answer(ask('scripted'), own)), defaultAnswer);
    await own.dispose();
  });

  test('can be aborted while the process hangs', async () => {
    const own = newRuntime();
    const call = new AbortController();
    const stream = own.stream(ask(endless), call.signal);
    await readUntilText(stream);
    process.kill(own.pid ?? 0, 'SIGSTOP');
    const error = errorOf(stream);
    call.abort();
    assert.equal((await error).kind, 'cancelled');
    await own.dispose();
  });
});

describe('what the local runtime cannot do it says', () => {
  const whole = scriptedModel();
  const damages = {
    'cut in its weights': { bytes: whole.slice(0, whole.length / 2), says: /not within the file bounds/ },
    'cut in its metadata': { bytes: whole.slice(0, 3000), says: /failed to read key-value pairs/ },
    'not GGUF': { bytes: Buffer.from('<html>404</html>'), says: /is not a GGUF file/ },
  };
  for (const [what, { bytes, says }] of Object.entries(damages)) {
    test(`a file that is ${what}`, async () => {
      const error = await errorOf(stream(ask(write('damaged.gguf', bytes))));
      assert.deepEqual([error.kind, error.retryable], ['bad-request', false]);
      assert.match(error.message, says);
    });
  }

  test('a file that is missing', async () => {
    const error = await errorOf(stream(ask('/no/such/model.gguf')));
    assert.equal(
      error.message,
      'There is no model file "/no/such/model.gguf". Correct the path after "local/" in the model id.',
    );
  });

  test('a model that is unknown, with those that there are', async () => {
    const error = await errorOf(stream(ask('skripted')));
    assert.equal(error.kind, 'bad-request');
    assert.match(
      error.message,
      /no local model "skripted". Choose "local\/scripted", or give the path of a GGUF/,
    );
  });

  test('a context that is larger than memory', async () => {
    const wide = join(folder, 'wide.gguf');
    writeRandomModel(wide, { width: 512, layers: 8, heads: 8 });
    const error = await errorOf(stream(ask(wide, { contextSize: 16_000_000 })));
    assert.equal(error.kind, 'bad-request');
    assert.match(
      error.message,
      /A context of 16000000 tokens does not fit into memory. Set "contextSize" lower/,
    );
  });

  test('an image', async () => {
    const image = { type: 'image', url: 'data:image/png;base64,AA==' } as const;
    const error = await errorOf(
      stream({ ...ask('scripted'), messages: [{ role: 'user', content: [image] }] }),
    );
    assert.deepEqual(
      [error.kind, error.message.slice(0, 35)],
      ['bad-request', 'The local runtime reads text only. '],
    );
  });

  test('tools and a response format, as warnings', async () => {
    const [first] = await answer({
      ...ask('scripted', { maxOutputTokens: 1 }),
      tools: [{ name: 'now', parameters: {} }],
      responseFormat: { type: 'json' },
    });
    assert.equal(first?.type, 'start');
    assert.deepEqual(
      first.warnings.map(({ subject }) => subject),
      ['tools', 'responseFormat'],
    );
  });
});

describe('the process of the local runtime', () => {
  test('can be killed in mid-answer, and the next run starts another', async () => {
    const own = newRuntime();
    const stream = own.stream(ask(endless), new AbortController().signal);
    await readUntilText(stream);
    process.kill(own.pid ?? 0, 'SIGKILL');
    const error = await errorOf(stream);
    assert.deepEqual(error.toData(), {
      kind: 'provider',
      message: 'The local runtime was killed (SIGKILL); what was streamed is kept. Run again to restart it.',
      retryable: true,
    });
    assert.equal(own.pid, undefined);
    assert.equal(textOfAnswer(await answer(ask('scripted'), own)), defaultAnswer);
    await own.dispose();
  });

  test('starts at the first call and ends with dispose', async () => {
    const own = newRuntime();
    assert.equal(own.pid, undefined);
    const stream = own.stream(ask(endless), new AbortController().signal);
    await readUntilText(stream);
    const pid = own.pid ?? 0;
    const [error] = await Promise.all([errorOf(stream), own.dispose()]);
    assert.equal(error.kind, 'cancelled');
    assert.equal(isRunning(pid), false);
  });

  test('ends by itself when its parent is killed', async () => {
    const script = join(folder, 'parent.ts');
    const modules = { runtime: join(import.meta.dirname, '../../src/node/localRuntime.ts') };
    writeFileSync(
      script,
      `import { LocalRuntime } from ${JSON.stringify(modules.runtime)};
       const runtime = new LocalRuntime({ entry: ${JSON.stringify(entry)}, threads: 1, models: [], log: () => {} });
       const request = ${JSON.stringify(ask(endless))};
       for await (const event of runtime.stream(request, new AbortController().signal)) {
         if (event.type === 'text') { console.log(runtime.pid); break; }
       }
       for await (const event of runtime.stream(request, new AbortController().signal));`,
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
});

function newRuntime(options: { execPath?: string } = {}): LocalRuntime {
  return new LocalRuntime({
    entry,
    threads: 1,
    models: [{ id: 'scripted', name: 'Scripted stand-in', path: scripted }],
    // A machine with a GPU would be tested for its drivers; these tests are about the rest.
    env: { ...process.env, NODE_LLAMA_CPP_GPU: 'false' },
    log: () => undefined,
    ...options,
  });
}

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function ask(model: string, settings: GenerationSettings = {}): ChatRequest {
  return { model, messages: [textMessage('user', 'Who are you?')], settings };
}

function stream(request: ChatRequest): AsyncGenerator<ChatEvent> {
  return runtime.stream(request, new AbortController().signal);
}

function answer(request: ChatRequest, from = runtime): Promise<ChatEvent[]> {
  return collect(from.stream(request, new AbortController().signal));
}

function textsOf(events: readonly ChatEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'text' ? [event.text] : []));
}

function alternativesOf(events: readonly ChatEvent[]): [token: string, logprob: string][] {
  const tokens = events.flatMap((event) => (event.type === 'text' ? (event.logprobs ?? []) : []));
  return (tokens[0]?.alternatives ?? []).map(({ token, logprob }) => [token, logprob.toFixed(4)]);
}

async function readUntilText(events: AsyncGenerator<ChatEvent>): Promise<void> {
  while ((await events.next()).value?.type !== 'text');
}

async function errorOrAnswer(events: AsyncIterable<ChatEvent>): Promise<string> {
  try {
    await collect(events);
    return 'answered';
  } catch (error) {
    return error instanceof Error && 'kind' in error ? String(error.kind) : 'failed';
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
