import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { checkAcceleration } from '../../../src/host/acceleration.ts';
import { ReportPages } from '../../../src/host/reportPages.ts';
import { registerCudaCommands } from '../../../src/host/cudaCommands.ts';
import { DownloadCommands } from '../../../src/host/downloadCommands.ts';
import { planDetails, planSummary } from '../../../src/host/localPlans.ts';
import { downloadItem, runtimeDetails } from '../../../src/host/localRows.ts';
import { ModelDrop } from '../../../src/host/modelDrop.ts';
import { Downloads } from '../../../src/node/downloads.ts';
import { FileServer } from '../../support/fileServer.ts';
import { answering } from './answering.ts';
import { withSettings } from './modelsFixture.ts';
import { test } from './suite.ts';

const extensionPath = (): string => {
  const found = vscode.extensions.getExtension('llm-playground.llm-playground');
  assert.ok(found);
  return found.extensionPath;
};

test('a model is downloaded by its address, and a download that fails offers to go on', async () => {
  await using server = await FileServer.start();
  const bytes = Buffer.concat([Buffer.from('GGUF'), randomBytes(3e6)]);
  server.files.set('some/tiny.gguf', { bytes });
  await withFolder(async (folder) => {
    const done: string[] = [];
    const { commands, downloads } = downloadCommands(folder, server.address, () => done.push('done'));
    const address = `${server.other}some/tiny.gguf`;
    const shown = await answering({ showQuickPick: 'Enter a Hugging Face name', showInputBox: address }, () =>
      commands.choose(),
    );
    assert.deepEqual(done, ['done'], shown.join('\n'));
    assert.ok(existsSync(join(folder, 'localhost', 'tiny.gguf')));
    assert.ok(shown.includes('tiny.gguf is here and can be run.'), shown.join('\n'));
    assert.deepEqual(await downloads.list(), []);

    const missing = await answering(
      { showQuickPick: 'Enter a Hugging Face name', showInputBox: `${server.other}no/none.gguf` },
      () => commands.choose(),
    );
    assert.match(missing.join('\n'), /There is no file at "http:.*none\.gguf"\. Correct the address\./);
  });
});

test('the list of models to download is grouped by what this machine can hold', async () => {
  await withFolder(async (folder) => {
    const { commands } = downloadCommands(folder, 'http://127.0.0.1:1/', () => undefined);
    const shown = await answering({}, () => commands.choose());
    assert.match(shown.join('\n'), /^Wholly on the graphics card with 4 GB$/m);
    assert.match(shown.join('\n'), /^For this machine with \d+ GB of memory$/m);
    assert.match(shown.join('\n'), /^Qwen3 0\.6B$/m);
  });
});

test('a download that is stopped stays as a row that says how far it is', async () => {
  await using server = await FileServer.start();
  server.files.set('some/slow.gguf', { bytes: randomBytes(30e6), pauseMs: 50 });
  await withFolder(async (folder) => {
    const { commands, downloads } = downloadCommands(folder, server.address, () => undefined);
    const address = `${server.other}some/slow.gguf`;
    const choosing = answering({ showQuickPick: 'Enter a Hugging Face name', showInputBox: address }, () =>
      commands.choose(),
    );
    await until(async () => ((await downloads.list())[0]?.doneBytes ?? 0) > 1e6);
    const [running] = await downloads.list();
    assert.ok(running);
    assert.match(String(downloadItem(running).description), /^\d+ % of 30 MB/);
    await commands.pause(running);
    await choosing;
    const [paused] = await downloads.list();
    assert.ok(paused);
    const item = downloadItem(paused);
    assert.match(String(item.description), /^paused · \d+ % of 30 MB$/);
    assert.equal(item.contextValue, 'download paused');
    await answering({ showWarningMessage: 'Delete' }, () => commands.remove(paused));
    assert.deepEqual(await downloads.list(), []);
  });
});

test('Check Acceleration measures this machine and shows a page', async () => {
  const pages = new ReportPages();
  const shown: string[] = [];
  pages.show = (text) => {
    shown.push(text);
    return Promise.resolve();
  };
  try {
    const root = extensionPath();
    const options = {
      entry: join(root, 'dist', 'runtime', 'main.mjs'),
      threads: 1,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      log: () => undefined,
      path: join(root, 'media', 'demo.gguf'),
    };
    await checkAcceleration(options, 'the demo model', pages);
  } finally {
    pages.dispose();
  }
  assert.match(shown.join(), /\| CPU \*\*← in use\*\* \| [\d,.]+ tok\/s \| [\d,.]+ tok\/s \|/);
  assert.match(shown.join(), /\| CUDA \| – \| – \| – \| CUDA is not installed\. Add it with/);
});

