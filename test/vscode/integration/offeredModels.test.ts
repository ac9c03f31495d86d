import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { type ChatRequest, textMessage } from '../../../src/core/chat.ts';
import { EditorModels } from '../../../src/host/languageModels/editorModels.ts';
import { eventStream, type Received, type Reply, ReplayServer } from '../../support/replayServer.ts';
import { withSettings } from './modelsFixture.ts';
import { test } from './suite.ts';

const look = { name: 'look', description: 'Looks', inputSchema: { type: 'object', properties: {} } };
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const chunk = (delta: object, rest: object = {}): object => ({ model: 'm', choices: [{ delta, ...rest }] });
const called = eventStream(
  chunk({ content: 'I look.' }),
  chunk({ tool_calls: [{ index: 0, id: 'c1', function: { name: 'look', arguments: '{"far":' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: 'true}' } }] }),
  chunk({}, { finish_reason: 'tool_calls' }),
  '[DONE]',
);
const endless: Reply = {
  headers: { 'content-type': 'text/event-stream' },
  body: `data: ${JSON.stringify(chunk({ content: 'Once' }))}\n\n`,
  endless: `data: ${JSON.stringify(chunk({ content: ' more' }))}\n\n`,
};

test('the editor’s tools, images and results reach a provider, and its tool calls come back whole', async () => {
  await withOffered(called, async (model, service) => {
    const response = await model.sendRequest(
      [
        vscode.LanguageModelChatMessage.User([
          new vscode.LanguageModelTextPart('What is this?'),
          vscode.LanguageModelDataPart.image(pixel, 'image/png'),
        ]),
        vscode.LanguageModelChatMessage.Assistant([
          new vscode.LanguageModelToolCallPart('c0', 'look', { far: false }),
        ]),
        vscode.LanguageModelChatMessage.User([
          new vscode.LanguageModelToolResultPart('c0', [new vscode.LanguageModelTextPart('nothing')]),
        ]),
      ],
      { tools: [look], modelOptions: { temperature: 0.25, top_k: 7 } },
    );
    const parts: unknown[] = [];
    for await (const part of response.stream) {
      if (part instanceof vscode.LanguageModelTextPart) parts.push(part.value);
      if (part instanceof vscode.LanguageModelToolCallPart) parts.push([part.callId, part.name, part.input]);
    }
    assert.deepEqual(parts, ['I look.', ['c1', 'look', { far: true }]]);
    const { messages, tools, temperature } = service.received.at(-1)?.body as Record<string, unknown>;
    const url = `data:image/png;base64,${pixel.toString('base64')}`;
    assert.deepEqual(messages, [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c0', type: 'function', function: { name: 'look', arguments: '{"far":false}' } }],
      },
      { role: 'tool', tool_call_id: 'c0', content: 'nothing' },
    ]);
    const { name, description, inputSchema: parameters } = look;
    assert.deepEqual(tools, [{ type: 'function', function: { name, description, parameters } }]);
    assert.equal(temperature, 0.25);
  });
});

test('a call that the editor cancels frees the service', async () => {
  await withOffered(endless, async (model, service) => {
    const cancel = new vscode.CancellationTokenSource();
    const response = await model.sendRequest(
      [vscode.LanguageModelChatMessage.User('Talk')],
      {},
      cancel.token,
    );
    // However the editor ends the loop of a call that was cancelled.
    await (async () => {
      for await (const _ of response.text) cancel.cancel();
    })().catch(() => undefined);
    await isFree(service);
  });
});

test('a call of the vscode provider streams tool calls, and frees the service when it is stopped', async () => {
  const request: ChatRequest = {
    model: 'llm-playground/mine/m',
    messages: [textMessage('user', 'Look')],
    settings: {},
    tools: [{ name: look.name, description: look.description, parameters: look.inputSchema }],
  };
  const provider = new EditorModels('nobody');
  await withOffered(called, async () => {
    const events = await Array.fromAsync(provider.stream(request, AbortSignal.timeout(20_000)));
    assert.deepEqual(
      events.filter(({ type }) => type !== 'usage'),
      [
        { type: 'start', model: 'mine/m', warnings: [] },
        { type: 'text', text: 'I look.' },
        { type: 'tool-call', index: 0, id: 'c1', name: 'look', arguments: '{"far":true}' },
        { type: 'finish', reason: 'tool-calls' },
      ],
    );
  });
  await withOffered(endless, async (_, service) => {
    const stop = new AbortController();
    let after = 0;
    await assert.rejects(
      async () => {
        for await (const { type } of provider.stream(request, stop.signal)) {
          if (stop.signal.aborted) after++;
          else if (type === 'text') stop.abort();
        }
      },
      { kind: 'cancelled' },
    );
    assert.ok(after <= 1, `${after} events came after the abort`);
    await isFree(service);
  });
});

/** Runs `action` with a model of a server that answers every call with `reply`, as the editor offers it. */
async function withOffered(
  reply: Reply,
  action: (model: vscode.LanguageModelChat, service: ReplayServer) => Promise<void>,
): Promise<void> {
  const list = { headers: { 'content-type': 'application/json' }, body: '{"data":[{"id":"m"}]}' };
  await using service = await ReplayServer.start(({ path }: Received) =>
    path === '/v1/models' ? list : reply,
  );
  await withSettings({ endpoints: [{ id: 'mine', baseUrl: `${service.url}/v1` }] }, async () => {
    await action(await offered(), service);
  });
}

/** The editor asks for the models of a provider anew some time after it was told of a change. */
async function offered(): Promise<vscode.LanguageModelChat> {
  for (;;) {
    const [model] = await vscode.lm.selectChatModels({ vendor: 'llm-playground', id: 'mine/m' });
    if (model) return model;
    await delay(50);
  }
}

async function isFree(service: ReplayServer): Promise<void> {
  while (service.isBusy) await delay(20);
}
