import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textMessage } from '../../../src/core/chat.ts';
import { LlmError } from '../../../src/core/errors.ts';
import type { ModelPrice } from '../../../src/core/pricing.ts';
import { emptyOutput, foldRun, type RunEvent } from '../../../src/core/run/fold.ts';
import { interruption, runPrompt, type RunSurroundings } from '../../../src/core/run/runPrompt.ts';
import type { Run, RunInput, RunOutput, RunStore } from '../../../src/core/store.ts';
import { retrySentence } from '../../../src/core/stream.ts';
import { OpenAi } from '../../../src/providers/openai/openai.ts';
import { testConnection } from '../../support/connection.ts';
import { recorded } from '../../support/recorded.ts';
import { ReplayServer } from '../../support/replayServer.ts';
import { ScriptedProvider, start, type Step, stop, text, usage } from './scriptedProvider.ts';

const input: RunInput = {
  variables: {},
  modelId: 'scripted/one',
  request: { model: 'one', messages: [], settings: {} },
};

/** A store that notes what it was told, in order. */
class Notes implements RunStore {
  readonly lines: string[] = [];
  failOn: 'insert' | 'update' | undefined;

  insert(run: Run): void {
    if (this.failOn === 'insert') throw new Error('disk full');
    this.lines.push(`insert ${run.outcome.status}`);
  }
  update(_id: string, output: RunOutput): void {
    if (this.failOn === 'update') throw new Error('disk full');
    this.lines.push(`update ${output.outcome.status} "${output.text}"`);
  }
  get(): undefined {
    return undefined;
  }
  list(): [] {
    return [];
  }
}

/** A world whose clock only moves when a script says so, and whose timers then fire. */
function world(
  script: readonly Step[],
  options: { store?: RunStore; price?: ModelPrice; scripts?: Step[][] } = {},
) {
  let time = 0;
  let timers: { at: number; action: () => void }[] = [];
  const surroundings: RunSurroundings = {
    provider: new ScriptedProvider(script, ...(options.scripts ?? [])),
    price: options.price,
    ...(options.store ? { store: options.store } : {}),
    retry: { attempts: 2, firstDelayMs: 1, sleep: () => Promise.resolve(), random: () => 0 },
    clock: () => time,
    now: () => 1_000,
    newId: () => 'run-1',
    schedule: (ms, action) => {
      const timer = { at: time + ms, action };
      timers.push(timer);
      return () => (timers = timers.filter((other) => other !== timer));
    },
  };
  const pass = (ms: number) => () => {
    time += ms;
    const due = timers.filter(({ at }) => at <= time);
    timers = timers.filter(({ at }) => at > time);
    for (const { action } of due) action();
  };
  return { surroundings, pass };
}

async function eventsOf(
  surroundings: RunSurroundings,
  signal = new AbortController().signal,
): Promise<RunEvent[]> {
  return Array.fromAsync(runPrompt({ input, warnings: [] }, surroundings, signal).events);
}

