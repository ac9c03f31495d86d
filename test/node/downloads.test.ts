import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { LlmError } from '../../src/core/errors.ts';
import { Downloads, type DownloadsOptions } from '../../src/node/downloads.ts';
import { FileServer } from '../support/fileServer.ts';

const root = mkdtempSync(join(tmpdir(), 'downloads-'));
const server = await FileServer.start();
const made: Downloads[] = [];
after(async () => {
  await Promise.all(made.map((downloads) => downloads.dispose()));
  await server[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

const entry = join(import.meta.dirname, '../../src/runtime/download.ts');

test('a model comes by its name on Hugging Face, whole and checked, into a folder of its own', async () => {
  const bytes = modelOf(3e6);
  serve('maker/tiny-GGUF', 'tiny-Q8_0.gguf', { bytes });
  server.manifests.set('maker/tiny-GGUF:Q8_0', 'tiny-Q8_0.gguf');
  const { downloads, folder } = newDownloads();
  const path = await downloads.start('hf:maker/tiny-GGUF:Q8_0');
  assert.equal(path, join(folder, 'maker', 'tiny-GGUF', 'tiny-Q8_0.gguf'));
  assert.ok(readFileSync(path).equals(bytes));
  assert.deepEqual(await downloads.list(), []);
});

test('all parts of a model that was split come', async () => {
  const parts = [1, 2].map((part) => `big-0000${part}-of-00002.gguf`);
  for (const part of parts) serve('maker/big', part, { bytes: modelOf(1e6) });
  const { downloads } = newDownloads();
  const path = await downloads.start(`hf:maker/big/${parts[0] ?? ''}`);
  assert.ok(path.endsWith('big-00001-of-00002.gguf'));
  assert.ok(existsSync(path.replace('00001-of', '00002-of')));
});

test('a model comes from any address', async () => {
  const bytes = modelOf(1e6);
  server.files.set('plain/files/x.gguf', { bytes });
  const { downloads } = newDownloads();
  const path = await downloads.start(`${server.address}plain/files/x.gguf`, sha256(bytes));
  assert.ok(path.endsWith(join('127.0.0.1', 'x.gguf')));
});

test('a connection that breaks is taken up where it broke', async () => {
  const bytes = modelOf(12e6);
  serve('maker/cut', 'cut.gguf', { bytes, breakAt: 1e6 });
  const { downloads } = newDownloads();
  const path = await downloads.start('hf:maker/cut/cut.gguf');
  assert.ok(readFileSync(path).equals(bytes));
});

test('a pause keeps what has come, and another window goes on from there', async () => {
  const bytes = modelOf(40e6);
  serve('maker/slow', 'slow.gguf', { bytes, pauseMs: 50 });
  const first = newDownloads();
  const running = first.downloads.start('hf:maker/slow/slow.gguf');
  const failed = assert.rejects(running, { kind: 'cancelled' });
  await until(async () => ((await first.downloads.list())[0]?.doneBytes ?? 0) > 17e6);
  const [download] = await first.downloads.list();
  assert.equal(download?.state, 'downloading');
  assert.equal(download.totalBytes, bytes.length);
  assert.ok((download.bytesPerSecond ?? 0) > 1e6);
  await first.downloads.pause(download.id);
  await failed;

  const second = newDownloads({ folder: first.folder });
  const [paused] = await second.downloads.list();
  assert.deepEqual([paused?.state, paused?.name], ['paused', 'slow.gguf']);
  const sent = server.sentBytes;
  const path = await second.downloads.resume(download.id);
  assert.ok(readFileSync(path).equals(bytes));
  assert.ok(server.sentBytes - sent < bytes.length - 4e6, `${server.sentBytes - sent} bytes came again`);
});

test('what was begun can be thrown away', async () => {
  serve('maker/gone', 'gone.gguf', { bytes: modelOf(20e6), pauseMs: 20 });
  const { downloads, folder } = newDownloads();
  const failed = assert.rejects(downloads.start('hf:maker/gone/gone.gguf'), { kind: 'cancelled' });
  await until(async () => ((await downloads.list())[0]?.doneBytes ?? 0) > 1e6);
  const [download] = await downloads.list();
  await downloads.remove(download?.id ?? '');
  await failed;
  assert.deepEqual(await downloads.list(), []);
  assert.equal(existsSync(join(folder, 'maker', 'gone', 'gone.gguf.ipull')), false);
});

test('a file that is not what was announced is deleted, and said so', async () => {
  serve('maker/other', 'other.gguf', { bytes: modelOf(1e6), saysHash: 'ab'.repeat(32) });
  const { downloads, folder } = newDownloads();
  await assert.rejects(
    downloads.start('hf:maker/other/other.gguf'),
    /its checksum is another. It was deleted/,
  );
  assert.equal(existsSync(join(folder, 'maker', 'other', 'other.gguf')), false);
  const own = newDownloads();
  serve('maker/own', 'own.gguf', { bytes: modelOf(1e6) });
  await assert.rejects(
    own.downloads.start('hf:maker/own/own.gguf', 'cd'.repeat(32)),
    /its checksum is another/,
  );
});

test('a server that falls silent is given up, and what has come is kept', async () => {
  serve('maker/silent', 'silent.gguf', { bytes: modelOf(30e6), silentAfter: server.sentBytes + 8e6 });
  const { downloads } = newDownloads({ stallMs: 1000 });
  const error = await errorOf(downloads.start('hf:maker/silent/silent.gguf'));
  assert.equal(error.kind, 'network');
  assert.match(error.message, /Nothing has come from 127\.0\.0\.1:\d+ for 1 seconds. What has come is kept/);
  const [download] = await downloads.list();
  assert.equal(download?.state, 'paused');
  assert.equal(download.problem, error.message);
});

test('a file that is shorter than it was said to be is not taken for whole', async () => {
  serve('maker/short', 'short.gguf', { bytes: modelOf(6e6), saysBytes: 9e6 });
  const { downloads } = newDownloads({ stallMs: 2000 });
  assert.equal((await errorOf(downloads.start('hf:maker/short/short.gguf'))).kind, 'network');
});

test('a disk that fills up while a model comes says so, and the download goes on when there is room', async () => {
  const bytes = modelOf(30e6);
  serve('maker/full', 'full.gguf', { bytes });
  const { downloads, folder } = newDownloads({
    entry: join(import.meta.dirname, 'failing/fullDisk.ts'),
    env: { ...process.env, FULL_AFTER: String(18e6) },
  });
  const error = await errorOf(downloads.start('hf:maker/full/full.gguf'));
  assert.deepEqual(
    [error.kind, error.retryable, error.message],
    ['provider', false, 'The disk is full. What has come is kept; free some space and resume the download.'],
  );
  const [stopped] = await downloads.list();
  assert.equal(stopped?.problem, error.message);
  const path = await newDownloads({ folder }).downloads.resume(stopped.id);
  assert.ok(readFileSync(path).equals(bytes));
});

test('a process that is killed in mid-download loses little, and the next one goes on', async () => {
  const bytes = modelOf(40e6);
  serve('maker/killed', 'killed.gguf', { bytes, pauseMs: 30 });
  const { downloads, folder } = newDownloads();
  const failed = errorOf(downloads.start('hf:maker/killed/killed.gguf'));
  await until(async () => ((await downloads.list())[0]?.doneBytes ?? 0) > 20e6);
  for (const pid of childrenOf(process.pid, 'download.ts')) process.kill(pid, 'SIGKILL');
  const error = await failed;
  assert.equal(error.message, 'The download ended unexpectedly (SIGKILL). What has come is kept; resume it.');
  const sent = server.sentBytes;
  const [stopped] = await downloads.list();
  const path = await newDownloads({ folder }).downloads.resume(stopped?.id ?? '');
  assert.ok(readFileSync(path).equals(bytes));
  assert.ok(server.sentBytes - sent < bytes.length - 4e6, `${server.sentBytes - sent} bytes came again`);
});

test('a server that is locked, too busy or broken says what to do', async () => {
  const { downloads } = newDownloads();
  const says = async (status: number, headers: Record<string, string> = {}): Promise<[string, string]> => {
    server.files.set(`plain/status/${status}.gguf`, { bytes: new Uint8Array(), status, headers });
    const error = await errorOf(downloads.start(`${server.other}plain/status/${status}.gguf`));
    return [error.kind, error.message.replace(/localhost:\d+/g, 'HOST')];
  };
  for (const status of [401, 403]) {
    assert.deepEqual(await says(status), [
      'auth',
      `HOST does not give "http://HOST/plain/status/${status}.gguf" to everybody (${status}). Download it in a browser and add it with "LLM Playground: Add a Local Model…".`,
    ]);
  }
  assert.deepEqual(await says(429, { 'retry-after': '30' }), [
    'rate-limit',
    'HOST takes no more requests for now. Resume in 30 seconds.',
  ]);
  for (const status of [500, 503])
    assert.deepEqual(await says(status), [
      'network',
      `HOST answered ${status} for "http://HOST/plain/status/${status}.gguf". Resume later.`,
    ]);
});

test('a model that does not fit on the disk is refused before it comes', async () => {
  serve('maker/huge', 'huge.gguf', { bytes: modelOf(1000), saysBytes: 1e15 });
  const { downloads } = newDownloads();
  await assert.rejects(
    downloads.start('hf:maker/huge/huge.gguf'),
    /needs 1000000 GB on the disk of .* are free; 500 MB stay for others/,
  );
});

test('a gated model says how to get it, and comes with the token, which nobody else gets', async () => {
  serve('maker/gated', 'gated.gguf', { bytes: modelOf(1e6), token: 'hf_secret' });
  const without = await errorOf(newDownloads().downloads.start('hf:maker/gated/gated.gguf'));
  assert.equal(without.kind, 'auth');
  assert.match(
    without.message,
    /"maker\/gated" is gated: accept its licence on .*maker\/gated. Then set your token/,
  );
  const wrong = await errorOf(
    newDownloads({ token: 'hf_other' }).downloads.start('hf:maker/gated/gated.gguf'),
  );
  assert.match(wrong.message, /Your token must be of the same account/);
  assert.ok(
    existsSync(await newDownloads({ token: 'hf_secret' }).downloads.start('hf:maker/gated/gated.gguf')),
  );

  serve('maker/open', 'open.gguf', { bytes: modelOf(1e6) });
  const before = server.requests.length;
  await newDownloads({ token: 'hf_secret' }).downloads.start('hf:maker/open/open.gguf');
  assert.deepEqual(
    server.requests.slice(before).filter((request) => request.includes('key')),
    [],
  );
});

test('what is not there says so', async () => {
  const { downloads } = newDownloads();
  const messageOf = async (source: string): Promise<string> =>
    (await errorOf(downloads.start(source))).message;
  assert.match(await messageOf('hf:maker/tiny-GGUF:Q2_K'), /has not a file in Q2_K. Look at its files/);
  assert.match(await messageOf('hf:maker/none/x.gguf'), /"maker\/none" has no file "x.gguf"/);
  assert.match(await messageOf('hf:unknown/model/x.gguf'), /There is no public repository "unknown\/model"/);
  assert.match(await messageOf(`${server.address}no/such/none.gguf`), /There is no file at/);
  assert.match(await messageOf('https://127.0.0.1:1/x.gguf'), /127.0.0.1:1 cannot be reached \(.*\)/);
  assert.match(await messageOf('what is this'), /names no model. Write hf:user\/repository:Q4_K_M/);
  const left = await downloads.list();
  assert.deepEqual(
    left.map(({ name }) => name),
    ['x.gguf', 'x.gguf'],
  );
});

function newDownloads(
  options: { folder?: string; token?: string; entry?: string } & Pick<
    DownloadsOptions,
    'stallMs' | 'env'
  > = {},
): { downloads: Downloads; folder: string } {
  const { folder = mkdtempSync(join(root, 'models-')), token, ...rest } = options;
  const downloads = new Downloads({
    entry,
    folder,
    endpoint: server.address,
    token: () => Promise.resolve(token),
    log: () => undefined,
    ...rest,
  });
  made.push(downloads);
  return { downloads, folder };
}

/** The processes that `parent` has started with a word in their command line. */
function childrenOf(parent: number, word: string): readonly number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((match) =>
      match && Number(match[2]) === parent && match[3]?.includes(word) ? [Number(match[1])] : [],
    );
}

function serve(repository: string, name: string, file: Parameters<FileServer['files']['set']>[1]): void {
  server.files.set(`${repository}/resolve/main/${name}`, file);
}

/** Begins as a model does, and repeats nothing. */
function modelOf(bytes: number): Buffer {
  return Buffer.concat([Buffer.from('GGUF'), randomBytes(bytes - 4)]);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function errorOf(promise: Promise<unknown>): Promise<LlmError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof LlmError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await condition());) {
    assert.ok(Date.now() < deadline, 'it took too long');
    await delay(20);
  }
}