test('a GGUF file that is dropped onto the Models view is checked and remembered', async () => {
  await withFolder(async (folder) => {
    const good = join(folder, 'good one.gguf');
    copyFileSync(join(extensionPath(), 'media', 'demo.gguf'), good);
    writeFileSync(join(folder, 'bad.gguf'), 'GGUF, they said');
    await withSettings({ 'local.folders': [] }, async () => {
      const data = new vscode.DataTransfer();
      const lines = [good, join(folder, 'bad.gguf'), join(folder, 'notes.txt')].map((path) =>
        vscode.Uri.file(path).toString(),
      );
      data.set('text/uri-list', new vscode.DataTransferItem(`# comment\r\n${lines.join('\r\n')}`));
      await new ModelDrop().handleDrop(undefined, data);
      const folders = vscode.workspace.getConfiguration('llmPlayground').get('local.folders');
      assert.deepEqual(folders, [good]);
    });
    const shown = await answering({}, () => new ModelDrop().handleDrop(undefined, new vscode.DataTransfer()));
    assert.deepEqual(shown, ['Drop .gguf files of this machine here to run them.']);
  });
});

test('the runtime’s row tells its own part of the graphics memory from that of others', () => {
  const lines = runtimeDetails({
    backend: 'vulkan',
    devices: ['Card'],
    vram: { total: 8e9, used: 6e9, own: 2.5e9 },
    ram: { total: 16e9, free: 8e9 },
    threads: 4,
    models: [],
  });
  assert.ok(
    lines.includes('Graphics memory: 6.00 GB of 8.00 GB used, 2.50 GB of it by the models of this window'),
    lines.join('\n'),
  );
});

test('what a model would take is said in words', () => {
  const plan = {
    contextSize: 8192,
    layers: 33,
    gpuLayers: 20,
    ram: { wanted: 2e9, free: 8e9 },
    vram: { wanted: 4e9, free: 5e9 },
    fits: true,
    fittingContext: 32768,
  };
  assert.equal(planSummary(plan), 'fits, 20 of 33 layers on the card');
  assert.match(
    planDetails(plan),
    /takes about 4\.00 GB of graphics memory, .* 20 of 33 layers would be on the card\. There is room for a context of about 32,768 tokens\.$/,
  );
  const tooLarge = { ...plan, fits: false, ram: { wanted: 2e10, free: 8e9 } };
  assert.equal(planSummary(tooLarge), 'too large: 20.0 GB of 8.00 GB free');
});

test('on a system without CUDA the commands say so', async () => {
  const registered = new Map<string, (...rest: unknown[]) => unknown>();
  const { registerCommand } = vscode.commands;
  Object.defineProperty(vscode.commands, 'registerCommand', {
    configurable: true,
    value: (id: string, handler: (...rest: unknown[]) => unknown) => {
      registered.set(id, handler);
      return new vscode.Disposable(() => undefined);
    },
  });
  try {
    registerCudaCommands(undefined, { rest: () => Promise.resolve() } as never);
  } finally {
    Object.defineProperty(vscode.commands, 'registerCommand', { configurable: true, value: registerCommand });
  }
  const shown = await answering({}, () => registered.get('llmPlayground.addCuda')?.());
  assert.match(shown.join(), /^CUDA is for Windows and Linux on x64\./);
});

function downloadCommands(
  folder: string,
  endpoint: string,
  onDone: () => void,
): { commands: DownloadCommands; downloads: Downloads } {
  const downloads = new Downloads({
    entry: join(extensionPath(), 'dist', 'runtime', 'download.mjs'),
    folder,
    endpoint,
    token: () => Promise.resolve(undefined),
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    log: () => undefined,
  });
  const commands = new DownloadCommands({
    downloads,
    keys: undefined as never,
    root: extensionPath(),
    graphicsBytes: () => Promise.resolve(4e9),
    onDone,
  });
  return { commands, downloads };
}

async function withFolder(action: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'models-'));
  try {
    await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await condition());) {
    assert.ok(Date.now() < deadline, 'it took too long');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
