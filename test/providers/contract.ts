import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChatEvent, ChatRequest, TokenLogprob, Usage } from '../../src/core/chat.ts';
import { LlmError, type ErrorKind } from '../../src/core/errors.ts';
import type { Provider } from '../../src/core/provider.ts';

/** A provider and a request that together show one behaviour. */
export interface Scenario {
  readonly provider: Provider;
  readonly request: ChatRequest;
}

/** Makes a scenario inside the test that needs it, when servers and files are up. */
export type Cause = () => Scenario | Promise<Scenario>;

/** Says in one sentence why something cannot happen with this provider. */
export interface Cannot {
  readonly cannot: string;
}

/** What a provider's test must be able to cause, for the contract to be checked. */
export interface ProviderHarness {
  /** An answer of three events of output or more. */
  readonly answer: Cause;
  /** An answer that goes on until it is stopped. */
  readonly endless: Cause;
  /** Whether the service still works on the call of `endless`; asked again and again for two seconds. */
  readonly isBusy: () => boolean | Promise<boolean>;
  /** A request with a setting that the service does not take; `subject` as it must stand in the warning. */
  readonly notTaken: { readonly subject: string; readonly cause: Cause } | Cannot;
  /** A stream that breaks off in the middle of the answer, without an error. */
  readonly cutShort: Cause | Cannot;
  /** How each kind of error comes about. `cancelled` is not here, because every provider must have it. */
  readonly provoke: { readonly [kind in Exclude<ErrorKind, 'cancelled'>]: Cause | Cannot };
}

/** Registers the tests that every provider must pass. */
export function providerContract(name: string, harness: ProviderHarness): void {
  describe(`${name} keeps the contract of a provider`, () => {
    test('the events of an answer follow the grammar', async () => {
      const events = await collect(start(await harness.answer()));
      assert.deepEqual(grammarFaults(events), []);
      assert.ok(events.filter(isOutput).length >= 3, `only ${events.length} events came`);
    });

    test('usage is reported, and its parts are subsets of the totals', async () => {
      const events = await collect(start(await harness.answer()));
      const usage = events.findLast((event) => event.type === 'usage')?.usage;
      assert.ok(usage, 'no usage came');
      assert.ok(usage.inputTokens > 0 && usage.outputTokens > 0, JSON.stringify(usage));
      assert.ok(
        (usage.cachedTokens ?? 0) + (usage.cacheWriteTokens ?? 0) <= usage.inputTokens,
        JSON.stringify(usage),
      );
      assert.ok((usage.reasoningTokens ?? 0) <= usage.outputTokens, JSON.stringify(usage));
    });

    test('nothing starts before the first next()', async () => {
      start(await harness.endless());
      await delay(50);
      assert.equal(await isFree(harness), true);
    });

    test('a call aborted before its start is cancelled and gives nothing', async () => {
      const seen: ChatEvent[] = [];
      const error = await errorOf(start(await harness.endless(), AbortSignal.abort()), (event) =>
        seen.push(event),
      );
      assert.deepEqual([error.kind, seen], ['cancelled', []]);
    });

    test('a call aborted in mid-stream is cancelled within one event and frees the service', async () => {
      const call = new AbortController();
      let afterAbort = 0;
      const error = await errorOf(start(await harness.endless(), call.signal), (event) => {
        if (call.signal.aborted) afterAbort++;
        else if (isOutput(event)) call.abort();
      });
      assert.equal(error.kind, 'cancelled');
      assert.ok(afterAbort <= 1, `${afterAbort} events came after the abort`);
      assert.equal(await isFree(harness), true);
    });

    test('leaving the loop early frees the service', async () => {
      for await (const event of start(await harness.endless())) if (isOutput(event)) break;
      assert.equal(await isFree(harness), true);
    });

    optional('a setting that is not taken is a warning', harness.notTaken, async ({ subject, cause }) => {
      assert.deepEqual(warningsOf(await collect(start(await cause()))), [subject]);
    });

    optional('a stream that ends with no finish is a network error', harness.cutShort, async (cause) => {
      const error = await errorOf(start(await cause()));
      assert.equal(error.kind, 'network');
    });

    for (const [kind, cause] of Object.entries(harness.provoke)) {
      optional(`what goes wrong is told apart: ${kind}`, cause, async (cause) => {
        const error = await errorOf(start(await cause()));
        assert.equal(error.kind, kind, error.message);
        assert.match(error.message, /[.!]$/, 'the message is a sentence');
      });
    }
  });
}

