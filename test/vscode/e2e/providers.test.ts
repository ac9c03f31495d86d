import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { root } from '../../../.ci/setup.mjs';
import { exportEntry } from '../../../src/host/conversations/exportEntry.ts';
import { SqliteStore } from '../../../src/node/sqliteStore.ts';
import { recorded } from '../../support/recorded.ts';
import { eventStream, type Received, type Reply, ReplayServer } from '../../support/replayServer.ts';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { runByLens, writePrompts } from './answers.ts';

const key = 'sk-e2e-very-secret-0987654321';

/** An answer that breaks off with an error that repeats the key. */
const echoing = eventStream(
  { model: 'echo', choices: [{ delta: { content: 'Once' } }] },
  { error: { message: `No quota for ${key}.`, type: 'insufficient_quota' } },
);

/** A service on this machine that wants a key. */
const service = await ReplayServer.start((request: Received): Reply => {
  const sent = request.headers.authorization ?? 'nothing';
  if (sent !== `Bearer ${key}`)
    return {
      status: 401,
      body: JSON.stringify({ error: { message: `Incorrect API key provided: ${sent}` } }),
    };
  if (request.path.endsWith('/models')) return recorded('openai-models');
  if (request.path.endsWith('/input_tokens'))
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ input_tokens: 42 }) };
  const { model } = request.body as { readonly model: string };
  return model === 'echo' ? echoing : recorded('openai-chat/text');
});
after(() => service[Symbol.asyncDispose]());

/** A service in a process of its own, which answers with 64 words. */
const apart = spawn(process.execPath, [join(root, 'test', 'bench', 'streamServer.ts')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
after(() => apart.kill());
const [origin] = (await once(createInterface(apart.stdout), 'line')) as [string];

const editor = packedEditor({
  settings: {
    'llmPlayground.endpoints': [
      { id: 'mine', baseUrl: `${service.url}/v1`, needsKey: true },
      { id: 'openai', baseUrl: `${service.url}/v1` },
      { id: 'apart', preset: 'openai', baseUrl: `${origin}/chat/64` },
    ],
  },
  env: { OPENAI_API_KEY: key },
  prepare: (folder) =>
    writePrompts(folder, {
      remote: '---\nmodel: mine/scripted-1m\n---\nHello\n',
      apart: '---\nmodel: apart/gpt-4o\n---\nHello\n',
      echo: '---\nmodel: mine/echo\n---\nHello\n',
      official: '---\nmodel: openai/gpt-4o\n---\nHello\n',
    }),
});

test('a run without a key says how to set one, and sends nothing', async () => {
  const panel = await runByLens(editor, 'remote.prompt', 'There is no key for mine');
  await eventually(async () =>
    assert.match(await panel.locator('body').innerText(), /LLM Playground: Set API Key/),
  );
  await panel.getByText('Set API key', { exact: true }).waitFor();
  assert.deepEqual(service.received, []);
});

test('a wrong key is refused in words that do not repeat it', async () => {
  await setKey('sk-wrong-key-1111');
  const toast = editor.workbench.toast('refused the key');
  await toast.waitFor();
  await eventually(async () => assert.doesNotMatch(await toast.innerText(), /sk-wrong/));
  await toast.getByText('Set the Key Again').click();
  await editor.workbench.page.locator('.quick-input-widget input[type=password]').waitFor();
  await editor.workbench.answer(key);
  // Where all that was said is kept: a toast can be gone again before anybody looks.
  await editor.workbench.run('Notifications: Show Notifications');
  await editor.workbench.toast('mine accepts the key: 1 model').waitFor();
  await editor.workbench.run('Notifications: Clear All Notifications');
});

test('with the key, the service’s answer streams into the panel', async () => {
  const panel = await runByLens(editor, 'remote.prompt', 'Run again');
  await panel.getByText('Raw', { exact: true }).click();
  await panel.locator('.answer-text', { hasText: 'Hello' }).waitFor();
  await editor.workbench.screenshot('provider answer');
});

test('OpenAI’s adapter takes the key from the environment, and its answer streams too', async () => {
  const panel = await runByLens(editor, 'official.prompt', 'Run again');
  await panel.getByText('Raw', { exact: true }).click();
  await panel.locator('.answer-text', { hasText: 'Hello' }).waitFor();
  assert.equal(service.received.at(-1)?.headers.authorization, `Bearer ${key}`);
});

test('a service in a process of its own answers through OpenAI’s adapter', async () => {
  const panel = await runByLens(editor, 'apart.prompt', 'Run again');
  await panel.locator('.answer-text', { hasText: /(word ?){64}/ }).waitFor();
});

test('an error in the middle of an answer does not show the key that it repeats', async () => {
  const panel = await runByLens(editor, 'echo.prompt', 'has no quota left');
  await eventually(async () => assert.match(await panel.locator('body').innerText(), /No quota for \[key\]/));
});

test('a service counts a prompt once the user agrees that it is sent, and the line above it says so', async () => {
  const { workbench } = editor;
  await workbench.open('official.prompt');
  const asked = workbench.page.locator('.monaco-dialog-box', { hasText: 'Send the text out?' });
  const counts = () => service.received.filter(({ path }) => path.endsWith('/input_tokens')).length;
  await workbench.run('LLM Playground: Count Exactly with the Provider…');
  await asked.getByText(/5 characters, is sent to OpenAI/).waitFor();
  await asked.getByRole('button', { name: 'Cancel' }).click();
  await asked.waitFor({ state: 'detached' });
  assert.equal(counts(), 0);
  await workbench.run('LLM Playground: Count Exactly with the Provider…');
  await asked.getByRole('button', { name: 'Send and Count' }).click();
  await workbench.toast('42 tokens for openai/gpt-4o, counted by OpenAI.').waitFor();
  await workbench.lensLine(/42 tokens/).waitFor();
  assert.equal(counts(), 1);
});

test('the code of a request names the variable of its key', async () => {
  const { workbench } = editor;
  await workbench.open('official.prompt');
  await workbench.run('LLM Playground: View Code');
  await workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'curl' }).click();
  const code = workbench.page.locator('.view-lines', { hasText: 'OPENAI_API_KEY' });
  await code.waitFor();
  await eventually(async () => assert.doesNotMatch(await code.innerText(), /sk-e2e/));
});

