import { LlmError, messageOf } from '../core/errors.ts';
import { errorOfFault, faultOfData, type ServiceFault } from './httpErrors.ts';

/**
 * The error that a thrown one of `fetch`, of a socket or of an SDK stands for. What this program threw itself is found
 * again inside whatever an SDK wrapped around it. Every error of every adapter comes through here, so this is where the
 * key is struck out of what a service repeats.
 */
export function errorOfThrown(
  name: string,
  baseUrl: string,
  thrown: unknown,
  key: string | undefined,
): LlmError {
  const { kind, message, retryable, retryAfterMs, cause } = errorIn(name, baseUrl, thrown);
  return new LlmError(kind, withoutKey(message, key), {
    retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    // Never the SDK's error itself: some hold the request with its headers, and with them the key.
    ...(cause === undefined ? {} : { cause: new Error(withoutKey(messageOf(cause), key)) }),
  });
}

/** `text` with the key replaced, and with what is left of it where the text was cut in its middle. */
function withoutKey(text: string, key: string | undefined): string {
  if (!key) return text;
  let struck = text.replaceAll(key, '[key]');
  for (let length = key.length - 1; length >= shortestRest; length--)
    struck = struck.replaceAll(`${key.slice(0, length)}…`, '[key]…');
  return struck;
}

/** So many letters of a key tell nothing; services show as many themselves. */
const shortestRest = 8;

function errorIn(name: string, baseUrl: string, cause: unknown): LlmError {
  const chain = causesOf(cause);
  const own = chain.find((each) => each instanceof LlmError);
  if (own) return own;
  if (chain.some((each) => each instanceof SyntaxError)) {
    return new LlmError(
      'provider',
      `${name} sent something that is not JSON. Check that ${baseUrl} is the address of its API, then run again.`,
      { cause },
    );
  }
  const fault = chain.map(faultIn).find((each) => each !== undefined);
  if (fault) return errorOfFault(name, fault);
  const code = chain.map(codeOf).find((each) => each !== undefined);
  const known = code === undefined ? undefined : sentenceOf(code, name, baseUrl);
  if (known !== undefined) return new LlmError('network', known, { cause });
  const said = messageOf(chain.at(-1));
  return new LlmError(
    'network',
    `The connection to ${name} failed (${said}). Check the network and run again.`,
    { cause },
  );
}

function sentenceOf(code: string, name: string, baseUrl: string): string | undefined {
  switch (code) {
    case 'ECONNREFUSED':
      return `${name} is not running at ${baseUrl}: the connection was refused. Start it, or correct its base URL.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host of ${name}, ${baseUrl}, was not found. Check the network and the base URL.`;
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return `${name} closed the connection before the end of its answer. Run again.`;
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${name} could not be reached at ${baseUrl}. Check the network, the proxy and the base URL.`;
    default:
      return /CERT|SSL|TLS|SIGNATURE|ISSUER/.test(code)
        ? `The certificate of ${name} at ${baseUrl} is not trusted (${code}). Add its authority to the system's certificates, or correct the base URL.`
        : undefined;
  }
}

/** The error and its causes, outermost first; also what an `AggregateError` of several addresses holds. */
function causesOf(thrown: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let each = thrown; each !== undefined && each !== null && chain.length < 10;) {
    chain.push(each);
    each =
      each instanceof AggregateError && each.errors.length > 0
        ? (each.errors[0] as unknown)
        : (each as { cause?: unknown }).cause;
  }
  return chain;
}

/** What the service said, where an SDK threw an error event of the stream: both keep its data in `error`. */
function faultIn(thrown: unknown): ServiceFault | undefined {
  const data = (thrown as { error?: unknown } | null)?.error;
  if (typeof data !== 'object' || data === null) return undefined;
  return faultOfData('error' in data ? data : { error: data });
}

function codeOf(thrown: unknown): string | undefined {
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
