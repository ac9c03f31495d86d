import type { ChatEvent } from '../core/chat.ts';
import { LlmError } from '../core/errors.ts';
import type { Connection } from './connection.ts';
import { ServiceCall } from './serviceCall.ts';

/** Turns what a service streams into events, one call long. */
export interface Translator<Raw> {
  /**
   * The events that one piece stands for, often none.
   * @throws LlmError when the piece says that the service failed.
   */
  take(raw: Raw): readonly ChatEvent[];
  /** The events that are due when the service has ended its stream: `finish`, or none when it broke off. */
  end(): readonly ChatEvent[];
}

/** What differs from service to service in one streaming call. */
export interface Exchange<Raw> {
  /** Sends the request. */
  readonly open: (call: ServiceCall) => Promise<AsyncIterable<Raw>>;
  readonly translator: Translator<Raw>;
}

/**
 * Carries out one streaming call: key, timeouts, cancelling, errors, the end of the stream. Nothing happens before the
 * first `next()`.
 * @param prepare makes the request; an error of it is an error of the stream.
 * @throws LlmError of any kind; `network` when the stream ends without `finish`.
 */
export function streamFrom<Raw>(
  connection: Connection,
  signal: AbortSignal,
  prepare: () => Exchange<Raw> | Promise<Exchange<Raw>>,
): AsyncIterable<ChatEvent> {
  return { [Symbol.asyncIterator]: () => new ServiceStream(connection, signal, prepare) };
}

interface Opened<Raw> {
  readonly raws: AsyncIterator<Raw>;
  readonly translator: Translator<Raw>;
}

/**
 * Written out by hand: a generator around the SDK's own costs half of what the SDK does for a token. One reader reads it,
 * who waits for each answer before asking for the next, as `for await` does.
 */
class ServiceStream<Raw> implements AsyncIterator<ChatEvent, undefined> {
  readonly #connection: Connection;
  readonly #signal: AbortSignal;
  readonly #prepare: () => Exchange<Raw> | Promise<Exchange<Raw>>;
  #opened: Opened<Raw> | undefined;
  #call: ServiceCall | undefined;
  /** What the last piece stood for; read up to `#at`. */
  #events: readonly ChatEvent[] = [];
  #at = 0;
  #isOver = false;

  constructor(
    connection: Connection,
    signal: AbortSignal,
    prepare: () => Exchange<Raw> | Promise<Exchange<Raw>>,
  ) {
    this.#connection = connection;
    this.#signal = signal;
    this.#prepare = prepare;
  }

  next(): Promise<Result> {
    if (this.#at < this.#events.length || this.#isOver) return Promise.resolve(this.#give());
    if (this.#opened) return this.#opened.raws.next().then(this.#receive, this.#fail);
    return this.#open().then(() => this.next(), this.#fail);
  }

  return(): Promise<Result> {
    this.#close();
    return Promise.resolve(over);
  }

  async #open(): Promise<void> {
    const { open, translator } = await this.#prepare();
    this.#call = await ServiceCall.begin(this.#connection, this.#signal);
    const raws = await open(this.#call);
    this.#opened = { raws: raws[Symbol.asyncIterator](), translator };
  }

  readonly #receive = ({ value, done }: IteratorResult<Raw, unknown>): Result | Promise<Result> => {
    try {
      // Some SDKs end their loop without a word when the call is aborted.
      if (this.#call?.signal.aborted) this.#call.signal.throwIfAborted();
      const { translator } = this.#opened as Opened<Raw>;
      const events = done ? translator.end() : translator.take(value);
      if (done && !hasFinish(events)) {
        const { name } = this.#connection;
        throw new LlmError('network', `The answer of ${name} broke off before its end. Run again.`);
      }
      this.#call?.watchdog.alive(events);
      this.#events = events;
      this.#at = 0;
    } catch (thrown) {
      return this.#fail(thrown);
    }
    return this.#events.length > 0 ? this.#give() : this.next();
  };

  #give(): Result {
    const event = this.#events[this.#at++];
    if (event === undefined) return over;
    // Whatever a service sends after its end is not part of the answer.
    if (event.type === 'finish') this.#close();
    return { done: false, value: event };
  }

  /** Ends the stream with the error, unless the answer is whole. */
  readonly #fail = (thrown: unknown): Result => {
    const error = this.#call?.errorOf(thrown) ?? thrown;
    // An answer that had said why it ends is whole, whatever happens to the connection after that.
    const isBroken = error instanceof LlmError && error.kind === 'network';
    const last = (isBroken && this.#opened?.translator.end()) || [];
    this.#close();
    if (!hasFinish(last)) throw error;
    this.#events = last;
    return this.#give();
  };

  #close(): void {
    this.#isOver = true;
    this.#events = [];
    this.#at = 0;
    this.#call?.[Symbol.dispose]();
  }
}

type Result = IteratorResult<ChatEvent, undefined>;

const over: Result = { done: true, value: undefined };

function hasFinish(events: readonly ChatEvent[]): boolean {
  return events.some(({ type }) => type === 'finish');
}
