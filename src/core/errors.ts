/**
 * What can go wrong when a model is called, as data: code decides on `kind`, people read `message`.
 *
 * - `auth` the key is missing, refused, or lacks a right
 * - `rate-limit` too many requests or tokens, or a quota is used up
 * - `context-overflow` the input does not fit the context window, or leaves no room for an answer
 * - `bad-request` the request is wrong in another way: an unknown model, a setting out of range, a missing file
 * - `network` the service was not reached, or the stream broke before its end
 * - `provider` the service or the local runtime failed
 * - `cancelled` the user or the program stopped it
 */
export const errorKinds = [
  'auth',
  'rate-limit',
  'context-overflow',
  'bad-request',
  'network',
  'provider',
  'cancelled',
] as const;

export type ErrorKind = (typeof errorKinds)[number];

/** An {@link LlmError} as it crosses a process, is stored and is shown. */
export interface ErrorData {
  readonly kind: ErrorKind;
  /** Says what happened and what to do next; holds no key. */
  readonly message: string;
  /** Whether the same call can succeed later without a change. */
  readonly retryable: boolean;
  /** How long the service asked to wait, in ms; absent when it did not say. */
  readonly retryAfterMs?: number;
}

export interface LlmErrorOptions {
  /** Defaults to true for `rate-limit`, `network` and `provider`, else false. */
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** The only error that a `Provider` throws. */
export class LlmError extends Error {
  override readonly name = 'LlmError';
  readonly kind: ErrorKind;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(kind: ErrorKind, message: string, options: LlmErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.retryable = options.retryable ?? retryableByKind[kind];
    this.retryAfterMs = options.retryAfterMs;
  }

  /** The error without its stack and cause, ready to be sent or stored. */
  toData(): ErrorData {
    return {
      kind: this.kind,
      message: this.message,
      retryable: this.retryable,
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
    };
  }

  static fromData(data: ErrorData): LlmError {
    const { kind, message, ...options } = data;
    return new LlmError(kind, message, options);
  }
}

/** The `LlmError` that `thrown` is, or one of kind `provider` that keeps it as its cause. */
export function asLlmError(thrown: unknown): LlmError {
  if (thrown instanceof LlmError) return thrown;
  return new LlmError('provider', messageOf(thrown), { retryable: false, cause: thrown });
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The error that a cancelled call throws. */
export function cancelledError(): LlmError {
  return new LlmError('cancelled', 'The run was stopped.');
}

const retryableByKind: Record<ErrorKind, boolean> = {
  auth: false,
  'rate-limit': true,
  'context-overflow': false,
  'bad-request': false,
  network: true,
  provider: true,
  cancelled: false,
};