test('the Models view shows the provider, its key and its models', async () => {
  const { page } = editor.workbench;
  await page.locator('.activitybar .action-label[aria-label*="LLM Playground"]').click();
  const view = page.locator('.pane', { hasText: 'Models' });
  const row = view.locator('.monaco-list-row', { hasText: 'mine' });
  await row.filter({ hasText: 'key set' }).click();
  await view.locator('.monaco-list-row', { hasText: 'scripted-1m' }).waitFor();
  await view.locator('.monaco-list-row', { hasText: 'key from OPENAI_API_KEY' }).first().waitFor();
  await view.locator('.monaco-list-row', { hasText: 'Playground demo' }).waitFor();
  await editor.workbench.screenshot('models view');
});

test('the key is nowhere but in the secret storage', async () => {
  const holders: string[] = [];
  for (const folder of [editor.server.profile, editor.folder]) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const bytes = await readFile(path).catch(() => Buffer.of());
      if (bytes.includes(key)) holders.push(path);
    }
  }
  assert.deepEqual(holders, []);
  const storage = join('data', 'User', 'globalStorage', 'llm-playground.llm-playground');
  using store = new SqliteStore(join(editor.server.profile, storage, 'history.sqlite'), Date.now);
  const runs = store.list({ limit: 100 });
  assert.ok(runs.some(({ modelId, outcome }) => modelId === 'mine/echo' && outcome.status === 'failed'));
  for (const { id } of runs) {
    for (const format of ['json', 'md', 'html'] as const)
      assert.equal(
        exportEntry(store, { kind: 'run', id }, format).includes(key),
        false,
        `${format} of ${id}`,
      );
  }
  for (const frame of editor.workbench.page.frames()) {
    await eventually(async () => assert.equal((await frame.content()).includes(key), false, frame.url()));
  }
});

test('Add Provider asks for the service, its address and an id, and tests what it finds', async () => {
  const { workbench } = editor;
  const row = (text: string) =>
    workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: text }).first();
  await workbench.run('LLM Playground: Add Provider');
  await row('OpenAI-compatible server').click();
  await workbench.page.getByPlaceholder('https://host/v1').waitFor();
  await workbench.page.locator('.quick-input-widget .quick-input-filter input').fill('no address');
  await workbench.page.getByText('Write a web address').waitFor();
  await workbench.answer(`${service.url}/v1`);
  await workbench.page.getByText('The word before the slash').waitFor();
  await workbench.answer('added');
  await workbench.toast('added refused the key').waitFor();
});

test('a cleared key is gone', async () => {
  const { workbench } = editor;
  await workbench.run('LLM Playground: Clear API Key');
  await workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'mine' }).click();
  await workbench.toast('The key of mine was cleared.').waitFor();
  await runByLens(editor, 'remote.prompt', 'There is no key for mine');
});

async function setKey(text: string): Promise<void> {
  const { workbench } = editor;
  await workbench.run('LLM Playground: Set API Key');
  await workbench.page.getByPlaceholder('Set the key of which provider?').waitFor();
  // A click waits for the list; keys can come before it and get lost.
  await workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'mine' }).click();
  await workbench.page.locator('.quick-input-widget input[type=password]').waitFor();
  await workbench.answer(text);
}
