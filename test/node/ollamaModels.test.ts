import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { modelTokenizer, type ModelTokenizer, tokenizerNote } from '../../src/node/modelTokenizer.ts';
import { ollamaFolders, ollamaModelFile } from '../../src/node/ollamaModels.ts';
import { Tokenizer } from '../../src/node/tokenizer.ts';
import { encodeGguf } from '../models/gguf.ts';
import { scriptedModel } from '../models/scripted.ts';

const models = mkdtempSync(join(tmpdir(), 'ollama-'));
after(() => rmSync(models, { recursive: true, force: true }));

const always = new AbortController().signal;
const library = 'registry.ollama.ai/library';
const scripted = store(`${library}/tiny/latest`, scriptedModel({ answer: 'one two' }));
const unknown = encodeGguf({ 'tokenizer.ggml.model': 'bert', 'tokenizer.ggml.tokens': ['a'] }, []);
store(`${library}/unknown/latest`, unknown);

test('a model on the disk is found by the names that Ollama takes', async () => {
  const tagged = store(`${library}/tiny/1b`, Buffer.from('1b'));
  const users = store('registry.ollama.ai/someone/tiny/latest', Buffer.from('user'));
  const elsewhere = store('hf.co/someone/tiny-GGUF/Q4_K_M', Buffer.from('hf'));
  const names = ['tiny', 'tiny:latest', 'tiny:1b', 'someone/tiny', 'hf.co/someone/tiny-GGUF:Q4_K_M'];
  assert.deepEqual(await Promise.all(names.map((name) => ollamaModelFile(name, [models]))), [
    scripted,
    scripted,
    tagged,
    users,
    elsewhere,
  ]);
});

test('the first folder that has the model holds', async () => {
  assert.equal(await ollamaModelFile('tiny', [join(models, 'none'), models]), scripted);
  assert.equal(ollamaFolders({ OLLAMA_MODELS: '/data/ollama' })[0], '/data/ollama');
});

test('a model that is not there has no file, nor has what is no name or no manifest', async () => {
  const file = store(`${library}/gone/latest`, Buffer.from('gone'));
  rmSync(file);
  write(`manifests/${library}/broken/latest`, '{"layers": [');
  write(`manifests/${library}/text/latest`, '{"layers": [{"mediaType": "text/plain", "digest": "x"}]}');
  write(`manifests/${library}/escape/latest`, manifest('sha256:../../../../etc/passwd'));
  const names = ['none', 'gone', 'broken', 'text', 'escape', '', ':', '../tiny', 'a/../tiny', 'a/b/c/d/e:f'];
  assert.deepEqual(
    await Promise.all(names.map((name) => ollamaModelFile(name, [models]))),
    names.map(() => undefined),
  );
});

test("a model of Ollama counts with its file's tokenizer, exactly", async () => {
  assert.deepEqual(await tokenizerOf('ollama/tiny'), { source: { gguf: scripted }, exactness: 'exact' });
});

test('without its file, or with one of a kind that is not written here, it is an estimate', async () => {
  const estimate = { source: 'o200k_base', exactness: 'estimate' };
  assert.deepEqual(await tokenizerOf('ollama/none'), { ...estimate, isElsewhere: true });
  assert.deepEqual(await tokenizerOf('ollama/unknown'), { ...estimate, isElsewhere: true });
  assert.deepEqual(await tokenizerOf('anthropic/tiny'), estimate);
});

test('a local model and an encoding that is known need no look at the disk', async () => {
  assert.deepEqual(await tokenizerOf('local/x'), { source: { gguf: '/models/x' }, exactness: 'exact' });
  assert.deepEqual(await tokenizerOf('ollama/gpt-oss:20b'), { source: 'o200k_base', exactness: 'exact' });
});

test('a server of the same name on another machine may have other models: an estimate, which says so', async () => {
  const elsewhere = await tokenizerOf('ollama/tiny', () => 'elsewhere');
  assert.deepEqual(elsewhere, { source: 'o200k_base', exactness: 'estimate', isElsewhere: true });
  assert.match(tokenizerNote('ollama/tiny', elsewhere), /is not on this machine\.$/);
});

test('an Ollama of another name on this machine is exact, and what is no Ollama never is', async () => {
  const mine = (id: string) => (id === 'mine' ? 'here' : undefined);
  assert.equal((await tokenizerOf('mine/tiny', mine)).exactness, 'exact');
  assert.deepEqual(await tokenizerOf('ollama/tiny', mine), { source: 'o200k_base', exactness: 'estimate' });
});

async function tokenizerOf(
  modelId: string,
  ollamaAt?: (id: string) => 'here' | 'elsewhere' | undefined,
): Promise<ModelTokenizer> {
  using tokenizer = new Tokenizer();
  return await modelTokenizer(
    modelId,
    {
      tokenizer,
      localFileOf: (model) => `/models/${model}`,
      ollamaFileOf: (model) => ollamaModelFile(model, [models]),
      ...(ollamaAt ? { ollamaAt } : {}),
    },
    always,
  );
}

/** Writes a model as `ollama pull` does and gives the path of its weights. */
function store(name: string, weights: Uint8Array): string {
  const hash = createHash('sha256').update(weights).digest('hex');
  write(`manifests/${name}`, manifest(`sha256:${hash}`));
  return write(`blobs/sha256-${hash}`, weights);
}

function manifest(digest: string): string {
  const layers = [
    { mediaType: 'application/vnd.ollama.image.license', digest: `sha256:${'0'.repeat(64)}`, size: 1 },
    { mediaType: 'application/vnd.ollama.image.model', digest, size: 1 },
  ];
  return JSON.stringify({ schemaVersion: 2, layers });
}

function write(path: string, content: string | Uint8Array): string {
  const file = join(models, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}
