import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { LocalModels } from '../../src/node/localModels.ts';
import { knownFolders, ownFolders } from '../../src/node/localModelsFolders.ts';
import { LocalRuntime } from '../../src/node/localRuntime.ts';
import { encodeGguf, type GgufMetadata } from '../models/gguf.ts';
import { scriptedModel } from '../models/scripted.ts';

const root = mkdtempSync(join(tmpdir(), 'local-models-'));
after(() => rmSync(root, { recursive: true, force: true }));

const always = new AbortController().signal;

test('a model is listed by its name, with what its header and its file say', async () => {
  const path = write(
    'one/maker/Tiny-GGUF/tiny-Q8_0.gguf',
    scriptedModel({ name: 'Tiny', contextLength: 2048 }),
  );
  const { models } = await listed('one');
  assert.deepEqual(models, [
    {
      id: path,
      name: 'Tiny Q8_0',
      description: '0.2M parameters, Q8_0, 197 KB, found in Test.',
      path,
      bytes: scriptedModel({ name: 'Tiny', contextLength: 2048 }).length,
      contextWindow: 2048,
    },
  ]);
});

test('a model without a name of its own is called after its file', async () => {
  write('names/model-IQ4_XS.gguf', scriptedModel({ name: 'model' }));
  write('names/qwen3-0.6b-ud-q4_k_xl.gguf', scriptedModel({ name: '' }));
  assert.deepEqual(await namesIn('names'), ['names IQ4_XS', 'qwen3-0.6b UD-Q4_K_XL']);
});

test('a model that was split is one, and only when all its parts are there', async () => {
  const first = write('split/big-00001-of-00003.gguf', scriptedModel({ name: 'Big' }));
  write('split/big-00002-of-00003.gguf', 'second');
  write('split/big-00003-of-00003.gguf', 'third');
  write('split/half-00001-of-00002.gguf', scriptedModel());
  const { models, lines } = await listed('split');
  assert.deepEqual(
    models.map(({ name, path, bytes }) => ({ name, path, bytes })),
    [{ name: 'Big', path: first, bytes: scriptedModel({ name: 'Big' }).length + 'secondthird'.length }],
  );
  assert.deepEqual(lines, [
    `"${join(root, 'split/half-00001-of-00002.gguf')}" is not listed: 1 of its 2 parts are missing.`,
  ]);
});

test('what cannot answer is left out, with the reason in the log', async () => {
  const header = (metadata: GgufMetadata): Uint8Array => encodeGguf(metadata, []);
  write('unfit/a-mmproj.gguf', scriptedModel());
  write('unfit/b.gguf', header({ 'general.architecture': 'clip' }));
  write('unfit/c.gguf', header({ 'general.type': 'adapter' }));
  write('unfit/d.gguf', header({ 'general.architecture': 'llama', 'tokenizer.chat_template': 'x' }));
  write('unfit/e.gguf', scriptedModel().slice(0, 5000));
  write('unfit/f.gguf', scriptedModel().slice(0, -60_000));
  write('unfit/g.gguf', '<html>404</html>');
  const { models, lines } = await listed('unfit');
  assert.deepEqual(models, []);
  assert.deepEqual(
    lines.map((line) => line.replaceAll(`${join(root, 'unfit')}/`, '').replace(/ Download it.*/, '')),
    [
      '"b.gguf" is not listed: it is the part of a model that reads images.',
      '"c.gguf" is not listed: it is an adapter, which changes another model.',
      '"d.gguf" is not listed: it is a vocabulary without weights.',
      'Not listed: The model "e.gguf" is damaged or cut off: it claims 554 items of "tokenizer.ggml.tokens", more than it can hold.',
      'Not listed: The model "f.gguf" is not all there: it ends before its weights do.',
      'Not listed: The model "g.gguf" is not a GGUF file.',
    ],
  );
});

test('links that lead in a circle or nowhere, and what is no folder, end nothing', async () => {
  const path = write('links/deep/x.gguf', scriptedModel());
  symlinkSync(join(root, 'links'), join(root, 'links/deep/circle'));
  symlinkSync(join(root, 'nowhere'), join(root, 'links/nowhere'));
  symlinkSync(path, join(root, 'links/same.gguf'));
  write('links/file', '');
  const found = newModels([join(root, 'links/file'), join(root, 'links/none'), join(root, 'links')]);
  assert.equal((await found.models.list(always)).length, 1);
  assert.deepEqual(found.lines, []);
});

