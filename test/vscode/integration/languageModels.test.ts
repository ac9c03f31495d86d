import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import * as vscode from 'vscode';
import { type ChatRequest, textMessage } from '../../../src/core/chat.ts';
import { EditorModels } from '../../../src/host/languageModels/editorModels.ts';
import { Compatible } from '../../../src/providers/compatible/compatible.ts';
import { presets } from '../../../src/providers/compatible/presets.ts';
import { testConnection } from '../../support/connection.ts';
import { eventStream, ReplayServer } from '../../support/replayServer.ts';
import { test } from './suite.ts';

const question: ChatRequest = {
  model: 'llm-playground/local/demo',
  messages: [textMessage('user', 'What is temperature?')],
  settings: {},
  // Passed on as options of the editor's, where they are settings again.
  providerOptions: { temperature: 0 },
};

test('VS Code lists the local runtime’s models among its own, and they answer there', async () => {
  const [demo] = await vscode.lm.selectChatModels({ vendor: 'llm-playground', id: 'local/demo' });
  assert.ok(demo, 'the demo model is not listed');
  assert.equal(demo.name, 'Playground demo (2.7M)');
  assert.ok((await demo.countTokens('What is temperature?')) > 3);
  const response = await demo.sendRequest([vscode.LanguageModelChatMessage.User('What is temperature?')], {
    modelOptions: { temperature: 0 },
  });
  let text = '';
  for await (const piece of response.text) text += piece;
  assert.match(text, /temperature/i);
});

test('a model of VS Code answers through the vscode provider', async () => {
  // Ours are left out by their vendor; with another name for it they stand in for another extension's.
  const provider = new EditorModels('nobody');
  const models = await provider.models(AbortSignal.timeout(10_000));
  assert.ok(models.some(({ id }) => id === question.model));
  assert.deepEqual(await new EditorModels('llm-playground').models(AbortSignal.timeout(10_000)), []);

  const events = await Array.fromAsync(provider.stream(question, AbortSignal.timeout(20_000)));
  assert.deepEqual(
    [events[0]?.type, events.at(-2)?.type, events.at(-1)],
    ['start', 'usage', { type: 'finish', reason: 'stop' }],
  );
  const text = events.map((event) => (event.type === 'text' ? event.text : '')).join('');
  assert.match(text, /temperature/i);
});

test('a call of the vscode provider can be cancelled, and a model that is gone is told', async () => {
  const provider = new EditorModels('nobody');
  await assert.rejects(Array.fromAsync(provider.stream(question, AbortSignal.abort())), {
    kind: 'cancelled',
  });
  await assert.rejects(
    Array.fromAsync(provider.stream({ ...question, model: 'a/b' }, new AbortController().signal)),
    { kind: 'bad-request' },
  );
});

test('providers are reached through the proxy of VS Code’s settings', async () => {
  await using service = await ReplayServer.start(
    eventStream({ model: 'm', choices: [{ delta: { content: 'Hi' }, finish_reason: 'stop' }] }, '[DONE]'),
  );
  const asked: string[] = [];
  const proxy = await proxyTo(service, asked);
  const settings = vscode.workspace.getConfiguration('http');
  await settings.update('proxy', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, true);
  try {
    const provider = new Compatible(testConnection('http://service.test/v1'), presets.vllm);
    const events = await Array.fromAsync(
      provider.stream({ ...question, model: 'm' }, AbortSignal.timeout(10_000)),
    );
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop', rawReason: 'stop' });
    assert.match(asked.join(), /service\.test/);
  } finally {
    await settings.update('proxy', undefined, true);
    proxy.closeAllConnections();
    proxy.close();
  }
});

/** A proxy that notes what it is asked for and passes everything to one service. */
async function proxyTo(service: ReplayServer, asked: string[]): Promise<Server> {
  const { port } = new URL(service.url);
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const { pathname } = new URL(request.url ?? '', service.url);
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => body.push(chunk));
    request.on('end', () => {
      void fetch(service.url + pathname, { method: request.method ?? 'GET', body: Buffer.concat(body) }).then(
        async (answer) => response.writeHead(answer.status).end(await answer.text()),
      );
    });
  });
  server.on('connect', (request, socket, head) => {
    asked.push(request.url ?? '');
    const upstream = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket);
      socket.pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return server;
}