describe('a run', () => {
  test('is recorded before anything is sent', async () => {
    const store = new Notes();
    const seen: string[][] = [];
    const { surroundings } = world([() => seen.push([...store.lines]), start, text('Hi'), stop], { store });
    await eventsOf(surroundings);
    assert.deepEqual(seen, [['insert running']]);
  });

  test('ends with its outcome, timing and cost', async () => {
    const script: Step[] = [];
    const source = { kind: 'user', matchedId: 'scripted/*' } as const;
    const price = { input: 1_000_000, output: 2_000_000, source };
    const { surroundings, pass } = world(script, { price });
    script.push(pass(30), start, pass(10), text('Hi'), pass(60), usage(3, 2), stop);
    assert.deepEqual((await eventsOf(surroundings)).at(-1), {
      type: 'end',
      outcome: { status: 'finished', reason: 'stop' },
      timing: { timeToFirstTokenMs: 40, totalMs: 100 },
      cost: { total: 7, input: 3, cacheRead: 0, cacheWrite: 0, output: 4, source },
    });
  });

  test('has no cost when the price is unknown', async () => {
    const { surroundings } = world([start, text('Hi'), usage(3, 2), stop]);
    const end = (await eventsOf(surroundings)).at(-1);
    assert.equal(end?.type === 'end' && 'cost' in end, false);
  });

  test('ends with what was expected of it, where that is known by then', async () => {
    const known = { inputTokens: 3, exactness: 'exact' } as const;
    const { surroundings } = world([start, text('Hi'), stop], {
      scripts: [
        [start, stop],
        [start, stop],
      ],
    });
    const expectedIn = async (estimate: RunSurroundings['estimate']) => {
      const end = (await eventsOf({ ...surroundings, ...(estimate ? { estimate } : {}) })).at(-1);
      return end?.type === 'end' ? end.estimate : assert.fail();
    };
    assert.deepEqual(await expectedIn(Promise.resolve(known)), known);
    assert.equal(await expectedIn(new Promise(() => undefined)), undefined);
    assert.equal(await expectedIn(undefined), undefined);
  });

  test('is saved at least every 250 ms while text arrives, also when the stream stalls', async () => {
    const store = new Notes();
    const script: Step[] = [];
    const { surroundings, pass } = world(script, { store });
    script.push(start, text('a'), pass(100), text('b'), pass(200), text('c'), pass(9_000), stop);
    await eventsOf(surroundings);
    assert.deepEqual(store.lines, [
      'insert running',
      'update running "ab"',
      'update running "abc"',
      'update finished "abc"',
    ]);
  });

  test('that cannot be recorded still answers, and says so once', async () => {
    const store = new Notes();
    store.failOn = 'insert';
    const { surroundings } = world([start, text('Hi'), stop], { store });
    const events = await eventsOf(surroundings);
    assert.deepEqual(
      events.map((event) => event.type),
      ['unsaved', 'start', 'text', 'finish', 'end'],
    );
    assert.deepEqual(events[0], { type: 'unsaved', reason: 'disk full' });
  });

  test('that cannot be saved at its end says so before its end', async () => {
    const store = new Notes();
    const { surroundings } = world([start, () => (store.failOn = 'update'), text('Hi'), stop], { store });
    assert.deepEqual(
      (await eventsOf(surroundings)).map((event) => event.type),
      ['start', 'text', 'finish', 'unsaved', 'end'],
    );
  });

  test('that fails keeps what was streamed and ends with the error', async () => {
    const store = new Notes();
    const error = new LlmError('provider', 'It died.');
    const { surroundings } = world([start, text('Half'), error], { store });
    const end = (await eventsOf(surroundings)).at(-1);
    assert.deepEqual(end?.type === 'end' && end.outcome, { status: 'failed', error: error.toData() });
    assert.equal(store.lines.at(-1), 'update failed "Half"');
  });

  test('whose stream ends without a finish failed by the network', async () => {
    const { surroundings } = world([start, text('Half')]);
    const end = (await eventsOf(surroundings)).at(-1);
    assert.equal(end?.type === 'end' && end.outcome.status === 'failed' && end.outcome.error.kind, 'network');
  });

  test('whose answer ends before its usage is reported whole has used what was told and more', async () => {
    const user = { input: 1_000_000, output: 2_000_000, source: { kind: 'user', matchedId: 'x' } } as const;
    const local = { input: 0, output: 0, source: { kind: 'local' } } as const;
    const error = new LlmError('provider', 'It died.');
    const endOf = async (script: readonly Step[], price: ModelPrice) => {
      const end = (await eventsOf(world(script, { price }).surroundings)).at(-1);
      return end?.type === 'end' ? { usage: end.usage, total: end.cost?.total } : undefined;
    };
    const isPartial = { usage: { inputTokens: 3, outputTokens: 0, isPartial: true } };
    const torn = [start, usage(3, 0), text('Half'), error];
    assert.deepEqual(await endOf(torn, user), { ...isPartial, total: undefined });
    assert.deepEqual(await endOf(torn, local), { ...isPartial, total: 0 });
    const told = [start, text('Half'), usage(3, 2), error];
    assert.deepEqual(await endOf(told, user), { usage: undefined, total: 7 });
  });

  test('that is stopped is an outcome of its own', async () => {
    const controller = new AbortController();
    const { surroundings } = world([start, text('Half'), () => controller.abort(), text('never')]);
    const events = await eventsOf(surroundings, controller.signal);
    assert.deepEqual(
      events.map((event) => event.type),
      ['start', 'text', 'end'],
    );
    assert.deepEqual(events[2]?.type === 'end' && events[2].outcome, { status: 'stopped' });
  });
});

test('a run whose program ends is interrupted, not stopped', async () => {
  const controller = new AbortController();
  const { surroundings } = world([start, text('Half'), () => controller.abort(interruption), text('never')]);
  const end = (await eventsOf(surroundings, controller.signal)).at(-1);
  assert.deepEqual(end?.type === 'end' && end.outcome, { status: 'interrupted' });
});

