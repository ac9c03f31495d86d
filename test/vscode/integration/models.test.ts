import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ModelsRow } from '../../../src/host/modelsRow.ts';
import { type Received, type Reply, ReplayServer } from '../../support/replayServer.ts';
import { type ModelsFixture, modelsFixture, withSettings } from './modelsFixture.ts';
import { test } from './suite.ts';

const json = { 'content-type': 'application/json' };

test('what is done to a model of Ollama is done on the server of its row', async () => {
  await using home = await ReplayServer.start(ollama);
  await using lab = await ReplayServer.start(ollama);
  const endpoints = [
    { id: 'ollama', baseUrl: home.url },
    { id: 'lab', preset: 'ollama', baseUrl: lab.url },
  ];
  await withSettings({ endpoints }, async () => {
    const row = { type: 'model', modelId: 'lab/qwen3:0.6b', info: { id: 'qwen3:0.6b' } };
    await vscode.commands.executeCommand('llmPlayground.unloadModel', row);
    const unloads = [home, lab].map(({ received }) =>
      received.filter(({ path }) => path === '/api/generate'),
    );
    assert.deepEqual(
      unloads.map(({ length }) => length),
      [0, 1],
    );
  });
});

test('the Models view knows an Ollama by its kind, and says what lies in its memory', async () => {
  await using lab = await ReplayServer.start(ollama);
  await withModels({ endpoints: [{ id: 'lab', preset: 'ollama', baseUrl: lab.url }] }, async (fixture) => {
    const { view } = fixture;
    const server = await providerRow(fixture, 'lab');
    assert.equal(view.getTreeItem(server).contextValue, 'provider server no-key ollama');
    const models = await view.getChildren(server);
    assert.deepEqual(
      models.map((row) => {
        const { id, contextValue, description } = view.getTreeItem(row);
        return [id, contextValue, /in memory.*/.exec(String(description))?.[0]];
      }),
      [
        ['lab/qwen3:0.6b', 'model ollama loaded', 'in memory, 1.20 GB, for good'],
        ['lab/gpt-oss:20b', 'model ollama', undefined],
      ],
    );
  });
});

test('a list without limits gets them from what is known of the models, and is asked for once', async () => {
  await using service = await ReplayServer.start({
    headers: json,
    body: '{"object":"list","data":[{"id":"gpt-5"},{"id":"gpt-unheard-of"}]}',
  });
  const endpoints = [{ id: 'openai', baseUrl: service.url, needsKey: false }];
  await withModels({ endpoints }, async (fixture) => {
    const { view, catalog } = fixture;
    const rows = await view.getChildren(await providerRow(fixture, 'openai'));
    assert.deepEqual(
      rows.map((row) => view.getTreeItem(row).description),
      ['400,000 context · $1.25 in, $10.00 out / 1M', ''],
    );
    const ask = (): unknown => catalog.entryOf('openai')?.provider.models(new AbortController().signal);
    await ask();
    assert.equal(service.received.length, 1);
    view.reload();
    await ask();
    assert.equal(service.received.length, 2);
  });
});

/** An Ollama of two models, one of them in memory. */
function ollama({ path }: Received): Reply {
  const body = {
    '/api/tags': { models: ['qwen3:0.6b', 'gpt-oss:20b'].map((name) => ({ name, digest: name })) },
    '/api/show': { capabilities: ['completion'], details: {}, model_info: {} },
    '/api/ps': {
      models: [{ name: 'qwen3:0.6b', size: 1.2e9, size_vram: 0.6e9, expires_at: '2318-01-01T00:00:00Z' }],
    },
  }[path];
  return { headers: json, body: JSON.stringify(body ?? { done: true }) };
}

async function withModels(
  settings: Readonly<Record<string, unknown>>,
  action: (fixture: ModelsFixture) => Promise<void>,
): Promise<void> {
  await withSettings(settings, async () => {
    const fixture = modelsFixture();
    try {
      await action(fixture);
    } finally {
      fixture.dispose();
    }
  });
}

async function providerRow({ view }: ModelsFixture, id: string): Promise<ModelsRow> {
  const row = (await view.getChildren()).find(
    (each) => each.type === 'provider' && each.entry.provider.id === id,
  );
  assert.ok(row, `there is no row of ${id}`);
  return row;
}
