import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errorOfResponse } from '../../src/providers/httpErrors.ts';
import { errorOfThrown } from '../../src/providers/networkErrors.ts';
import { recorded } from '../support/recorded.ts';

interface Case {
  readonly says: string;
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
  readonly is: { readonly kind: string; readonly retryable: boolean; readonly retryAfterMs?: number };
  readonly message: RegExp;
}

// The bodies are of the services' own references, read 2026-11-24, but for those of llama-server, which were recorded.
const cases: readonly Case[] = [
  {
    says: 'OpenAI: a wrong key',
    status: 401,
    body: {
      error: {
        message: 'Incorrect API key provided.',
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      },
    },
    is: { kind: 'auth', retryable: false },
    message: /^The service refused the key \(401\): Incorrect API key provided\. Set it with/,
  },
  {
    says: 'OpenAI: a quota that is used up is not worth a retry',
    status: 429,
    body: {
      error: {
        message: 'You exceeded your current quota.',
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      },
    },
    is: { kind: 'rate-limit', retryable: false },
    message: /billing/,
  },
  {
    says: 'OpenAI: a rate limit with a wait in ms',
    status: 429,
    body: { error: { message: 'Rate limit reached.', type: 'tokens', code: 'rate_limit_exceeded' } },
    headers: { 'retry-after-ms': '1250', 'retry-after': '2' },
    is: { kind: 'rate-limit', retryable: true, retryAfterMs: 1250 },
    message: /Wait a moment/,
  },
  {
    says: 'OpenAI: a field that is wrong is named',
    status: 400,
    body: {
      error: {
        message: "Unsupported value: 'temperature' does not support 3.",
        type: 'invalid_request_error',
        param: 'temperature',
        code: 'unsupported_value',
      },
    },
    is: { kind: 'bad-request', retryable: false },
    message: /\(field "temperature"\)/,
  },
  {
    says: 'OpenAI: a prompt that is too long',
    status: 400,
    body: { error: { message: 'This is too long.', param: 'messages', code: 'context_length_exceeded' } },
    is: { kind: 'context-overflow', retryable: false },
    message: /Shorten it/,
  },
  {
    says: 'OpenAI: a model that is not there',
    status: 404,
    body: { error: { message: 'The model `gpt-9` does not exist.', code: 'model_not_found' } },
    is: { kind: 'bad-request', retryable: false },
    message: /gpt-9/,
  },
  {
    says: 'Anthropic: overloaded',
    status: 529,
    body: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    is: { kind: 'provider', retryable: true },
    message: /is overloaded \(529\): Overloaded\./,
  },
  {
    says: 'Anthropic: a prompt that is too long has no code of its own',
    status: 400,
    body: {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' },
    },
    is: { kind: 'context-overflow', retryable: false },
    message: /210000/,
  },
  {
    says: 'Anthropic: a lack of credit',
    status: 400,
    body: { type: 'error', error: { type: 'billing_error', message: 'Your credit balance is too low' } },
    is: { kind: 'rate-limit', retryable: false },
    message: /credit balance/,
  },
  {
    says: 'Gemini: a wrong key comes as 400 and tells it in its details',
    status: 400,
    body: {
      error: {
        code: 400,
        message: 'API key not valid.',
        status: 'INVALID_ARGUMENT',
        details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
      },
    },
    is: { kind: 'auth', retryable: false },
    message: /Set API Key/,
  },
  {
    says: 'Gemini: a rate limit tells its wait in its details',
    status: 429,
    body: [
      {
        error: {
          code: 429,
          message: 'Quota exceeded.',
          status: 'RESOURCE_EXHAUSTED',
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '17s' }],
        },
      },
    ],
    is: { kind: 'rate-limit', retryable: true, retryAfterMs: 17_000 },
    message: /Quota exceeded/,
  },
  {
    says: 'llama-server: a prompt that is too long',
    status: 400,
    body: JSON.parse(recorded('openai-chat/error-overflow').text),
    is: { kind: 'context-overflow', retryable: false },
    message: /18012 tokens/,
  },
  {
    says: 'llama-server: a field that is wrong',
    status: 400,
    body: JSON.parse(recorded('openai-chat/error-bad-param').text),
    is: { kind: 'bad-request', retryable: false },
    message: /'messages'/,
  },
  {
    says: 'llama-server: an address that it does not have',
    status: 404,
    body: JSON.parse(recorded('openai-chat/error-404').text),
    is: { kind: 'bad-request', retryable: false },
    message: /File Not Found\. Check the model id and the base URL\./,
  },
  {
    says: 'vLLM: an error without an envelope',
    status: 422,
    body: { detail: 'n must be at least 1' },
    is: { kind: 'bad-request', retryable: false },
    message: /n must be at least 1/,
  },
  {
    says: 'a wait until a time of day, by the service’s own clock',
    status: 503,
    body: {},
    headers: { date: 'Tue, 24 Nov 2026 12:00:00 GMT', 'retry-after': 'Tue, 24 Nov 2026 12:00:30 GMT' },
    is: { kind: 'provider', retryable: true, retryAfterMs: 30_000 },
    message: /overloaded/,
  },
];

describe('the error of a response', () => {
  for (const { says, status, body, headers = {}, is, message } of cases) {
    test(says, () => {
      const response = { status, headers: new Headers(headers) };
      const error = errorOfResponse('The service', response, JSON.stringify(body));
      const { kind, retryable, retryAfterMs } = error;
      assert.deepEqual({ kind, retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }, is);
      assert.match(error.message, message);
    });
  }

  test('a body of megabytes is cut', () => {
    const response = { status: 500, headers: new Headers() };
    assert.ok(errorOfResponse('The service', response, 'x'.repeat(5_000_000)).message.length < 1000);
  });
});

describe('the error of a connection', () => {
  const messageOf = (code: string): string => {
    const thrown = new TypeError('fetch failed', { cause: Object.assign(new Error('no'), { code }) });
    const { kind, message } = errorOfThrown('The service', 'https://host/v1', thrown, undefined);
    assert.equal(kind, 'network');
    return message;
  };

  test('says what to do about a certificate, a name and a refusal', () => {
    assert.match(messageOf('DEPTH_ZERO_SELF_SIGNED_CERT'), /certificate.*not trusted/);
    assert.match(messageOf('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), /certificate.*not trusted/);
    assert.match(messageOf('ENOTFOUND'), /was not found/);
    assert.match(messageOf('ECONNREFUSED'), /is not running/);
    assert.match(messageOf('ECONNRESET'), /before the end/);
    assert.match(messageOf('EHOSTUNREACH'), /proxy/);
    assert.match(messageOf('EWHATEVER'), /Check the network/);
  });
});
