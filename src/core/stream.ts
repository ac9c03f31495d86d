import type { ChatEvent, ChatRequest } from './chat.ts';
import { cancelledError, LlmError } from './errors.ts';
import type { Provider } from './provider.ts';

/** Milliseconds that only ever grow; the zero is arbitrary. */
export type Clock = () => number;

/** How long one call took, in ms from the moment it was sent. */
export interface Timing {
  /** Time to the first token of text, reasoning or a tool call; absent when none came. */
  readonly timeToFirstTokenMs?: number;
  readonly totalMs: number;
}

/** Output tokens per second after the first token, or `undefined` when there was no time between the two. */
export function decodeSpeed(outputTokens: number, timing: Timing): number | undefined {
  if (timing.timeToFirstTokenMs === undefined) return undefined;
  const ms = timing.totalMs - timing.timeToFirstTokenMs;
  return ms > 0 && outputTokens > 0 ? (outputTokens * 1000) / ms : undefined;
}

/**
 * Passes a stream through and measures it. `timing()` may be read at any time, also after the stream threw; the
 * clock starts at the first `next()` and stops when the stream ends.
 */
export function withTiming(
  events: AsyncIterable<ChatEvent>,
  clock: Clock,
): { readonly events: AsyncIterable<ChatEvent>; readonly timing: () => Timing } {
  let startedAt: number | undefined;
  let firstTokenAt: number | undefined;
  let endedAt: number | undefined;

  async function* timed(): AsyncGenerator<ChatEvent> {
    startedAt = clock();
    try {
      for await (const event of events) {
        if (firstTokenAt === undefined && isOutput(event)) firstTokenAt = clock();
        yield event;
      }
    } finally {
      endedAt = clock();
    }
  }

  return {
    events: timed(),
    timing: () => ({
      ...(firstTokenAt === undefined || startedAt === undefined
        ? {}
        : { timeToFirstTokenMs: firstTokenAt - startedAt }),
      totalMs: startedAt === undefined ? 0 : (endedAt ?? clock()) - startedAt,
    }),
  };
}

export interface RetryOptions {
  /** How many times to try in all; 1 never retries. */
  readonly attempts: number;
  /** The wait before the second try, in ms; doubled for each further one. A longer `retryAfterMs` wins. */
  readonly firstDelayMs: number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A number from 0 to 1 that spreads the waits of many callers. */
  readonly random: () => number;
}

/**
 * Calls `provider` again after a retryable error, but only while nothing has been shown: once the first token came,
 * an error is passed on, because a second answer would not continue the first.
 * @throws LlmError the last one, unchanged.
 */
export async function* withRetry(
  provider: Provider,
  request: ChatRequest,
  options: RetryOptions,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent> {
  for (let attempt = 1; ; attempt++) {
    const held: ChatEvent[] = [];
    let shown = false;
    try {
      for await (const event of provider.stream(request, signal)) {
        if (!shown && !isOutput(event) && event.type !== 'finish') {
          held.push(event);
          continue;
        }
        if (!shown) yield* held;
        shown = true;
        yield event;
      }
      return;
    } catch (error) {
      if (shown || attempt >= options.attempts || !(error instanceof LlmError) || !error.retryable)
        throw error;
      const backoff = options.firstDelayMs * 2 ** (attempt - 1) * (0.5 + options.random());
      await options.sleep(Math.max(backoff, error.retryAfterMs ?? 0), signal);
      if (signal.aborted) throw cancelledError();
    }
  }
}

function isOutput(event: ChatEvent): boolean {
  return event.type === 'text' || event.type === 'reasoning' || event.type === 'tool-call';
}
