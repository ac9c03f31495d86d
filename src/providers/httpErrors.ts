import { type ErrorKind, LlmError, type LlmErrorOptions } from '../core/errors.ts';

/** What a service said about an error, in whichever of the known shapes. All of it may be absent. */
export interface ServiceFault {
  /** The service's own sentence. */
  readonly message?: string;
  /** Its word for the kind of error, such as `insufficient_quota` or `overloaded_error`; lower case. */
  readonly codes: readonly string[];
  /** The field of the request that it complains about. */
  readonly field?: string;
  /** The wait that its body asks for, in ms. */
  readonly retryAfterMs?: number;
}

/**
 * The error that a response which is not 2xx stands for.
 * @param body all of its text.
 */
export function errorOfResponse(
  name: string,
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  body: string,
): LlmError {
  if (status >= 300 && status < 400) {
    const target = headers.get('location') ?? 'nowhere';
    return new LlmError(
      'bad-request',
      `${name} redirects to ${target} (${status}). Set its base URL to the address that answers.`,
    );
  }
  const fault = faultOf(body);
  const retryAfterMs = retryAfterOf(headers) ?? fault.retryAfterMs;
  return errorOfFault(name, fault, { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

/**
 * The error that a fault stands for; without a `status` it came in the middle of a stream. It repeats what the service
 * said as it is: whatever an adapter throws goes through `errorOfThrown`, which strikes the key out.
 */
export function errorOfFault(
  name: string,
  fault: ServiceFault,
  { status, retryAfterMs }: { readonly status?: number; readonly retryAfterMs?: number } = {},
): LlmError {
  const verdict = verdictOf(status, fault);
  const said = fault.message === undefined ? '' : `: ${clipped(fault.message)}`;
  const where = fault.field === undefined ? '' : ` (field "${fault.field}")`;
  const code = status === undefined ? '' : ` (${status})`;
  const message = `${name} ${verdict.happened}${code}${where}${asSentence(said)} ${verdict.advice}`.trim();
  return new LlmError(verdict.kind, message, {
    ...verdict.options,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

interface Verdict {
  readonly kind: ErrorKind;
  /** What happened, to follow the service's name. */
  readonly happened: string;
  /** What to do next: a whole sentence. */
  readonly advice: string;
  readonly options?: LlmErrorOptions;
}

/** The service's own word first, because many answer 400 or 429 to all sorts of things; then the status. */
function verdictOf(status: number | undefined, fault: ServiceFault): Verdict {
  for (const code of fault.codes) {
    const verdict = verdictByCode.get(code);
    if (verdict) return verdict;
  }
  if ((status === undefined || status === 400 || status === 413) && saysOverflow(fault.message))
    return verdicts.overflow;
  const byStatus = status === undefined ? undefined : verdictByStatus.get(status);
  if (byStatus) return byStatus;
  return status !== undefined && status >= 400 && status < 500 ? verdicts.request : verdicts.service;
}

const verdicts = {
  key: {
    kind: 'auth',
    happened: 'refused the key',
    advice: 'Set it with "LLM Playground: Set API Key".',
  },
  right: {
    kind: 'auth',
    happened: 'does not allow this to the key',
    advice: 'Use a key that has the right, or another model.',
  },
  quota: {
    kind: 'rate-limit',
    happened: 'has no quota left for the key',
    advice: 'Look at the plan and the billing of the account.',
    options: { retryable: false },
  },
  rate: {
    kind: 'rate-limit',
    happened: 'takes no more requests for now',
    advice: 'Wait a moment and run again.',
  },
  overflow: {
    kind: 'context-overflow',
    happened: 'cannot fit the prompt into the context window',
    advice: 'Shorten it, lower the maximum output, or choose a model with a larger window.',
  },
  model: {
    kind: 'bad-request',
    happened: 'does not know the model or the address',
    advice: 'Check the model id and the base URL.',
  },
  request: {
    kind: 'bad-request',
    happened: 'refused the request',
    advice: 'Change what it complains about and run again.',
  },
  tooLarge: {
    kind: 'context-overflow',
    happened: 'refused the request as too large',
    advice: 'Shorten the prompt or send smaller images.',
  },
  timeout: {
    kind: 'network',
    happened: 'gave up waiting for the request',
    advice: 'Run again.',
  },
  busy: {
    kind: 'provider',
    happened: 'is overloaded',
    advice: 'Wait a moment and run again.',
  },
  service: {
    kind: 'provider',
    happened: 'failed',
    advice: 'Run again; if it goes on, look at the status page of the service.',
  },
} as const satisfies Record<string, Verdict>;

const verdictByStatus: ReadonlyMap<number, Verdict> = new Map<number, Verdict>([
  [401, verdicts.key],
  [402, verdicts.quota],
  [403, verdicts.right],
  [404, verdicts.model],
  [408, verdicts.timeout],
  [409, verdicts.busy],
  [413, verdicts.tooLarge],
  [429, verdicts.rate],
  [503, verdicts.busy],
  [504, verdicts.timeout],
  [529, verdicts.busy],
]);

/**
 * The words of OpenAI, Anthropic, Gemini and llama-server for what a status alone does not tell, from their published
 * references (read 2026-11-24).
 */
const verdictByCode: ReadonlyMap<string, Verdict> = new Map<string, Verdict>([
  ['invalid_api_key', verdicts.key],
  ['authentication_error', verdicts.key],
  ['unauthenticated', verdicts.key],
  // Gemini answers 400 INVALID_ARGUMENT to a wrong key and tells it only here.
  ['api_key_invalid', verdicts.key],
  ['permission_error', verdicts.right],
  ['permission_denied', verdicts.right],
  ['insufficient_quota', verdicts.quota],
  ['billing_hard_limit_reached', verdicts.quota],
  ['billing_error', verdicts.quota],
  ['rate_limit_error', verdicts.rate],
  ['rate_limit_exceeded', verdicts.rate],
  ['resource_exhausted', verdicts.rate],
  ['context_length_exceeded', verdicts.overflow],
  ['exceed_context_size_error', verdicts.overflow],
  ['request_too_large', verdicts.tooLarge],
  ['model_not_found', verdicts.model],
  ['overloaded_error', verdicts.busy],
  ['unavailable', verdicts.busy],
  ['timeout_error', verdicts.timeout],
  ['deadline_exceeded', verdicts.timeout],
  ['api_error', verdicts.service],
  ['server_error', verdicts.service],
  ['internal', verdicts.service],
]);

/**
 * Anthropic, Gemini, vLLM and Ollama answer 400 without a code of their own when the prompt is too long, so that here
 * alone the sentence has to tell.
 */
function saysOverflow(message: string | undefined): boolean {
  return (
    message !== undefined &&
    /prompt is too long|context (length|window|size)|exceeds the maximum number of tokens|input length exceeds/i.test(
      message,
    )
  );
}

/**
 * What a body says. Known shapes: `{error: {message, type, code, param}}` (OpenAI and those like it, llama-server),
 * `{type: "error", error: {type, message}}` (Anthropic), `{error: {code, message, status, details}}`, alone or in a
 * list (Gemini), `{error: "…"}` (Ollama), `{message}` or `{detail}` (vLLM, Mistral).
 */
export function faultOf(body: string): ServiceFault {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    // Often a proxy's page. Its markup helps nobody, a line of text may.
    const text = body.trim();
    return { codes: [], ...(text && !text.startsWith('<') ? { message: text } : {}) };
  }
  return faultOfData(parsed);
}

/** {@link faultOf} for a body that is parsed already. */
export function faultOfData(parsed: unknown): ServiceFault {
  const outer = recordOf(Array.isArray(parsed) ? parsed[0] : parsed);
  const inner = recordOf(outer['error']);
  const details = Array.isArray(inner['details']) ? inner['details'].map(recordOf) : [];
  const message = [inner['message'], outer['error'], outer['message'], outer['detail']].find(
    (candidate) => typeof candidate === 'string' && candidate !== '',
  ) as string | undefined;
  const codes = [
    ...details.map((detail) => detail['reason']),
    inner['code'],
    inner['type'],
    inner['status'],
    outer['code'],
  ]
    .filter((code) => typeof code === 'string')
    .map((code) => code.toLowerCase());
  const field = inner['param'];
  const delay = details.map((detail) => detail['retryDelay']).find((value) => typeof value === 'string');
  const seconds = delay === undefined ? NaN : Number.parseFloat(delay);
  return {
    codes,
    ...(message === undefined ? {} : { message }),
    ...(typeof field === 'string' && field !== '' ? { field } : {}),
    ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}),
  };
}

/** `Retry-After` as seconds or as a date, or OpenAI's `retry-after-ms`; in ms. */
function retryAfterOf(headers: Headers): number | undefined {
  const ms = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (ms >= 0) return ms;
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const seconds = Number(text);
  if (seconds >= 0) return seconds * 1000;
  const date = Date.parse(text);
  const now = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(date) || Number.isNaN(now) ? undefined : Math.max(0, date - now);
}

function clipped(text: string): string {
  return text.length <= 500 ? text : `${text.slice(0, 500)}…`;
}

function asSentence(text: string): string {
  return /[.!?…]$/.test(text.trimEnd()) ? text.trimEnd() : `${text.trimEnd()}.`;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
