import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createModelDownloader, type ModelDownloader } from 'node-llama-cpp';
import { LlmError, messageOf } from '../core/errors.ts';
import { formatBytes } from '../core/format.ts';
import type { DownloadOrder, DownloadReply } from './downloadProtocol.ts';
import { identify } from './modelFile.ts';
import { type RemoteFile, remoteFiles } from './remoteFiles.ts';

/** What of a download is reported while it runs. */
export type DownloadReport = (reply: Extract<DownloadReply, { type: 'files' | 'progress' }>) => void;

/**
 * Downloads a model and checks it. What has come stays when this throws, and the next call with the same order goes on
 * from there.
 * @returns the path of the model's file, or of its first part.
 * @throws LlmError `auth`, `bad-request` and `network` as `remoteFiles`; `network` also when nothing comes any more;
 * `provider` when the disk is full or the file is not what was announced. The signal's reason when it aborts.
 */
export async function downloadModel(
  order: DownloadOrder,
  report: DownloadReport,
  signal: AbortSignal,
): Promise<string> {
  const { files, needsToken } = await remoteFiles(order, signal);
  const targets = targetsOf(files, order);
  const sizes = targets.map(({ bytes }) => bytes);
  const totalBytes = sum(sizes);
  report({
    type: 'files',
    paths: targets.map(({ path }) => path),
    ...(totalBytes === undefined ? {} : { totalBytes }),
  });
  await mkdir(order.folder, { recursive: true });
  await assureSpace(targets, order.folder);
  await fetchAll(targets, order, needsToken ? order.token : undefined, report, signal);
  await check(targets, report, signal);
  return targets[0]?.path ?? '';
}

interface Target extends RemoteFile {
  /** Absolute. */
  readonly path: string;
}

function targetsOf(files: readonly RemoteFile[], { folder, sha256 }: DownloadOrder): readonly Target[] {
  return files.map((file) => ({
    ...file,
    path: join(folder, file.name),
    // One hash says nothing about several parts.
    ...(sha256 !== undefined && files.length === 1 ? { sha256: sha256.toLowerCase() } : {}),
  }));
}

/** @throws LlmError `provider` when the disk cannot take what is still missing, and a rest for everything else. */
async function assureSpace(targets: readonly Target[], folder: string): Promise<void> {
  let missing = 0;
  for (const { path, bytes = 0 } of targets) {
    const there = await bytesOnDisk(path);
    missing += Math.max(0, bytes - there);
  }
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (missing === 0 || missing + spareBytes <= free) return;
  const message =
    `The model needs ${formatBytes(missing)} on the disk of "${folder}", where ${formatBytes(free)} are free; ` +
    `${formatBytes(spareBytes)} stay for others. Delete something, or choose a smaller quantization.`;
  throw new LlmError('provider', message, { retryable: false });
}

/** What of a file has come, whole or in part; a part that has not come takes no room in it. */
async function bytesOnDisk(path: string): Promise<number> {
  for (const name of [path, path + partEnding]) {
    const found = await stat(name).catch(() => undefined);
    if (found) return Math.min(found.size, found.blocks * 512);
  }
  return 0;
}

async function fetchAll(
  targets: readonly Target[],
  { folder, endpoint, stallMs }: DownloadOrder,
  token: string | undefined,
  report: DownloadReport,
  signal: AbortSignal,
): Promise<void> {
  const [first] = targets;
  if (!first) return;
  const stalled = new AbortController();
  let downloader: ModelDownloader | undefined;
  let lastBytes = -1;
  let lastChange = performance.now();
  const watch = setInterval(() => {
    const doneBytes = downloader?.downloadedSize ?? 0;
    if (doneBytes !== lastBytes) {
      lastBytes = doneBytes;
      lastChange = performance.now();
      report({ type: 'progress', phase: 'downloading', doneBytes });
    } else if (performance.now() - lastChange > stallMs) stalled.abort();
  }, reportMs);
  const stop = AbortSignal.any([signal, stalled.signal]);
  try {
    const download = async (): Promise<void> => {
      downloader = await createModelDownloader({
        modelUri: first.url,
        fileName: first.name,
        dirPath: folder,
        deleteTempFileOnCancel: false,
        // An empty one keeps the library from looking for one by itself.
        tokens: { huggingFace: token ?? '' },
        endpoints: { huggingFace: endpoint },
      });
      await downloader.download({ signal: stop });
    };
    await Promise.race([download(), aborted(stop)]);
  } catch (error) {
    signal.throwIfAborted();
    // The library retries for minutes what a server cut off; whoever waits is told earlier.
    if (stalled.signal.aborted) throw silent(first.url, stallMs);
    throw fetchError(error, first.url);
  } finally {
    clearInterval(watch);
    // It resolves before its last writes when it was aborted.
    await Promise.race([downloader?.cancel().catch(() => undefined), delay(closeMs)]);
  }
}

async function check(targets: readonly Target[], report: DownloadReport, signal: AbortSignal): Promise<void> {
  let doneBytes = 0;
  let lastReport = 0;
  for (const { path, name, bytes, sha256 } of targets) {
    const size = (await stat(path).catch(() => undefined))?.size;
    if (size === undefined || (bytes !== undefined && size !== bytes))
      throw new LlmError('network', `"${name}" did not come to its end. Resume the download.`);
    try {
      await identify(path);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    if (sha256 === undefined) continue;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path, { signal, highWaterMark: 2 ** 20 })) {
      hash.update(chunk as Buffer);
      doneBytes += (chunk as Buffer).length;
      if (performance.now() - lastReport < reportMs) continue;
      lastReport = performance.now();
      report({ type: 'progress', phase: 'checking', doneBytes });
    }
    if (hash.digest('hex') === sha256) continue;
    await rm(path, { force: true });
    const message = `"${name}" is not what was announced: its checksum is another. It was deleted; download it again.`;
    throw new LlmError('provider', message, { retryable: false });
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new Error('aborted'));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  return promise;
}

function silent(url: string, ms: number): LlmError {
  const { host } = new URL(url);
  const message = `Nothing has come from ${host} for ${Math.round(ms / 1000)} seconds. What has come is kept; resume the download later.`;
  return new LlmError('network', message);
}

/** @param error anything that the library threw, or a write that failed. */
export function fetchError(error: unknown, url: string): LlmError {
  if (error instanceof LlmError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC') {
    const message = 'The disk is full. What has come is kept; free some space and resume the download.';
    return new LlmError('provider', message, { cause: error, retryable: false });
  }
  const message = `The download from ${new URL(url).host} broke off (${messageOf(error)}). What has come is kept; resume it.`;
  return new LlmError('network', message, { cause: error });
}

/** `undefined` when one of them is not known. */
function sum(sizes: readonly (number | undefined)[]): number | undefined {
  return sizes.reduce<number | undefined>(
    (total, size) => (total === undefined || size === undefined ? undefined : total + size),
    0,
  );
}

/** What the library appends to the name of a file that is not all there. */
const partEnding = '.ipull';

/** A disk that is full to the last byte stops everything else on the machine. */
const spareBytes = 500e6;

const reportMs = 200;
const closeMs = 2_000;
