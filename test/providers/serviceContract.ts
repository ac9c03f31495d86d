import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ChatRequest, type GenerationSettings, textMessage } from '../../src/core/chat.ts';
import type { ErrorKind } from '../../src/core/errors.ts';
import type { Provider } from '../../src/core/provider.ts';
import type { Connection } from '../../src/providers/connection.ts';
import { testConnection, testKey } from '../support/connection.ts';
import { type Cut, type Received, type Reply, ReplayServer } from '../support/replayServer.ts';
import { collect, errorOf, providerContract, textOfAnswer } from './contract.ts';

/** What differs from service to service in the tests that all services on the network must pass. */
export interface ServiceHarness {
  readonly make: (connection: Connection) => Provider;
  readonly model: string;
  /** A whole answer, and its text. */
  readonly answer: Reply & { readonly text: string };
  readonly answerText: string;
  /** An answer that begins with `body` and goes on with `endless`. */
  readonly endless: Reply;
  /** An event of the service's stream that says that it failed, after the beginning of `endless`. */
  readonly failure: string;
  /** An event of the service's stream that is not JSON. */
  readonly garbage: string;
  /** A setting that the model does not take. */
  readonly notTaken: { readonly subject: string; readonly settings: GenerationSettings };
  /** The service's answer to a prompt that is too long. */
  readonly overflow: Reply;
  /** What a server that answers at all says to other requests than the call itself; absent when there are none. */
  readonly beside?: (request: Received) => Reply | undefined;
}

