import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod/mini';
import { cancelledError, LlmError, messageOf } from '../core/errors.ts';
import { formatBytes } from '../core/format.ts';
import type { AddablePackage } from './cudaPackages.ts';

export interface AddedPackagesOptions {
  /** Where they are kept, absolute. All windows share it. */
  readonly folder: string;
  readonly packages: readonly AddablePackage[];
  /** The address of a registry of npm packages, as it is now. */
  readonly registry: () => string;
  /** Asks servers; given, because the editor's own knows its proxy and certificates. */
  readonly fetch: typeof fetch;
}

/** How far adding has come. */
export interface AddingProgress {
  readonly phase: 'downloading' | 'unpacking';
  /** Of all archives, those of earlier attempts included. */
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/**
 * Packages of binaries that the user adds after the extension is installed: fetched from a registry, held against their
 * hash, unpacked, and only then put in place. What has come of an archive is kept when it breaks off.
 */
export class AddedPackages {
  readonly #options: AddedPackagesOptions;

  constructor(options: AddedPackagesOptions) {
    this.#options = options;
  }

  /** The folder with the packages by their names; `undefined` unless all are there, in the version that is wanted. */
  get folder(): string | undefined {
    const { packages } = this.#options;
    const isThere = packages.every(({ name }) => existsSync(join(this.#place, name, 'package.json')));
    return isThere ? this.#place : undefined;
  }

  /** How much comes over the network, how much of that is here already, and what it takes on the disk. */
  async sizes(): Promise<{
    readonly packedBytes: number;
    readonly hereBytes: number;
    readonly unpackedBytes: number;
  }> {
    const { packages } = this.#options;
    const here = await Promise.all(packages.map(async (one) => (await bytesOf(this.#partOf(one))) ?? 0));
    return {
      packedBytes: sum(packages.map(({ packedBytes }) => packedBytes)),
      hereBytes: sum(here),
      unpackedBytes: sum(packages.map(({ unpackedBytes }) => unpackedBytes)),
    };
  }

  /**
   * Fetches and unpacks what is missing. Goes on where an earlier attempt stopped.
   * @throws LlmError `network` when the registry is not reached or breaks off, `bad-request` when it has no such package,
   * `provider` when it has another or the disk is full, `cancelled`.
   */
  async add(report: (progress: AddingProgress) => void, signal: AbortSignal): Promise<void> {
    const { packages } = this.#options;
    const missing = packages.filter(({ name }) => !existsSync(join(this.#place, name, 'package.json')));
    const totalBytes = sum(missing.map(({ packedBytes }) => packedBytes));
    await mkdir(this.#parts, { recursive: true });
    await this.#assureSpace(missing);
    let before = 0;
    for (const one of missing) {
      try {
        await this.#fetch(one, signal, (bytes) =>
          report({ phase: 'downloading', doneBytes: before + bytes, totalBytes }),
        );
        before += one.packedBytes;
        report({ phase: 'unpacking', doneBytes: before, totalBytes });
        await this.#unpack(one, signal);
      } catch (error) {
        if (signal.aborted) throw cancelledError();
        throw error instanceof LlmError ? error : failed(one, error);
      }
    }
    await this.#removeOlder();
  }

  /** Deletes them and what has come of them. Nothing may compute with them. */
  async remove(): Promise<void> {
    await rm(this.#options.folder, { recursive: true, force: true });
  }

  /** A folder for each version: another version of the extension in another window may still use its own. */
  get #place(): string {
    return join(this.#options.folder, this.#options.packages[0]?.version ?? '');
  }

  get #parts(): string {
    return join(this.#options.folder, 'parts');
  }

  #partOf({ name, version }: AddablePackage): string {
    return join(this.#parts, `${name.replace('/', '-')}-${version}.tgz`);
  }

  async #assureSpace(missing: readonly AddablePackage[]): Promise<void> {
    const needed = sum(missing.map(({ packedBytes, unpackedBytes }) => packedBytes + unpackedBytes));
    const { bavail, bsize } = await statfs(this.#parts);
    if (needed + spareBytes <= bavail * bsize) return;
    const message =
      `This needs ${formatBytes(needed)} on the disk of "${this.#options.folder}", where ${formatBytes(bavail * bsize)} are free; ` +
      `${formatBytes(spareBytes)} stay for others. Delete something, and add it again.`;
    throw new LlmError('provider', message, { retryable: false });
  }

  /** The archive of a package, whole and as it should be, at its part's path. */
  async #fetch(one: AddablePackage, signal: AbortSignal, report: (bytes: number) => void): Promise<void> {
    const part = this.#partOf(one);
    const hash = createHash('sha512');
    let bytes = (await bytesOf(part)) ?? 0;
    if (bytes > one.packedBytes) {
      await rm(part);
      bytes = 0;
    }
    if (bytes > 0) await pipeline(createReadStream(part, { signal }), hash, { end: false });
    const isWhole = bytes === one.packedBytes || (await this.#fetchRest(one, bytes, hash, signal, report));
    if (!isWhole) return this.#fetch(one, signal, report);
    if (`sha512-${hash.digest('base64')}` === one.integrity) return;
    await rm(part, { force: true });
    const message = `What ${hostOf(this.#options.registry())} sent as ${one.name} is not that package: its checksum is another. It was deleted; nothing was installed.`;
    throw new LlmError('provider', message, { retryable: false });
  }

  /** @returns false when the server sends no rests; then what was here is gone. */
  async #fetchRest(
    one: AddablePackage,
    have: number,
    hash: Hash,
    signal: AbortSignal,
    report: (bytes: number) => void,
  ): Promise<boolean> {
    const address = await this.#archiveOf(one, signal);
    const response = await this.#ask(one, address, signal, have > 0 ? { range: `bytes=${have}-` } : {});
    const isRest = response.status === 206;
    if (have > 0 && !isRest) {
      await response.body?.cancel();
      await rm(this.#partOf(one));
      return false;
    }
    let bytes = have;
    const body = response.body ?? new ReadableStream<Uint8Array>();
    await pipeline(
      body,
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          bytes += chunk.length;
          report(bytes);
          yield chunk;
        }
      },
      createWriteStream(this.#partOf(one), { flags: 'a' }),
      { signal },
    );
    if (bytes < one.packedBytes) throw new Error('it ended early');
    return true;
  }

  /** Where a registry has the archive; mirrors have it at another address than the registry that they copy. */
  async #archiveOf(one: AddablePackage, signal: AbortSignal): Promise<string> {
    const base = this.#options.registry().replace(/\/*$/, '/');
    const response = await this.#ask(one, `${base}${one.name.replace('/', '%2f')}/${one.version}`, signal);
    const metadata = metadataSchema.safeParse(await response.json().catch(() => undefined)).data;
    if (metadata) return metadata.dist.tarball;
    const message = `${hostOf(base)} does not answer as a registry of npm packages does. Correct the setting "llmPlayground.local.registry".`;
    throw new LlmError('bad-request', message);
  }

  async #ask(
    one: AddablePackage,
    address: string,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    let response: Response;
    try {
      response = await this.#options.fetch(address, { headers, signal });
    } catch (cause) {
      if (signal.aborted) throw cause;
      const reason = cause instanceof Error && cause.cause ? messageOf(cause.cause) : messageOf(cause);
      const message = `${hostOf(address)} cannot be reached (${reason}). Check the connection, the proxy, or the setting "llmPlayground.local.registry".`;
      throw new LlmError('network', message, { cause });
    }
    if (response.ok) return response;
    const { status } = response;
    if (status === 404) {
      const message = `${hostOf(address)} has no ${one.name} ${one.version}. Set "llmPlayground.local.registry" to one that has it.`;
      throw new LlmError('bad-request', message);
    }
    throw new LlmError('network', `${hostOf(address)} answered ${status} for ${one.name}. Try again later.`);
  }

  /** Unpacks beside its place and moves it there at the end, so that no half of a package is ever found. */
  async #unpack(one: AddablePackage, signal: AbortSignal): Promise<void> {
    const { extract } = await import('tar');
    const part = this.#partOf(one);
    const draft = `${part}.${process.pid}`;
    const place = join(this.#place, one.name);
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    try {
      await extract({
        file: part,
        cwd: draft,
        strip: 1,
        strict: true,
        filter: (_, entry) => 'type' in entry && (entry.type === 'File' || entry.type === 'Directory'),
      });
      signal.throwIfAborted();
      await rm(place, { recursive: true, force: true });
      await mkdir(join(place, '..'), { recursive: true });
      await rename(draft, place);
      await rm(part);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }

  /** A file of an older version that is in use stays until the next time. */
  async #removeOlder(): Promise<void> {
    const { folder, packages } = this.#options;
    for (const name of await readdir(folder))
      if (name !== packages[0]?.version)
        await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

const metadataSchema = z.object({ dist: z.object({ tarball: z.url() }) });

function failed({ name }: AddablePackage, cause: unknown): LlmError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOSPC') {
    const message = 'The disk is full. What has come is kept; free some space and add it again.';
    return new LlmError('provider', message, { cause, retryable: false });
  }
  const message = `${name} did not come to its end (${messageOf(cause)}). What has come is kept; add it again to go on.`;
  return new LlmError('network', message, { cause });
}

async function bytesOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** A disk that is full to the last byte stops everything else on the machine. */
const spareBytes = 500e6;
