import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ChatRequest, type GenerationSettings, textMessage } from '../../src/core/chat.ts';
import type { ErrorKind } from '../../src/core/errors.ts';
import type { Provider } from '../../src/core/provider.ts';
import type { Connection } from '../../src/providers/connection.ts';
import { presets } from '../../src/providers/compatible/presets.ts';
import { testConnection, testKey } from '../support/connection.ts';
import { type Cut, type Received, type Reply, ReplayServer } from '../support/replayServer.ts';
import { startUntrustedServer } from '../support/untrustedServer.ts';
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
  readonly failure: (message: string) => string;
  /** An event with this text, after the beginning of `endless`. */
  readonly said: (text: string) => string;
  /** The events that end an answer well. */
  readonly end: string;
  /** An event of a type that there is not. */
  readonly unknown: string;
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

  describe(`${name}, whatever the server is like`, () => {
    test('an event of 10 MB comes through', async () => {
      const text = 'x'.repeat(10_000_000);
      const body = `${endless.body as string}${harness.said(text)}${harness.end}`;
      // Some SDKs look through all that has come with every piece that comes.
      const timeouts = () => ({ connectMs: 2000, firstTokenMs: 60_000, silenceMs: 60_000 });
      const { provider, request } = with_({ headers: stream, body, cut: 65_536 }, { timeouts });
      const events = await collect(provider.stream(request, new AbortController().signal));
      assert.equal(textOfAnswer(events), `Once${text}`);
    });

    test('an answer with pauses is whole, as long as they are shorter than the silence that is allowed', async () => {
      const size = Math.ceil(answer.text.length / 8);
      const { provider, request } = with_(
        { ...answer, cut: size, pauseMs: 60 },
        { timeouts: () => ({ connectMs: 2000, firstTokenMs: 2000, silenceMs: 400 }) },
      );
      const events = await collect(provider.stream(request, new AbortController().signal));
      assert.deepEqual([textOfAnswer(events), events.at(-1)?.type], [harness.answerText, 'finish']);
    });

    test('what the user says that its models take is not left out', async () => {
      const capabilities = Object.fromEntries(
        Object.keys(presets.vllm.capabilities).map((name) => [name, true]),
      );
      const { provider } = with_(answer, { capabilities });
      const events = await collect(
        provider.stream(ask(harness.notTaken.settings), new AbortController().signal),
      );
      assert.deepEqual(events[0]?.type === 'start' && events[0].warnings, []);
    });

    test('a certificate that nobody vouches for is told as such, and nothing is sent', async () => {
      await using impostor = await startUntrustedServer();
      const error = await errorFor(answer, { baseUrl: impostor.url });
      assert.equal(error.kind, 'network');
      assert.match(error.message, /certificate of Test service at https:.* is not trusted \(.*SELF_SIGNED/);
      assert.equal(impostor.requests, 0);
    });
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
      assert.deepEqual(
        [error.kind, /timeouts\.firstToken/.test(error.message), error.retryable],
        ['network', true, false],
      );
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
        body: `${endless.body as string}${harness.failure('The server is in trouble')}`,
        then: 'hang',
      });
      let text = '';
      const error = await errorOf(provider.stream(request, new AbortController().signal), (event) => {
        if (event.type === 'text') text += event.text;
      });
      assert.equal(error.kind, 'provider', error.message);
      assert.notEqual(text, '');
    });

    test('a key that an error event repeats is struck out, also where it is cut', async () => {
      const failing = (message: string): Reply => ({
        headers: stream,
        body: `${endless.body as string}${harness.failure(message)}`,
        then: 'hang',
      });
      const whole = await errorFor(failing(`It did not work with ${testKey} at all`));
      assert.match(whole.message, /\[key\] at all/);
      const cut = await errorFor(failing(`${'-'.repeat(485)} ${testKey}`));
      for (const error of [whole, cut])
        assert.doesNotMatch(`${error.message} ${String(error.cause)}`, new RegExp(testKey.slice(0, 8)));
    });

    test('an event of an unknown type is passed over, and logged once', async () => {
      const lines: string[] = [];
      const body = `${endless.body as string}${harness.unknown}${harness.unknown}${harness.end}`;
      const { provider, request } = with_({ headers: stream, body }, { log: (line) => lines.push(line) });
      const events = await collect(provider.stream(request, new AbortController().signal));
      assert.deepEqual([textOfAnswer(events), events.at(-1)?.type], ['Once', 'finish']);
      assert.deepEqual([lines.length, lines.every((line) => /ignored/.test(line))], [1, true], lines.join());
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