/** All events of a stream. */
export async function collect(events: AsyncIterable<ChatEvent>): Promise<ChatEvent[]> {
  return Array.fromAsync(events);
}

/** The text of an answer. */
export function textOfAnswer(events: readonly ChatEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('');
}

/** Every token of an answer of which something is known. */
export function logprobsOf(events: readonly ChatEvent[]): TokenLogprob[] {
  return events.flatMap((event) => (event.type === 'text' ? (event.logprobs ?? []) : []));
}

/** What an answer took in the end. */
export function usageOf(events: readonly ChatEvent[]): Usage {
  const usage = events.findLast((event) => event.type === 'usage')?.usage;
  assert.ok(usage, 'no usage came');
  return usage;
}

/** What the warnings are about that a call begins with. */
export function warningsOf([start]: readonly ChatEvent[]): string[] {
  return start?.type === 'start' ? start.warnings.map(({ subject }) => subject) : [];
}

/** The error that a stream ends with; the test fails when it ends without one. */
export async function errorOf(
  events: AsyncIterable<ChatEvent>,
  onEvent: (event: ChatEvent) => void = () => undefined,
): Promise<LlmError> {
  try {
    for await (const event of events) onEvent(event);
  } catch (error) {
    assert.ok(error instanceof LlmError, `not an LlmError: ${String(error)}`);
    return error;
  }
  throw new assert.AssertionError({ message: 'the stream ended without an error' });
}

function start(
  { provider, request }: Scenario,
  signal = new AbortController().signal,
): AsyncIterable<ChatEvent> {
  return provider.stream(request, signal);
}

async function isFree(harness: ProviderHarness): Promise<boolean> {
  const deadline = Date.now() + 2000;
  while (Date.now() < deadline) {
    if (!(await harness.isBusy())) return true;
    await delay(20);
  }
  return false;
}

/** Registers the test, or its place with the reason why it cannot be run. */
function optional<Given>(
  name: string,
  given: Given | Cannot,
  run: (given: Exclude<Given, Cannot>) => Promise<void>,
): void {
  if (isCannot(given)) test(name, { skip: given.cannot });
  else test(name, () => run(given as Exclude<Given, Cannot>));
}

function isCannot(given: unknown): given is Cannot {
  return typeof given === 'object' && given !== null && 'cannot' in given;
}

function isOutput(event: ChatEvent): boolean {
  return event.type === 'text' || event.type === 'reasoning' || event.type === 'tool-call';
}

/** Where `events` differ from `start (text | reasoning | tool-call | usage)* finish`; empty when nowhere. */
function grammarFaults(events: readonly ChatEvent[]): string[] {
  const faults: string[] = [];
  const toolCalls = new Set<number>();
  events.forEach((event, index) => {
    const fault = (what: string): number => faults.push(`event ${index}, ${event.type}: ${what}`);
    if ((event.type === 'start') !== (index === 0)) fault('start is first and nothing else');
    if ((event.type === 'finish') !== (index === events.length - 1)) fault('finish is last and nothing else');
    if (event.type === 'start' && event.model === '') fault('no model');
    if (event.type === 'text' && event.text === '' && !event.logprobs?.length) fault('empty');
    if (event.type === 'reasoning' && event.text === '') fault('empty');
    if (event.type === 'tool-call') {
      const isFirst = !toolCalls.has(event.index);
      toolCalls.add(event.index);
      if (isFirst && !(event.id && event.name)) fault('the first piece has no id or name');
    }
  });
  return faults;
}
