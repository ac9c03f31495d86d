import { cancelledError, LlmError } from '../core/errors.ts';
import type { Embeddings } from '../core/provider.ts';
import { type Connection, keyOf } from './connection.ts';
import { guardedFetch } from './guardedFetch.ts';
import { errorOfThrown } from './networkErrors.ts';
import { Watchdog } from './watchdog.ts';

/**
 * Carries out one call that answers at once, such as a list of models, with the same errors.
 * @throws LlmError of any kind.
 */
export async function answerFrom<Answer>(
  connection: Connection,
  signal: AbortSignal,
  ask: (call: ServiceCall) => Promise<Answer>,
): Promise<Answer> {
  using call = await ServiceCall.begin(connection, signal);
  try {
    return await ask(call);
  } catch (thrown) {
    throw call.errorOf(thrown);
  }
}

/**
 * A count as a service has answered it.
 * @throws LlmError `provider` where it is none.
 */
export function countIn(answer: unknown, serviceName: string): number {
  if (typeof answer === 'number' && Number.isInteger(answer) && answer >= 0) return answer;
  throw new LlmError('provider', `${serviceName} answered without a number of tokens.`, { retryable: false });
}

/**
 * The vectors that a service has answered with, one for each text that was sent.
 * @throws LlmError `provider` where they are none.
 */
export function vectorsIn(answer: unknown, texts: readonly string[], serviceName: string): Embeddings {
  const vectors = Array.isArray(answer) ? (answer as readonly unknown[]) : [];
  if (vectors.length !== texts.length || !vectors.every((vector) => isVector(vector, vectors[0])))
    throw new LlmError('provider', `${serviceName} answered without a vector for each text.`, {
      retryable: false,
    });
  return { vectors: vectors as Embeddings['vectors'], cut: [] };
}

function isVector(value: unknown, first: unknown): boolean {
  if (!Array.isArray(value) || !Array.isArray(first)) return false;
  return value.length > 0 && value.length === first.length && value.every(Number.isFinite);
}

/** One call to a service, from its key to its end. Disposing it frees the socket. */
export class ServiceCall implements Disposable {
  readonly key: string | undefined;
  readonly watchdog: Watchdog;
  /** The `fetch` for the SDK: it throws `LlmError`s for everything but a 2xx answer of the API. */
  readonly fetch: typeof fetch;
  readonly #connection: Connection;
  readonly #user: AbortSignal;
  readonly #ended = new AbortController();
  readonly #stop = (): void => this.#ended.abort();

  /** @throws LlmError `auth` or `cancelled`. */
  static async begin(connection: Connection, user: AbortSignal): Promise<ServiceCall> {
    refuseAborted(user);
    const key = await keyOf(connection);
    refuseAborted(user);
    return new ServiceCall(connection, key, user);
  }

  private constructor(connection: Connection, key: string | undefined, user: AbortSignal) {
    this.#connection = connection;
    this.#user = user;
    this.key = key;
    this.watchdog = new Watchdog(connection.name, connection.timeouts(), (error) => this.#ended.abort(error));
    this.fetch = guardedFetch(connection, () => this.watchdog.connected());
    user.addEventListener('abort', this.#stop, { once: true });
    this.watchdog.connecting();
  }

  /** Aborted when the call ends in any way. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** What `thrown` means: the user's cancelling and the watchdog come before what an SDK made of them. */
  errorOf(thrown: unknown): LlmError {
    const { signal } = this;
    if (this.#user.aborted) return cancelledError();
    if (signal.aborted && signal.reason instanceof LlmError) return signal.reason;
    return errorOfThrown(this.#connection.name, this.#connection.baseUrl, thrown, this.key);
  }

  [Symbol.dispose](): void {
    this.watchdog.stop();
    this.#user.removeEventListener('abort', this.#stop);
    this.#ended.abort();
  }
}

function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelledError();
}
