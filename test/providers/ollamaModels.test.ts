import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LlmError } from '../../src/core/errors.ts';
import { Ollama } from '../../src/providers/ollama/ollama.ts';
import { testConnection } from '../support/connection.ts';
import { recorded } from '../support/recorded.ts';
import { type Received, type Reply, ReplayServer } from '../support/replayServer.ts';
import { json, ndjson, show, showing } from './ollamaFixture.ts';

describe('the models of Ollama', () => {
  const signal = new AbortController().signal;
  const answering = ({ path, body }: Received): Reply => {
    if (path === '/api/tags') return recorded('ollama-models/tags');
    const { model } = body as { model: string };
    if (model.startsWith('nomic')) return showing({ capabilities: ['embedding'] });
    return model.startsWith('gpt') ? { status: 500, body: '{"error":"corrupt"}' } : show;
  };

  test('are those that answer a chat, with what each says of itself', async () => {
    await using server = await ReplayServer.start(answering);
    const models = await new Ollama(testConnection(server.url)).models(signal);
    assert.deepEqual(
      models.map(({ id, contextWindow, description, capabilities: { tools, images, reasoning } }) => [
        id,
        contextWindow,
        description,
        { tools, images, reasoning },
      ]),
      [
        ['qwen3:0.6b', 40960, '751.63M, Q4_K_M', { tools: true, images: false, reasoning: true }],
        ['gpt-oss:20b', undefined, undefined, { tools: true, images: true, reasoning: false }],
      ],
    );
  });

  test('are asked about again only when their weights change', async () => {
    await using server = await ReplayServer.start(answering);
    const provider = new Ollama(testConnection(server.url));
    await provider.models(signal);
    const before = server.received.length;
    await provider.models(signal);
    assert.deepEqual(
      server.received.slice(before).map(({ path, body }) => [path, (body as { model?: string }).model]),
      [
        ['/api/tags', undefined],
        ['/api/show', 'gpt-oss:20b'],
      ],
    );
  });

  test('a server that is something else is told as such', async () => {
    await using server = await ReplayServer.start({ headers: json, body: '{"hello":"world"}' });
    await assert.rejects(
      new Ollama(testConnection(server.url)).models(signal),
      (error) =>
        error instanceof LlmError && error.kind === 'provider' && /Ollama server/.test(error.message),
    );
  });

  test('a download tells how far it is', async () => {
    await using server = await ReplayServer.start(recorded('ollama-models/pull'));
    const provider = new Ollama(testConnection(server.url));
    const progress = await Array.fromAsync(provider.pull('qwen3:0.6b', signal));
    assert.deepEqual(progress.slice(0, 3), [
      { status: 'pulling manifest' },
      { status: 'pulling 7f4030143c1c', totalBytes: 522640000 },
      { status: 'pulling 7f4030143c1c', completedBytes: 261320000, totalBytes: 522640000 },
    ]);
    assert.equal(progress.at(-1)?.status, 'success');
    assert.deepEqual(server.received[0]?.body, { name: 'qwen3:0.6b', stream: true });
  });

  test('a download that is cancelled frees the server, however long it was silent', async () => {
    await using server = await ReplayServer.start({
      headers: ndjson,
      body: '{"status":"pulling manifest"}\n',
      then: 'hang',
    });
    const timeouts = () => ({ connectMs: 2000, firstTokenMs: 20, silenceMs: 20 });
    const provider = new Ollama(testConnection(server.url, { timeouts }));
    const call = new AbortController();
    setTimeout(() => call.abort(), 150);
    const started = Date.now();
    await assert.rejects(
      Array.fromAsync(provider.pull('qwen3:0.6b', call.signal)),
      (error) => error instanceof LlmError && error.kind === 'cancelled',
    );
    assert.ok(Date.now() - started >= 140);
    while (server.isBusy) await new Promise(setImmediate);
  });

  test('a download that fails says why, and what to look at', async () => {
    await using server = await ReplayServer.start({
      headers: ndjson,
      body: '{"status":"pulling manifest"}\n{"error":"pull model manifest: file does not exist"}\n',
    });
    const seen: string[] = [];
    await assert.rejects(
      async () => {
        for await (const { status } of new Ollama(testConnection(server.url)).pull('nope', signal))
          seen.push(status);
      },
      (error) =>
        error instanceof LlmError &&
        error.message ===
          'Test service could not pull "nope": pull model manifest: file does not exist. Check the name at ollama.com/library, then pull again.',
    );
    assert.deepEqual(seen, ['pulling manifest']);
  });

  test('in memory are listed with their sizes', async () => {
    await using server = await ReplayServer.start(recorded('ollama-models/ps'));
    assert.deepEqual(await new Ollama(testConnection(server.url)).loaded(signal), [
      {
        name: 'qwen3:0.6b',
        sizeBytes: 1381000000,
        vramBytes: 1381000000,
        expiresAt: new Date('2026-11-24T09:35:00Z'),
      },
    ]);
  });

  test('are taken out of memory and deleted by name', async () => {
    await using server = await ReplayServer.start({ headers: json, body: '{"done":true}' });
    const provider = new Ollama(testConnection(server.url));
    await provider.unload('qwen3:0.6b', signal);
    await provider.remove('qwen3:0.6b', signal);
    assert.deepEqual(
      server.received.map(({ method, path, body }) => [method, path, body]),
      [
        ['POST', '/api/generate', { model: 'qwen3:0.6b', prompt: '', keep_alive: 0, stream: false }],
        ['DELETE', '/api/delete', { name: 'qwen3:0.6b' }],
      ],
    );
  });

  test('that are not there cannot be deleted', async () => {
    await using server = await ReplayServer.start({
      status: 404,
      headers: json,
      body: '{"error":"model \'nope\' not found"}',
    });
    await assert.rejects(
      new Ollama(testConnection(server.url)).remove('nope', signal),
      (error) => error instanceof LlmError && error.kind === 'bad-request',
    );
  });
});
