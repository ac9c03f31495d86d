import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import type { AddablePackage } from '../../src/node/cudaPackages.ts';

/** A registry of npm packages on the loopback, with what it does wrong. */
export class PackageRegistry implements AsyncDisposable {
  /** Each request in a line: path and range. */
  readonly requests: string[] = [];
  /** Breaks the connection once, after so many bytes of an archive. */
  breakAt: number | undefined;
  /** Sends archives whole although a range was asked for. */
  ignoresRanges = false;
  /** Waits before each 16 KiB, in ms. */
  pauseMs = 0;
  /** Answers with this status instead. */
  status: number | undefined;
  /** Sends these bytes instead. */
  other: Uint8Array | undefined;
  readonly #archives = new Map<string, Buffer>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<PackageRegistry> {
    const registry = new PackageRegistry();
    await new Promise<void>((resolve) => registry.#server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/npm`;
  }

  /** Publishes a package with these files beside its `package.json`. */
  publish(
    name: string,
    version: string,
    files: Readonly<Record<string, string | Uint8Array>>,
  ): AddablePackage {
    const folder = mkdtempSync(join(tmpdir(), 'publish-'));
    try {
      const all = { 'package.json': JSON.stringify({ name, version, type: 'module' }), ...files };
      for (const [path, content] of Object.entries(all)) {
        mkdirSync(dirname(join(folder, 'package', path)), { recursive: true });
        writeFileSync(join(folder, 'package', path), content);
      }
      const file = join(folder, 'x.tgz');
      create({ file, cwd: folder, gzip: true, sync: true }, ['package']);
      const bytes = readFileSync(file);
      this.#archives.set(`${name}/${version}`, bytes);
      return {
        name,
        version,
        integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
        packedBytes: bytes.length,
        unpackedBytes: Object.values(all).reduce((sum, { length }) => sum + length, 0),
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(request.url ?? '').replace(/^\/npm\//, '');
    const { range } = request.headers;
    this.requests.push([path, range].filter(Boolean).join(' '));
    if (this.status !== undefined) return void response.writeHead(this.status).end();
    if (this.#archives.has(path)) {
      response.writeHead(200, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ dist: { tarball: `${this.address}/-/${path}.tgz` } }));
    }
    const bytes = this.#archives.get(path.replace(/^-\//, '').replace(/\.tgz$/, ''));
    if (!bytes) return void response.writeHead(404).end();
    const start = this.ignoresRanges ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    const rest = (this.other ?? bytes).subarray(start);
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': rest.length });
    for (let at = 0; at < rest.length && !response.destroyed; at += pieceBytes) {
      if (this.breakAt !== undefined && at >= this.breakAt) {
        this.breakAt = undefined;
        return void response.destroy();
      }
      response.write(rest.subarray(at, at + pieceBytes));
      await new Promise((resolve) => setTimeout(resolve, this.pauseMs));
    }
    response.end();
  }
}

const pieceBytes = 16 * 1024;