describe('a retry', () => {
  const busy = new LlmError('rate-limit', 'Busy.');
  const limited = (retryAfterMs: number): LlmError => new LlmError('rate-limit', 'Busy.', { retryAfterMs });

  test('happens before the first token, and nothing of the first try is seen', async () => {
    const { surroundings } = world([start, busy], { scripts: [[start, text('Hi'), stop]] });
    assert.deepEqual(
      (await eventsOf(surroundings)).map((event) => event.type),
      ['retry', 'start', 'text', 'finish', 'end'],
    );
  });

  test('is told before its wait, and what was told is gone when the answer begins', async () => {
    const { surroundings } = world([limited(8000)], { scripts: [[start, text('Hi'), stop]] });
    const events = await eventsOf({ ...surroundings, retry: { ...surroundings.retry, attempts: 3 } });
    const [retry] = events;
    assert.ok(retry?.type === 'retry');
    assert.equal(retrySentence(retry), 'Waiting 8.00 s, then trying again (2 of 3). Busy.');
    const shown = events.map((_, count) => events.slice(0, count + 1).reduce(foldRun, emptyOutput).retry);
    assert.deepEqual(shown, [retry, ...Array.from({ length: 4 }, () => undefined)]);
  });

  test('waits as long as the service asks, and doubles its own wait where it does not', async () => {
    const waits: number[] = [];
    const { surroundings } = world([busy], { scripts: [[busy], [limited(9000)], [start, stop]] });
    const sleep = (ms: number): Promise<void> => {
      waits.push(ms);
      return Promise.resolve();
    };
    await eventsOf({ ...surroundings, retry: { attempts: 4, firstDelayMs: 500, sleep, random: () => 0.5 } });
    assert.deepEqual(waits, [500, 1000, 9000]);
  });

  test('does not happen when the service asks for more than a minute; the error says for how long', async () => {
    const { surroundings } = world([limited(300_000)], { scripts: [[start, stop]] });
    const end = (await eventsOf(surroundings)).at(-1);
    assert.deepEqual(end?.type === 'end' && end.outcome, {
      status: 'failed',
      error: {
        kind: 'rate-limit',
        message: 'Busy. The service asks to wait 5 min 00 s.',
        retryable: true,
        retryAfterMs: 300_000,
      },
    });
  });

  test('is given up while it is waited for', async () => {
    const controller = new AbortController();
    const { surroundings } = world([busy], { scripts: [[start, text('never'), stop]] });
    const sleep = (): Promise<void> => {
      controller.abort();
      return Promise.resolve();
    };
    const events = await eventsOf(
      { ...surroundings, retry: { ...surroundings.retry, sleep } },
      controller.signal,
    );
    assert.deepEqual(
      events.map(({ type }) => type),
      ['retry', 'end'],
    );
    const end = events.at(-1);
    assert.deepEqual(end?.type === 'end' && end.outcome, { status: 'stopped' });
  });

  test('after the wait that a real service asks for', async () => {
    const replies = [
      { status: 429, headers: { 'retry-after': '7' }, body: '{}' },
      recorded('openai-chat/text'),
    ];
    await using server = await ReplayServer.start(() => replies.shift() ?? {});
    const waits: number[] = [];
    const { surroundings } = world([]);
    const sleep = (ms: number): Promise<void> => {
      waits.push(ms);
      return Promise.resolve();
    };
    const provider = new OpenAi(testConnection(server.url));
    const prepared = {
      input: {
        ...input,
        request: { model: 'gpt-4o', messages: [textMessage('user', 'Hello')], settings: {} },
      },
      warnings: [],
    };
    const events = await Array.fromAsync(
      runPrompt(
        prepared,
        { ...surroundings, provider, retry: { ...surroundings.retry, sleep } },
        new AbortController().signal,
      ).events,
    );
    assert.deepEqual(waits, [7000]);
    assert.deepEqual([events[0]?.type, events.at(-2)?.type, events.at(-1)?.type], ['retry', 'finish', 'end']);
  });

  test('never happens after the first token', async () => {
    const { surroundings } = world([start, text('H'), busy], { scripts: [[start, text('Hi'), stop]] });
    const end = (await eventsOf(surroundings)).at(-1);
    assert.deepEqual(end?.type === 'end' && end.outcome, { status: 'failed', error: busy.toData() });
  });

  test('gives up after its attempts with the last error', async () => {
    const { surroundings } = world([busy], { scripts: [[busy], [start, stop]] });
    const end = (await eventsOf(surroundings)).at(-1);
    assert.equal(end?.type === 'end' && end.outcome.status, 'failed');
  });

  test('does not happen for an error that a retry cannot mend', async () => {
    const { surroundings } = world([new LlmError('auth', 'No key.')], { scripts: [[start, stop]] });
    const end = (await eventsOf(surroundings)).at(-1);
    assert.equal(end?.type === 'end' && end.outcome.status, 'failed');
  });
});