test('two revisions in the Hugging Face cache that share a file are one model', async () => {
  const hub = 'hub/models--maker--Tiny-GGUF';
  const blob = write(`${hub}/blobs/0a1b`, scriptedModel({ name: 'Tiny' }));
  for (const revision of ['aaaa', 'bbbb']) {
    mkdirSync(join(root, hub, 'snapshots', revision), { recursive: true });
    symlinkSync(blob, join(root, hub, 'snapshots', revision, 'tiny.gguf'));
  }
  const { models } = await listed('hub');
  assert.deepEqual(
    models.map(({ path }) => path),
    [join(root, hub, 'snapshots/aaaa/tiny.gguf')],
  );
});

test('a model of Ollama has the name that Ollama gives it, and an id that can be run', async () => {
  const weights = scriptedModel({ answer: 'Ollama' });
  const hash = createHash('sha256').update(weights).digest('hex');
  const digest = `sha256:${hash}`;
  const layers = [{ mediaType: 'application/vnd.ollama.image.model', digest, size: weights.length }];
  write('ollama/manifests/registry.ollama.ai/library/tiny/1b', JSON.stringify({ layers }));
  const path = write(`ollama/blobs/sha256-${hash}`, weights);
  const { models } = newModels([], { ollamaFolders: [join(root, 'none'), join(root, 'ollama')] });
  const runtime = new LocalRuntime({
    entry: '',
    threads: 1,
    models: [],
    found: models,
    log: () => undefined,
  });
  const [info] = await runtime.models(always);
  assert.deepEqual([info?.id, info?.name], [path, 'tiny:1b']);
  assert.equal(runtime.fileOf(path), path);
});

test('a second look finds what is new, what has changed and what is gone', async () => {
  const { models, lines } = newModels([join(root, 'again')]);
  const names = async (): Promise<string[]> => (await models.list(always)).map(({ name }) => name);
  assert.deepEqual(await names(), []);
  const one = write('again/one.gguf', scriptedModel({ name: 'One' }));
  write('again/broken.gguf', 'GGUF');
  assert.deepEqual(await names(), ['One']);
  write('again/two.gguf', scriptedModel({ name: 'Two' }));
  assert.deepEqual(await names(), ['One', 'Two']);
  writeFileSync(one, scriptedModel({ name: 'Another' }));
  assert.deepEqual(await names(), ['Another', 'Two']);
  rmSync(one);
  assert.deepEqual(await names(), ['Two']);
  assert.equal(lines.length, 1);
  appendFileSync(join(root, 'again/broken.gguf'), '...');
  await names();
  assert.equal(lines.length, 2);
});

test('whoever cannot wait gets what is known, and is told when the search has ended', async () => {
  write('late/x.gguf', scriptedModel({ name: 'Late' }));
  const { promise: ended, resolve } = Promise.withResolvers<undefined>();
  const { models } = newModels([join(root, 'late')], { onLate: () => resolve(undefined) });
  assert.deepEqual(await models.list(AbortSignal.abort()), []);
  await ended;
  assert.deepEqual(
    (await models.list(AbortSignal.abort())).map(({ name }) => name),
    ['Late'],
  );
});

test('a file that the user chooses is checked at once', async () => {
  const { models } = newModels([]);
  const path = write('chosen/x.gguf', scriptedModel({ name: 'Chosen' }));
  assert.equal((await models.check(path, always)).name, 'Chosen');
  await assert.rejects(models.check(write('chosen/y.gguf', 'no'), always), /cut off/);
});

test('the folders are where the environment puts them', () => {
  const paths = knownFolders({ HF_HOME: '/hf', LLAMA_CACHE: '/llama' }).map(({ path }) => path);
  assert.deepEqual(paths, [
    join(homedir(), '.lmstudio/models'),
    join(homedir(), '.cache/lm-studio/models'),
    join('/hf', 'hub'),
    '/llama',
  ]);
  assert.deepEqual(
    ownFolders(['~/models', 'relative', '/data/x.gguf']).map(({ path }) => path),
    [join(homedir(), 'models'), '/data/x.gguf'],
  );
});

function newModels(
  folders: readonly string[],
  options: { ollamaFolders?: readonly string[]; onLate?: () => void } = {},
): { models: LocalModels; lines: string[] } {
  const lines: string[] = [];
  const models = new LocalModels({
    folders: () => folders.map((path) => ({ path, owner: 'Test' })),
    knownFolders: [],
    ollamaFolders: [],
    budgetMs: 30_000,
    log: (line) => lines.push(line),
    ...options,
  });
  return { models, lines };
}

async function listed(
  folder: string,
): Promise<{ models: Awaited<ReturnType<LocalModels['list']>>; lines: string[] }> {
  const { models, lines } = newModels([join(root, folder)]);
  return { models: await models.list(always), lines };
}

async function namesIn(folder: string): Promise<string[]> {
  return (await listed(folder)).models.map(({ name }) => name);
}

function write(path: string, content: string | Uint8Array): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}
