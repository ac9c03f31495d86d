import { type ChatEvent, type ChatRequest, outputTokensOf, type Usage } from './chat.ts';
import { cancelledError, type ErrorData, LlmError } from './errors.ts';
import { formatDuration } from './format.ts';
import type { Provider } from './provider.ts';

/** Milliseconds that only ever grow; the zero is arbitrary. */
export type Clock = () => number;

/** How long one call took, in ms from the moment it was sent. */
export interface Timing {
  /** Time to the first token of text, reasoning or a tool call; absent when none came. */
  readonly timeToFirstTokenMs?: number;
  readonly totalMs: number;
}

/**
 * Output tokens per second after the first token; `undefined` when there was no time between the two, and where one of them is
 * not known.
 */
export function decodeSpeed(run: { readonly usage?: Usage; readonly timing?: Timing }): number | undefined {
  const { timing } = run;
  const outputTokens = outputTokensOf(run.usage);
  if (outputTokens === undefined || timing?.timeToFirstTokenMs === undefined) return undefined;
  const ms = timing.totalMs - timing.timeToFirstTokenMs;
  return ms > 0 && outputTokens > 0 ? (outputTokens * 1000) / ms : undefined;
}

/** That a call failed before its first token and is made again. */
export interface RetryEvent {
  readonly type: 'retry';
  /** Why the call is made again. */
  readonly error: ErrorData;
  /** How long is waited before it is, in ms. */
  readonly waitMs: number;
  /** Which of `attempts` comes next, from 2. */
  readonly attempt: number;
  readonly attempts: number;
}

/**
 * Passes a stream through and measures it. `timing()` may be read at any time, also after the stream threw; the
 * clock starts at the first `next()` and stops when the stream ends.
 */
export function withTiming<Event extends ChatEvent | RetryEvent>(
  events: AsyncIterable<Event>,
  clock: Clock,
): { readonly events: AsyncIterable<Event>; readonly timing: () => Timing } {
  let startedAt: number | undefined;
  let firstTokenAt: number | undefined;
  let endedAt: number | undefined;

  async function* timed(): AsyncGenerator<Event> {
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
  /**
   * The wait before the second try, in ms; doubled for each further one. A longer `retryAfterMs` wins, up to
   * {@link longestWaitMs}.
   */
  readonly firstDelayMs: number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A number from 0 to 1 that spreads the waits of many callers. */
  readonly random: () => number;
}

/** Who is told to wait longer, in ms, is better told so than kept waiting in front of an empty answer. */
const longestWaitMs = 60_000;

/**
 * Calls `provider` again after a retryable error, but only while nothing has been shown: once the first token came,
 * an error is passed on, because a second answer would not continue the first. Each wait is told before it begins.
 * @throws LlmError the last one; it says when to try again where the service did.
 */
export async function* withRetry(
  provider: Provider,
  request: ChatRequest,
  options: RetryOptions,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent | RetryEvent> {
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
      if (shown || !(error instanceof LlmError)) throw error;
      const { attempts, firstDelayMs, random, sleep } = options;
      const backoff = firstDelayMs * 2 ** (attempt - 1) * (0.5 + random());
      const waitMs = Math.max(backoff, error.retryAfterMs ?? 0);
      if (attempt >= attempts || !error.retryable || waitMs > longestWaitMs) throw sayingWhen(error);
      yield { type: 'retry', error: error.toData(), waitMs, attempt: attempt + 1, attempts };
      await sleep(waitMs, signal);
      if (signal.aborted) throw cancelledError();
    }
  }
}

/** `Waiting 8.00 s, then trying again (2 of 3). OpenAI takes no more requests for now (429).` */
export function retrySentence({ error, waitMs, attempt, attempts }: RetryEvent): string {
  return `Waiting ${formatDuration(waitMs)}, then trying again (${attempt} of ${attempts}). ${error.message}`;
}

/** The same error, which asks to wait as long as the service does. */
function sayingWhen(error: LlmError): LlmError {
  const { kind, message, retryable, retryAfterMs } = error;
  if (retryAfterMs === undefined) return error;
  const when = `The service asks to wait ${formatDuration(retryAfterMs)}.`;
  return new LlmError(kind, `${message} ${when}`, { retryable, retryAfterMs, cause: error });
}

function isOutput(event: ChatEvent | RetryEvent): boolean {
  return event.type === 'text' || event.type === 'reasoning' || event.type === 'tool-call';
}