/** Registers the contract of a provider, and everything that can go wrong between it and a server. */
export function serviceContract(name: string, harness: ServiceHarness): void {
  let server: ReplayServer;
  before(async () => {
    server = await ReplayServer.start(harness.answer);
  });
  after(() => server[Symbol.asyncDispose]());

  const ask = (settings: GenerationSettings = {}): ChatRequest => ({
    model: harness.model,
    messages: [textMessage('user', 'Hello')],
    settings,
  });
  const with_ = (reply: Reply, overrides: Partial<Connection> = {}) => {
    server.reply = (request) => (reply.silent ? undefined : harness.beside?.(request)) ?? reply;
    return { provider: harness.make(testConnection(server.url, overrides)), request: ask() };
  };
  const errorFor = (reply: Reply, overrides?: Partial<Connection>) => {
    const { provider, request } = with_(reply, overrides);
    return errorOf(provider.stream(request, new AbortController().signal));
  };
  const { endless, answer } = harness;
  const { endless: _, ...beginning } = endless;
  const stream = answer.headers ?? {};
  const status = (status: number): Reply => ({ status, body: '{"error":{"message":"No."}}' });

  providerContract(name, {
    answer: () => with_(answer),
    endless: () => with_(endless),
    isBusy: () => server.isBusy,
    notTaken: {
      subject: harness.notTaken.subject,
      cause: () => ({ ...with_(answer), request: ask(harness.notTaken.settings) }),
    },
    cutShort: () => with_({ ...beginning, then: 'end' }),
    provoke: {
      auth: () => with_(status(401)),
      'rate-limit': () => with_(status(429)),
      'context-overflow': () => with_(harness.overflow),
      'bad-request': () => with_(status(400)),
      network: () => with_({ ...beginning, then: 'break' }),
      provider: () => with_(status(500)),
    },
  });

  describe(`${name}, however the bytes arrive`, () => {
    for (const cut of ['whole', 'byte', 'crlf', 7, 1000] as Cut[]) {
      test(`gives the same answer: ${cut}`, async () => {
        const { provider, request } = with_({ ...answer, cut });
        const events = await collect(provider.stream(request, new AbortController().signal));
        assert.equal(textOfAnswer(events), harness.answerText);
        assert.equal(events.at(-1)?.type, 'finish');
      });
    }
  });

  describe(`${name}, when the server does not do its part`, () => {
    const kinds: readonly (readonly [number, ErrorKind, boolean])[] = [
      [400, 'bad-request', false],
      [401, 'auth', false],
      [403, 'auth', false],
      [404, 'bad-request', false],
      [408, 'network', true],
      [409, 'provider', true],
      [413, 'context-overflow', false],
      [429, 'rate-limit', true],
      [500, 'provider', true],
      [502, 'provider', true],
      [503, 'provider', true],
      [529, 'provider', true],
    ];
    for (const [code, kind, retryable] of kinds) {
      test(`${code} is ${kind}, ${retryable ? 'worth' : 'not worth'} a retry`, async () => {
        const error = await errorFor(status(code));
        assert.deepEqual([error.kind, error.retryable], [kind, retryable], error.message);
      });
    }

    test('Retry-After is passed on in ms', async () => {
      const error = await errorFor({ ...status(429), headers: { 'retry-after': '7' } });
      assert.equal(error.retryAfterMs, 7000);
    });

    test('no key is told before anything is sent', async () => {
      const before = server.received.length;
      const error = await errorFor(answer, { key: () => Promise.resolve(undefined) });
      assert.equal(error.kind, 'auth');
      assert.match(error.message, /Set API Key/);
      assert.equal(server.received.length, before);
    });

    test('the key is sent, and cut out of what the service repeats', async () => {
      const error = await errorFor({ status: 401, body: `{"error":{"message":"Wrong key: ${testKey}"}}` });
      assert.equal(error.message.includes(testKey), false);
      assert.match(error.message, /\[key\]/);
      assert.ok(JSON.stringify(server.received.at(-1)?.headers).includes(testKey));
      assert.equal(JSON.stringify(error.cause ?? '').includes(testKey), false);
    });

    test('a refused connection is a network error that names the address', async () => {
      const error = await errorFor(answer, { baseUrl: 'http://127.0.0.1:59998' });
      assert.equal(error.kind, 'network');
      assert.match(error.message, /127\.0\.0\.1:59998/);
    });

    test('a base URL that is none is told as such', async () => {
      const error = await errorFor(answer, { baseUrl: 'not a url' });
      assert.deepEqual([error.kind, /base URL/.test(error.message)], ['bad-request', true], error.message);
    });

    test('a redirect is not followed, and its target is named', async () => {
      const error = await errorFor({ status: 307, headers: { location: 'https://elsewhere.example/v1' } });
      assert.deepEqual(
        [error.kind, error.message.includes('https://elsewhere.example/v1')],
        ['bad-request', true],
      );
    });

    test('a web page is not an API', async () => {
      const error = await errorFor({
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<!doctype html><title>Sign in</title>',
      });
      assert.deepEqual([error.kind, /web page/.test(error.message)], ['bad-request', true], error.message);
    });

    test('an error page of a proxy is not shown as markup', async () => {
      const error = await errorFor({ status: 502, body: '<html><h1>Bad gateway</h1></html>' });
      assert.deepEqual([error.kind, error.message.includes('<')], ['provider', false]);
    });

    test('no headers within the time: the message says which time', async () => {
      const error = await errorFor(
        { silent: true },
        { timeouts: () => ({ connectMs: 50, firstTokenMs: 2000, silenceMs: 2000 }) },
      );
      assert.deepEqual([error.kind, /timeouts\.connect/.test(error.message)], ['network', true]);
    });

    test('no token within the time: the message says which time', async () => {
      const error = await errorFor(
        { headers: stream, body: '', then: 'hang' },
        { timeouts: () => ({ connectMs: 2000, firstTokenMs: 50, silenceMs: 2000 }) },
      );
      assert.deepEqual([error.kind, /timeouts\.firstToken/.test(error.message)], ['network', true]);
    });

    test('silence in mid-stream: the message says which time', async () => {
      const error = await errorFor(
        { ...beginning, then: 'hang' },
        {
          timeouts: () => ({ connectMs: 2000, firstTokenMs: 2000, silenceMs: 50 }),
        },
      );
      assert.deepEqual([error.kind, /timeouts\.silence/.test(error.message)], ['network', true]);
    });

    test('an error event in mid-stream is an error, after the text that came', async () => {
      const { provider, request } = with_({
        headers: stream,
        body: `${endless.body as string}${harness.failure}`,
        then: 'hang',
      });
      let text = '';
      const error = await errorOf(provider.stream(request, new AbortController().signal), (event) => {
        if (event.type === 'text') text += event.text;
      });
      assert.equal(error.kind, 'provider', error.message);
      assert.notEqual(text, '');
    });

    test('an event that is not JSON is an error of the service', async () => {
      const error = await errorFor({
        ...beginning,
        body: `${endless.body as string}${harness.garbage}`,
        then: 'hang',
      });
      assert.equal(error.kind, 'provider', error.message);
    });

    test('a cancelled call closes its socket while the server is still silent', async () => {
      const { provider, request } = with_({ silent: true });
      const call = new AbortController();
      setTimeout(() => call.abort(), 30);
      const error = await errorOf(provider.stream(request, call.signal));
      assert.equal(error.kind, 'cancelled');
      const deadline = Date.now() + 2000;
      while (server.isBusy && Date.now() < deadline) await new Promise(setImmediate);
      assert.equal(server.isBusy, false);
    });
  });
}
