import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChatEvent, ChatRequest } from '../../src/core/chat.ts';
import { Limited } from '../../src/core/limits.ts';
import type { Provider } from '../../src/core/provider.ts';

const request: ChatRequest = { model: 'm', messages: [], settings: {} };

/** A provider whose calls last until they are let go. */
class Held implements Provider {
  readonly id = 'held';
  readonly name = 'Held';
  running = 0;
  readonly letGo: (() => void)[] = [];

  models(): Promise<[]> {
    return Promise.resolve([]);
  }

  async *stream(): AsyncGenerator<ChatEvent> {
    this.running++;
    await new Promise<void>((resolve) => this.letGo.push(resolve));
    this.running--;
    yield { type: 'finish', reason: 'stop' };
  }
}

const real = { clock: () => performance.now(), sleep: (ms: number) => delay(ms) };

function call(provider: Provider, signal = new AbortController().signal): Promise<ChatEvent[]> {
  return Array.fromAsync(provider.stream(request, signal));
}

describe('a provider with limits', () => {
  test('runs no more calls at once than it may, and the next one when one ends', async () => {
    const held = new Held();
    const limited = new Limited(held, { concurrent: 2 }, real);
    const calls = [call(limited), call(limited), call(limited)];
    await delay(5);
    assert.equal(held.running, 2);
    held.letGo.shift()?.();
    await calls[0];
    await delay(5);
    assert.equal(held.running, 2);
    held.letGo.splice(0).forEach((go) => go());
    await Promise.all(calls);
    assert.equal(held.running, 0);
  });

  test('lets a waiting call be cancelled, which takes it out of the row', async () => {
    const held = new Held();
    const limited = new Limited(held, { concurrent: 1 }, real);
    const first = call(limited);
    await delay(1);
    const abort = new AbortController();
    const second = call(limited, abort.signal);
    const third = call(limited);
    await delay(1);
    abort.abort();
    await assert.rejects(second, { kind: 'cancelled' });
    held.letGo.shift()?.();
    await first;
    await delay(1);
    assert.equal(held.running, 1);
    held.letGo.shift()?.();
    await third;
  });

  test('a call that is left early gives its place back', async () => {
    const endless: Provider = {
      id: 'e',
      name: 'E',
      models: () => Promise.resolve([]),
      async *stream() {
        for (;;) yield await Promise.resolve({ type: 'text', text: 'x' } as const);
      },
    };
    const limited = new Limited(endless, { concurrent: 1 }, real);
    for (let round = 0; round < 2; round++) {
      for await (const event of limited.stream(request, new AbortController().signal)) {
        assert.equal(event.type, 'text');
        break;
      }
    }
  });

  test('begins no more calls a minute than it may', async () => {
    let now = 0;
    const waits: number[] = [];
    const quick: Provider = {
      id: 'q',
      name: 'Q',
      models: () => Promise.resolve([]),
      async *stream() {
        yield await Promise.resolve({ type: 'finish', reason: 'stop' } as const);
      },
    };
    const limited = new Limited(
      quick,
      { perMinute: 2 },
      {
        clock: () => now,
        sleep: (ms) => {
          waits.push(ms);
          now += ms;
          return Promise.resolve();
        },
      },
    );
    await call(limited);
    now = 10_000;
    await call(limited);
    await call(limited);
    assert.deepEqual(waits, [50_000]);
    assert.equal(now, 60_000);
  });
});
