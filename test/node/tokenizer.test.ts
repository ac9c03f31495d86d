import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, mock, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { LlmError, type ErrorKind } from '../../src/core/errors.ts';
import { Tokenizer } from '../../src/node/tokenizer.ts';
import { encodeGguf } from '../models/gguf.ts';
import { scriptedModel } from '../models/scripted.ts';
import { tokenizerMetadata } from '../models/tokenizer.ts';

const folder = mkdtempSync(join(tmpdir(), 'tokenizer-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const always = new AbortController().signal;
const words = 'the quick brown fox '.repeat(50_000);

test('several texts are counted in one call, in their order', async () => {
  using tokenizer = new Tokenizer();
  const texts = ['hello world', '', words, 'a', '😀'.repeat(70_000)];
  const counts = await tokenizer.count({ texts, tokenizer: 'o200k_base' }, always);
  assert.deepEqual(counts, [2, 0, 200_001, 1, 70_000]);
});

test('a text that is read in parts is one text', async () => {
  using tokenizer = new Tokenizer();
  const parts = {
    length: words.length,
    [Symbol.iterator]: () => [words.slice(0, 70_001), words.slice(70_001)].values(),
  };
  const nothing = { length: 0, [Symbol.iterator]: () => [].values() };
  const texts = ['a', parts, nothing, 'hello world'];
  assert.deepEqual(await tokenizer.count({ texts, tokenizer: 'o200k_base' }, always), [1, 200_001, 0, 2]);
});

test('no texts have no counts', async () => {
  using tokenizer = new Tokenizer();
  assert.deepEqual(await tokenizer.count({ texts: [], tokenizer: 'o200k_base' }, always), []);
});

test('a text of 20 MB reports its progress', async () => {
  using tokenizer = new Tokenizer();
  const reports: number[] = [];
  const onProgress = (counted: number, total: number): number => reports.push(counted / total);
  const texts = [words.repeat(20)];
  assert.deepEqual(await tokenizer.count({ texts, tokenizer: 'r50k_base', onProgress }, always), [4_000_001]);
  assert.deepEqual(reports, [...new Set(reports)].sort());
  assert.ok(reports.length > 200 && reports.at(-1) === 1, reports.join());
});

test('a limit is kept exactly, and nothing is sent of a text that is over it', async () => {
  const { tokenizer, workers } = watched();
  const within = (limit: number): Promise<number | undefined> =>
    tokenizer.countWithin({ text: words, tokenizer: 'o200k_base', limit }, always);
  assert.deepEqual([await within(200_000), await within(200_001)], [undefined, 200_001]);
  const sent = mock.method(workers[0] as Worker, 'postMessage').mock;
  assert.deepEqual([await within(1000), sent.callCount()], [undefined, 2]);
  const short = { text: '', tokenizer: 'o200k_base', limit: 0 } as const;
  assert.equal(await tokenizer.countWithin(short, always), 0);
  assert.equal(await tokenizer.countWithin({ ...short, text: 'a' }, always), undefined);
  tokenizer.dispose();
});

test('what cannot be split is counted in the worker too', async () => {
  using tokenizer = new Tokenizer();
  const binary = Buffer.from(Uint8Array.from({ length: 200_000 }, (_, at) => (at * at * 31) >> 3)).toString();
  const texts = ['a'.repeat(1_000_000), ' '.repeat(1_000_000), binary, '\ud800', '\0'];
  const counts = await tokenizer.count({ texts, tokenizer: 'o200k_base' }, always);
  assert.deepEqual(counts.with(2, 0), [125_000, 7813, 0, 1, 1]);
  const whole = (await tokenizer.encode({ text: binary, tokenizer: 'o200k_base' }, always)).ids;
  assert.equal(counts[2], whole.length);
});

test('an encoding that does not exist is refused', async () => {
  using tokenizer = new Tokenizer();
  for (const name of ['o300k_base', 'toString'] as unknown as 'o200k_base'[]) {
    const count = tokenizer.count({ texts: ['a'], tokenizer: name }, always);
    await assert.rejects(count, ofKind('bad-request'));
  }
});

test('an abort ends the count at once, and the next count comes', async () => {
  using tokenizer = new Tokenizer();
  const superseded = new AbortController();
  const first = tokenizer.count(
    { texts: [words.repeat(20)], tokenizer: 'r50k_base', onProgress: () => superseded.abort() },
    superseded.signal,
  );
  await assert.rejects(first, ofKind('cancelled'));
  assert.deepEqual(await tokenizer.count({ texts: ['a'], tokenizer: 'r50k_base' }, always), [1]);
  await assert.rejects(
    tokenizer.count({ texts: ['a'], tokenizer: 'r50k_base' }, AbortSignal.abort()),
    ofKind('cancelled'),
  );
});

test('a worker killed in mid-count is replaced and the answer still comes', async () => {
  const { tokenizer, workers } = watched();
  const counts = await tokenizer.count(
    { texts: [words], tokenizer: 'r50k_base', onProgress: () => void workers[0]?.terminate() },
    always,
  );
  assert.deepEqual([counts, workers.length], [[200_001], 2]);
  tokenizer.dispose();
});

test('a worker that dies again and again is an error that says so', async () => {
  const { tokenizer, workers } = watched();
  const count = tokenizer.count(
    { texts: [words], tokenizer: 'r50k_base', onProgress: () => void workers.at(-1)?.terminate() },
    always,
  );
  await assert.rejects(count, ofKind('provider'));
  assert.deepEqual(await tokenizer.count({ texts: ['a'], tokenizer: 'r50k_base' }, always), [1]);
  tokenizer.dispose();
});

test('an open text is counted after each edit', async () => {
  using tokenizer = new Tokenizer();
  using text = await tokenizer.open(words, 'o200k_base', always);
  const edited = [
    await text.edit([{ start: 3, end: 3, text: ' very' }], always),
    await text.edit([{ start: 0, end: words.length + 5, text: 'hello' }], always),
    await text.edit([], always),
  ];
  assert.deepEqual([text.tokens, edited], [200_001, [200_002, 1, 1]]);
  await assert.rejects(text.edit([{ start: 9, end: 9, text: '' }], always), ofKind('bad-request'));
});

test('an open text is closed when the worker died', async () => {
  const { tokenizer, workers } = watched();
  using text = await tokenizer.open('hello', 'r50k_base', always);
  await workers[0]?.terminate();
  await assert.rejects(text.edit([{ start: 0, end: 0, text: 'x' }], always), ofKind('provider'));
  tokenizer.dispose();
});

test('an inspector gets ids, places and bytes', async () => {
  using tokenizer = new Tokenizer();
  assert.deepEqual(await tokenizer.encode({ text: 'é 中', tokenizer: 'o200k_base' }, always), {
    ids: Int32Array.of(377, 25_403),
    ends: Int32Array.of(1, 3),
    bytes: new Uint8Array(new TextEncoder().encode('é 中')),
    byteEnds: Int32Array.of(2, 6),
  });
  const steps = (word: string): ReturnType<typeof tokenizer.mergeSteps> =>
    tokenizer.mergeSteps({ word, tokenizer: 'o200k_base', isStart: true }, always);
  assert.equal((await steps(' bananas')).length, 8);
  await assert.rejects(steps('a'.repeat(999)), ofKind('bad-request'));
});

test('an inspector that wants the first tokens of a long text gets no more', async () => {
  using tokenizer = new Tokenizer();
  const { ids, ends } = await tokenizer.encode({ text: words, tokenizer: 'o200k_base', limit: 5 }, always);
  assert.deepEqual([ids.length, [...ends]], [5, [3, 9, 15, 19, 23]]);
});

test("a local model counts with its file's tokenizer", async () => {
  using tokenizer = new Tokenizer();
  const gguf = join(folder, 'model.gguf');
  writeFileSync(gguf, scriptedModel({ answer: 'one two' }));
  const count = (): Promise<number[]> =>
    tokenizer.count({ texts: ['one two', ' xy'], tokenizer: { gguf } }, always);
  assert.deepEqual(await count(), [2, 3]);
  writeFileSync(gguf, scriptedModel({ answer: 'one two xy' }));
  assert.deepEqual(await count(), [2, 1]);
  writeFileSync(gguf, 'damaged');
  await assert.rejects(count(), ofKind('bad-request'));
});

test('a model file with nonsense for a tokenizer is refused, and the worker goes on with the next', async () => {
  const { tokenizer, workers } = watched();
  const sound = encodeGguf(tokenizerMetadata(['ab'], [['a', 'b']]), []);
  const metadata = tokenizerMetadata([], []);
  const { 'tokenizer.ggml.merges': _, ...unmerged } = metadata;
  const damaged: Record<string, readonly [bytes: Uint8Array, refusal: RegExp]> = {
    'cut.gguf': [sound.subarray(0, 2000), /cut\.gguf" is (damaged or )?cut off/],
    'empty.gguf': [new Uint8Array(0), /empty\.gguf" is cut off/],
    'zeros.gguf': [new Uint8Array(5000), /zeros\.gguf" is not a GGUF file/],
    'text.gguf': [Buffer.from('GGUF is what this text begins with'), /GGUF of version/],
    'unmerged.gguf': [encodeGguf(unmerged, []), /lacks its merges/],
    'unknown.gguf': [
      encodeGguf({ ...metadata, 'tokenizer.ggml.pre': 'nobody' }, []),
      /pre-tokenizer "nobody"/,
    ],
    'kind.gguf': [encodeGguf({ ...metadata, 'tokenizer.ggml.model': 'magic' }, []), /of the kind "magic"/],
    'none.gguf': [encodeGguf({ 'general.name': 'None' }, []), /holds no tokenizer/],
    'types.gguf': [encodeGguf({ ...metadata, 'tokenizer.ggml.token_type': [1, 2] }, []), /fewer token_type/],
    'long.gguf': [
      encodeGguf({ ...metadata, 'tokenizer.ggml.merges': [`a ${'b'.repeat(200_000)}`] }, []),
      /a merge of its vocabulary takes 200002 bytes/,
    ],
  };
  for (const [name, [bytes, refusal]] of Object.entries(damaged)) {
    const gguf = join(folder, name);
    writeFileSync(gguf, bytes);
    await assert.rejects(tokenizer.count({ texts: ['ab'], tokenizer: { gguf } }, always), (error) => {
      assert.ok(ofKind('bad-request')(error), `${name}: ${String(error)}`);
      assert.match((error as LlmError).message, refusal);
      return true;
    });
  }
  const gguf = join(folder, 'sound.gguf');
  writeFileSync(gguf, sound);
  assert.deepEqual(await tokenizer.count({ texts: ['ab ab'], tokenizer: { gguf } }, always), [3]);
  assert.equal(workers.length, 1);
  tokenizer.dispose();
});

test('after its end nothing is counted', async () => {
  const tokenizer = new Tokenizer();
  const count = tokenizer.count({ texts: [words], tokenizer: 'r50k_base' }, always);
  tokenizer.dispose();
  await assert.rejects(count, ofKind('cancelled'));
  await assert.rejects(
    tokenizer.count({ texts: ['a'], tokenizer: 'r50k_base' }, always),
    ofKind('cancelled'),
  );
});

test('an idle worker does not keep a program running', () => {
  const program = `
    import { Tokenizer } from ${JSON.stringify(new URL('../../src/node/tokenizer.ts', import.meta.url))};
    const request = { texts: ['a b'], tokenizer: 'r50k_base' };
    console.log(await new Tokenizer().count(request, new AbortController().signal));`;
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  assert.deepEqual([stdout, status], ['[ 2 ]\n', 0]);
});

/** A tokenizer whose workers can be ended from outside. */
function watched(): { tokenizer: Tokenizer; workers: Worker[] } {
  const workers: Worker[] = [];
  const tokenizer = new Tokenizer(() => {
    const worker = new Worker(new URL('../../src/node/tokenizerWorker.ts', import.meta.url));
    workers.push(worker);
    return worker;
  });
  return { tokenizer, workers };
}

function ofKind(kind: ErrorKind): (error: unknown) => boolean {
  return (error) => error instanceof LlmError && error.kind === kind;
}
