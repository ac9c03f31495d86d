import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a file is served. */
export interface ServedFile {
  readonly bytes: Uint8Array;
  /** The token without which it is refused. */
  readonly token?: string;
  /** Waits before each 256 KiB, in ms. */
  readonly pauseMs?: number;
  /** Breaks the connection once, after so many bytes of one answer. */
  readonly breakAt?: number;
  /** Says this size, and breaks off where the bytes end. */
  readonly saysBytes?: number;
  /** Says this hash. */
  readonly saysHash?: string;
  /** Sends nothing more after so many bytes in all. */
  readonly silentAfter?: number;
  /** Answers with this status and these headers, and nothing else. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A server of files in the shape of Hugging Face: `/v2/user/repo/manifests/tag` names a file, and
 * `/user/repo/resolve/main/file` leads to another address that has it, in ranges where they are asked for.
 */
export class FileServer implements AsyncDisposable {
  readonly files = new Map<string, ServedFile>();
  /** The files that manifests name, by `user/repo:tag`. */
  readonly manifests = new Map<string, string>();
  /** Each request in a line: method, path, range, and `key` where a key came along. */
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #broken = new Set<string>();
  #sent = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<FileServer> {
    const server = new FileServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** With the last slash. */
  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** The same server under another name, which is not that of Hugging Face in the tests. */
  get other(): string {
    return this.address.replace('127.0.0.1', 'localhost');
  }

  /** How many bytes of files went out. */
  get sentBytes(): number {
    return this.#sent;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent((request.url ?? '').replace(/\?.*/, '').slice(1));
    const { authorization, range } = request.headers;
    this.requests.push([request.method, path, range, authorization && 'key'].filter(Boolean).join(' '));
    const [, repository, tag] = /^v2\/(.*)\/manifests\/(.*)$/.exec(path) ?? [];
    if (repository !== undefined && tag !== undefined) {
      const rfilename = this.manifests.get(`${repository}:${tag}`);
      response.writeHead(rfilename === undefined ? 404 : 200, { 'content-type': 'application/json' });
      return void response.end(JSON.stringify({ ggufFile: { rfilename } }));
    }
    const file = this.files.get(path.replace(/^cdn\//, ''));
    if (!file) {
      response.writeHead(path.startsWith('unknown/') ? 401 : 404);
      return void response.end();
    }
    if (file.status !== undefined) {
      response.writeHead(file.status, file.headers);
      return void response.end();
    }
    if (file.token !== undefined && authorization !== `Bearer ${file.token}`) {
      response.writeHead(authorization ? 403 : 401, { 'x-error-code': 'GatedRepo' });
      return void response.end();
    }
    if (path.includes('/resolve/') && !path.startsWith('cdn/')) {
      const hash = file.saysHash ?? createHash('sha256').update(file.bytes).digest('hex');
      response.writeHead(302, {
        location: `/cdn/${path}`,
        'x-linked-size': String(file.saysBytes ?? file.bytes.length),
        'x-linked-etag': `"${hash}"`,
      });
      return void response.end();
    }
    await this.#send(path, file, range, request.method === 'HEAD', response);
  }

  async #send(
    path: string,
    file: ServedFile,
    range: string | undefined,
    isHead: boolean,
    response: ServerResponse,
  ): Promise<void> {
    const { bytes, pauseMs = 0, breakAt, saysBytes = bytes.length, silentAfter = Infinity } = file;
    const [, from = '0', to = String(bytes.length - 1)] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
    const part = bytes.subarray(Number(from), Number(to) + 1);
    response.writeHead(range === undefined ? 200 : 206, {
      'accept-ranges': 'bytes',
      'content-type': 'application/octet-stream',
      'content-length': range === undefined ? saysBytes : Number(to) + 1 - Number(from),
      ...(range === undefined ? {} : { 'content-range': `bytes ${from}-${to}/${saysBytes}` }),
    });
    if (isHead) return void response.end();
    // Without this, one that is asked for its headers only would be sent whole.
    if (range === undefined) {
      response.flushHeaders();
      return;
    }
    const closed = new Promise((resolve) => response.once('close', resolve));
    for (let at = 0; at < part.length && !response.destroyed; at += pieceBytes) {
      if (this.#sent >= silentAfter) return;
      if (breakAt !== undefined && at >= breakAt && !this.#broken.has(path)) {
        this.#broken.add(path);
        response.destroy();
        return;
      }
      const piece = part.subarray(at, at + pieceBytes);
      this.#sent += piece.length;
      if (!response.write(piece))
        await Promise.race([closed, new Promise((resolve) => response.once('drain', resolve))]);
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    if (part.length === Number(to) + 1 - Number(from)) response.end();
    else response.destroy();
  }
}

const pieceBytes = 2 ** 18;
