import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { textMessage, type ChatEvent, type ChatRequest, type TokenLogprob } from '../../src/core/chat.ts';
import { writeRandomModel } from '../models/random.ts';
import { scriptedModel } from '../models/scripted.ts';
import { errorOf, logprobsOf, textOfAnswer } from '../providers/contract.ts';
import { answer, ask, endless, folder, newRuntime, readUntilText, write } from './localFixture.ts';

const random = join(folder, 'random.gguf');
writeRandomModel(random);

const runtime = newRuntime();

/** A sampled answer of the random model; each `lane` has its own prompt, seed and text. */
function sampled(lane: number, settings: ChatRequest['settings'] = {}): ChatRequest {
  return {
    ...ask(random, {
      temperature: 1,
      topK: 0,
      topP: 1,
      minP: 0,
      seed: lane,
      maxOutputTokens: 40,
      ...settings,
    }),
    messages: [textMessage('user', `What is ${'lane '.repeat(lane)}${lane}?`)],
  };
}

describe('lanes on one local model', () => {
  test('give with a seed the text that each gives alone', async () => {
    const requests = [1, 2, 3, 4, 5, 6].map((lane) => sampled(lane));
    const alone: string[] = [];
    for (const request of requests) alone.push(textOfAnswer(await answer(runtime, request)));
    const together = await Promise.all(requests.map((request) => answer(runtime, request)));
    assert.deepEqual(together.map(textOfAnswer), alone);
    assert.equal(new Set(alone).size, 6);
  });

  test('give the log-probabilities that each gives alone', async () => {
    const requests = [1, 2, 3].map((lane) => sampled(lane, { logprobs: 5 }));
    const alone: TokenLogprob[][] = [];
    for (const request of requests) alone.push(logprobsOf(await answer(runtime, request)));
    const together = await Promise.all(requests.map((request) => answer(runtime, request)));
    const differences = together.flatMap((events, lane) =>
      logprobsOf(events).map(({ token, logprob }, index) => {
        assert.equal(token, alone[lane]?.[index]?.token);
        return Math.abs(logprob - (alone[lane]?.[index]?.logprob ?? NaN));
      }),
    );
    assert.ok(differences.length > 90 && Math.max(...differences) < 1e-3, `${Math.max(...differences)}`);
  });

  test('advance together', async () => {
    const arrivals: number[] = [];
    await Promise.all(
      [0, 1, 2, 3, 4, 5].map(async (lane) => {
        const stream = runtime.stream(ask(endless, { maxOutputTokens: 50 }), never());
        for await (const event of stream) if (event.type === 'text') arrivals.push(lane);
      }),
    );
    const countAt = (lane: number, index: number): number =>
      arrivals.slice(0, index).filter((other) => other === lane).length;
    const indexOf = (token: number): number => arrivals.findIndex((_, index) => countAt(0, index) === token);
    // While the first lane gets 30 tokens, so does every other.
    const gained = [1, 2, 3, 4, 5].map((lane) => countAt(lane, indexOf(45)) - countAt(lane, indexOf(15)));
    assert.ok(
      gained.every((tokens) => Math.abs(tokens - 30) <= 2),
      arrivals.join(''),
    );
  });

  test('are six; further runs wait in the order in which they came', async () => {
    const begun: number[] = [];
    const run = async (lane: number, maxOutputTokens: number): Promise<void> => {
      for await (const event of runtime.stream(ask(endless, { maxOutputTokens }), never()))
        if (event.type === 'start') begun.push(lane);
    };
    const lengths = [1500, 1500, 1500, 1500, 1500, 600, 50, 50, 50];
    await Promise.all(lengths.map((tokens, lane) => run(lane, tokens)));
    assert.deepEqual(begun.slice(0, 6).sort(), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(begun.slice(6), [6, 7, 8]);
  });

  test('leave the queue when they are cancelled', async () => {
    const running = Array.from({ length: 6 }, () => runtime.stream(ask(endless), never()));
    await Promise.all(running.map(readUntilText));
    const queued = new AbortController();
    const cancelled = errorOf(runtime.stream(ask(endless), queued.signal));
    const next = answer(runtime, ask(endless, { maxOutputTokens: 3 }));
    await delay(50);
    queued.abort();
    assert.equal((await cancelled).kind, 'cancelled');
    await running[0]?.return(undefined);
    assert.equal(textOfAnswer(await next).length > 0, true);
    await Promise.all(running.map((stream) => stream.return(undefined)));
  });

  test('go on with the same text when one of them is cancelled in its answer', async () => {
    const alone = textOfAnswer(await answer(runtime, sampled(1)));
    const call = new AbortController();
    const others = [sampled(1), sampled(1), sampled(1)].map((request) => answer(runtime, request));
    const cancelled = errorOf(
      runtime.stream(sampled(4, { maxOutputTokens: 4000 }), call.signal),
      ({ type }) => {
        if (type === 'text') call.abort();
      },
    );
    assert.equal((await cancelled).kind, 'cancelled');
    assert.deepEqual((await Promise.all(others)).map(textOfAnswer), [alone, alone, alone]);
  });

  test('go on with the same text when one of them is cancelled in its prompt', async () => {
    const alone = textOfAnswer(await answer(runtime, sampled(1)));
    const call = new AbortController();
    const others = [sampled(1), sampled(1), sampled(1)].map((request) => answer(runtime, request));
    const long = { ...ask(random), messages: [textMessage('user', 'word '.repeat(700))] };
    const cancelled = errorOf(runtime.stream(long, call.signal), ({ type }) => {
      if (type === 'usage') call.abort();
    });
    assert.equal((await cancelled).kind, 'cancelled');
    assert.deepEqual((await Promise.all(others)).map(textOfAnswer), [alone, alone, alone]);
  });

  test('go on with the same text when one of them fails', async () => {
    const alone = textOfAnswer(await answer(runtime, sampled(1)));
    const others = [sampled(1), sampled(1)].map((request) => answer(runtime, request));
    const failed = errorOf(runtime.stream(sampled(2, { logitBias: { none: 1 } }), never()));
    assert.equal((await failed).kind, 'bad-request');
    assert.deepEqual((await Promise.all(others)).map(textOfAnswer), [alone, alone]);
  });

  test('keep answering while another reads a long prompt', async () => {
    const other = runtime.stream(sampled(1, { maxOutputTokens: 3000 }), never());
    await readUntilText(other);
    const order: string[] = [];
    const long = { ...sampled(2), messages: [textMessage('user', 'word '.repeat(700))] };
    const reading = runtime.stream(long, never());
    const readsOn = (async () => {
      for await (const { type } of reading) {
        order.push(`long ${type}`);
        if (type === 'text') break;
      }
    })();
    void (async () => {
      for await (const { type } of other) order.push(`other ${type}`);
    })();
    await readsOn;
    const whileItRead = order.slice(order.indexOf('long usage'), order.indexOf('long text'));
    // 2,800 tokens in pieces of 128 at most.
    assert.ok(whileItRead.filter((event) => event === 'other text').length >= 20, order.join(', '));
  });

  test('can come while another runs, whose text stays what it was', async () => {
    const lines: string[] = [];
    const own = newRuntime({ log: (line) => lines.push(line) });
    const request = sampled(1, { maxOutputTokens: 100 });
    const alone = textOfAnswer(await answer(runtime, request));
    const first = own.stream(request, never());
    const events: ChatEvent[] = [];
    const later: Promise<ChatEvent[]>[] = [];
    for await (const event of first) {
      events.push(event);
      if (events.length === 10 || events.length === 30) later.push(answer(own, sampled(2)));
    }
    assert.equal(textOfAnswer(events), alone);
    assert.deepEqual(
      lines.filter((line) => line.includes('evaluated again')),
      [],
    );
    const other = textOfAnswer(await answer(runtime, sampled(2)));
    assert.deepEqual((await Promise.all(later)).map(textOfAnswer), [other, other]);
  });

  test('read a beginning that they have in common once', async () => {
    const own = newRuntime();
    const common = 'The same long document for all of them. '.repeat(30);
    const request = (lane: number): ChatRequest => ({
      ...sampled(lane, { maxOutputTokens: 3, logprobs: 5 }),
      messages: [textMessage('user', `${common}${lane}`)],
    });
    const together = await Promise.all([1, 2, 3].map((lane) => answer(own, request(lane))));
    for (const [index, events] of together.entries()) {
      const alone = logprobsOf(await answer(newRuntime(), request(index + 1)))[0];
      assertNear(logprobsOf(events)[0], alone);
    }
    const figures = together.map((events) => events.findLast((event) => event.type === 'usage')?.usage);
    const cached = figures.map((usage) => usage?.cachedTokens ?? 0).sort((a, b) => a - b);
    const inputTokens = figures[0]?.inputTokens ?? NaN;
    assert.equal(cached[0], 0);
    assert.ok(
      cached.slice(1).every((tokens) => tokens > inputTokens - 10),
      `${inputTokens}: ${cached.join(' ')}`,
    );
  });

  test('read on themselves when the one that read for them is cancelled', async () => {
    const own = newRuntime();
    const messages = [textMessage('user', 'word '.repeat(700))];
    const call = new AbortController();
    const first = errorOf(own.stream({ ...sampled(1), messages }, call.signal), ({ type }) => {
      if (type === 'usage') call.abort();
    });
    const request = { ...sampled(2, { maxOutputTokens: 3, logprobs: 5 }), messages };
    const second = answer(own, request);
    assert.equal((await first).kind, 'cancelled');
    assertNear(logprobsOf(await second)[0], logprobsOf(await answer(newRuntime(), request))[0]);
  });

  test('wait for each other where they ask for windows of different sizes', async () => {
    const large = runtime.stream(ask(endless, { contextSize: 1024 }), never());
    await readUntilText(large);
    const waiting = new AbortController();
    const small = errorOf(runtime.stream(ask(endless, { contextSize: 512 }), waiting.signal));
    await delay(100);
    waiting.abort();
    assert.equal((await small).kind, 'cancelled');
    await large.return(undefined);
    const full = await answer(runtime, ask(endless, { contextSize: 512 }));
    const usage = full.findLast((event) => event.type === 'usage')?.usage;
    assert.equal((usage?.inputTokens ?? 0) + (usage?.outputTokens ?? 0), 512);
  });
});

describe('a model file', () => {
  test('that is deleted while lanes run on it lets them go on, and is missed by the next', async () => {
    const path = write('deleted.gguf', scriptedModel({ endless: true }));
    const stream = runtime.stream(ask(path, { maxOutputTokens: 2000 }), never());
    await readUntilText(stream);
    rmSync(path);
    const error = await errorOf(runtime.stream(ask(path), never()));
    assert.match(error.message, /^There is no model file /);
    assert.equal((await Array.fromAsync(stream)).at(-1)?.type, 'finish');
  });

  test('that is replaced is loaded anew, while a lane goes on with what was there', async () => {
    const path = write('replaced.gguf', scriptedModel({ endless: true }));
    const stream = runtime.stream(ask(path), never());
    await readUntilText(stream);
    rmSync(path);
    write('replaced.gguf', scriptedModel({ answer: 'Something else.' }));
    assert.equal(textOfAnswer(await answer(runtime, ask(path))), 'Something else.');
    assert.equal((await stream.next()).done, false);
    await stream.return(undefined);
  });
});

describe('a second turn', () => {
  const turn = (conversation: string, turns: number): ChatRequest => ({
    ...ask(random, { maxOutputTokens: 1 }),
    messages: Array.from({ length: 2 * turns - 1 }, (_, index) =>
      textMessage(index % 2 === 0 ? 'user' : 'assistant', `${`${conversation} `.repeat(20)}${index}`),
    ),
  });
  const cached = async (request: ChatRequest, on = runtime): Promise<number> => {
    const events = await answer(on, request);
    return events.findLast((event) => event.type === 'usage')?.usage.cachedTokens ?? 0;
  };

  test('continues where its own conversation ended, while others go on beside it', async () => {
    const own = newRuntime();
    const talks = ['apple', 'brick', 'cloud', 'drift'];
    assert.deepEqual(await Promise.all(talks.map((talk) => cached(turn(talk, 1), own))), [0, 0, 0, 0]);
    // In another order, so that each has to find its own.
    const again = await Promise.all(talks.toReversed().map((talk) => cached(turn(talk, 2), own)));
    assert.ok(Math.min(...again) > 90, again.join(' '));
  });

  test('finds its conversation after another one has come between', async () => {
    const own = newRuntime();
    await Promise.all([cached(turn('apple', 1), own), cached(turn('brick', 1), own)]);
    await cached(turn('cloud', 1), own);
    await cached(turn('drift', 1), own);
    assert.ok((await cached(turn('drift', 2), own)) > 90);
    assert.ok((await cached(turn('cloud', 2), own)) > 90);
  });

  test('keeps what was evaluated when the window grows', async () => {
    const own = newRuntime();
    await cached(turn('apple', 1), own);
    const [apple] = await Promise.all([cached(turn('apple', 2), own), cached(turn('brick', 1), own)]);
    assert.ok(apple > 90, `${apple}`);
  });
});

/** The same distribution but for the rounding of batches of another size. */
function assertNear(one: TokenLogprob | undefined, other: TokenLogprob | undefined): void {
  assert.ok(one && other);
  const byId = new Map(one.alternatives.map(({ id, logprob }) => [id, logprob]));
  const both = other.alternatives.filter(({ id }) => byId.has(id));
  assert.ok(both.length >= 4, `${both.length} in common`);
  for (const { id, logprob } of both) assert.ok(Math.abs(logprob - (byId.get(id) ?? NaN)) < 1e-2);
}

function never(): AbortSignal {
  return new AbortController().signal;
}
