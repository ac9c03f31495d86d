/** What is in dist/, with no more beside it than the VSIX has: nothing else of the packages that it is made of. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../.ci/setup.mjs';
import { binariesOf, ownTarget } from '../../.ci/targets.ts';
import { engine, engineFiles } from '../../.ci/vsixContents.ts';
import { bundledModels } from '../../src/node/bundledModels.ts';
import { Downloads } from '../../src/node/downloads.ts';
import { answer, ask, newRuntime } from '../node/localFixture.ts';
import { textOfAnswer } from '../providers/contract.ts';
import { FileServer } from '../support/fileServer.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundled-'));
after(() => rmSync(folder, { recursive: true }));

const target = ownTarget();
for (const name of ['main.mjs', 'download.mjs', 'testBindingBinary.mjs'])
  cpSync(join(root, 'dist', 'runtime', name), join(folder, name));
for (const file of engineFiles)
  cpSync(join(root, 'node_modules', engine, file), join(folder, 'node_modules', engine, file));
for (const name of target ? binariesOf(target) : []) {
  const link = join(folder, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), link, 'junction');
}

test('the runtime answers', { skip: target === undefined }, async () => {
  const log: string[] = [];
  const runtime = newRuntime({
    entry: join(folder, 'main.mjs'),
    models: bundledModels(root),
    log: (line) => log.push(line),
  });
  const events = await answer(runtime, ask('demo', { temperature: 0, maxOutputTokens: 8 }));
  assert.notEqual(textOfAnswer(events), '');
  // The library warns where it cannot try a binary in a process of its own.
  assert.deepEqual(log, []);
});

test('a download comes', async () => {
  await using server = await FileServer.start();
  const bytes = Buffer.from(`GGUF${'a model '.repeat(200_000)}`);
  server.files.set('plain/files/x.gguf', { bytes });
  const downloads = new Downloads({
    entry: join(folder, 'download.mjs'),
    folder: join(folder, 'models'),
    endpoint: server.address,
    token: () => Promise.resolve(undefined),
    log: () => undefined,
  });
  try {
    const path = await downloads.start(`${server.address}plain/files/x.gguf`);
    assert.ok(readFileSync(path).equals(bytes));
  } finally {
    await downloads.dispose();
  }
});
