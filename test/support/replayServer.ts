import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What the server answers to one request. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** How the body is cut on its way; default whole. */
  readonly cut?: Cut;
  /** Waits before each piece but the first, in ms. */
  readonly pauseMs?: number;
  /** What follows the body: its end (the default), nothing at all, or a broken connection. */
  readonly then?: 'end' | 'hang' | 'break';
  /** Never even sends the headers. */
  readonly silent?: boolean;
  /** Sent over and over after the body, until the client goes. */
  readonly endless?: string;
}

/** `byte` sends every byte alone, `crlf` whole with CRLF line ends; a number is the size of each piece in bytes. */
export type Cut = 'whole' | 'byte' | 'crlf' | number;

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown;
}

/** A service on loopback that answers as it is told. */
export class ReplayServer implements AsyncDisposable {
  readonly received: Received[] = [];
  readonly #server: Server;
  readonly #busy = new Set<ServerResponse>();
  #reply: (request: Received) => Reply;

  private constructor(reply: (request: Received) => Reply) {
    this.#reply = reply;
    this.#server = createServer((incoming, response) => {
      this.#busy.add(response);
      response.on('close', () => this.#busy.delete(response));
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const request: Received = {
          method: incoming.method ?? '',
          path: incoming.url ?? '',
          headers: incoming.headers,
          body: parsed(Buffer.concat(chunks).toString()),
        };
        this.received.push(request);
        void answer(response, this.#reply(request));
      });
    });
  }

  static async start(reply: Reply | ((request: Received) => Reply)): Promise<ReplayServer> {
    const server = new ReplayServer(typeof reply === 'function' ? reply : () => reply);
    await new Promise<void>((ready) => server.#server.listen(0, '127.0.0.1', ready));
    return server;
  }

  /** `http://127.0.0.1:PORT` */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Whether a client still waits for an answer or reads one. */
  get isBusy(): boolean {
    return this.#busy.size > 0;
  }

  /** Answers differently from the next request on. */
  set reply(reply: Reply | ((request: Received) => Reply)) {
    this.#reply = typeof reply === 'function' ? reply : () => reply;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

/** An event stream of these payloads. */
export function eventStream(...payloads: readonly unknown[]): Reply {
  const body = payloads
    .map((payload) => `data: ${typeof payload === 'string' ? payload : JSON.stringify(payload)}\n\n`)
    .join('');
  return { headers: { 'content-type': 'text/event-stream' }, body };
}

async function answer(response: ServerResponse, reply: Reply): Promise<void> {
  if (reply.silent) return;
  response.writeHead(reply.status ?? 200, reply.headers);
  response.flushHeaders();
  const pieces = [...piecesOf(reply.body ?? '', reply.cut ?? 'whole')];
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await (reply.pauseMs ? delay(reply.pauseMs) : new Promise(setImmediate));
    if (response.destroyed) return;
    response.write(piece);
  }
  while (reply.endless !== undefined && !response.destroyed) {
    response.write(reply.endless);
    await delay(5);
  }
  if (reply.then === 'break') {
    await delay(20);
    response.destroy();
  } else if (reply.then !== 'hang') {
    response.end();
  }
}

function* piecesOf(body: string | Uint8Array, cut: Cut): Generator<Uint8Array> {
  const bytes = Buffer.from(
    cut === 'crlf' && typeof body === 'string' ? body.replaceAll('\n', '\r\n') : body,
  );
  const size = cut === 'byte' ? 1 : typeof cut === 'number' ? cut : Math.max(bytes.length, 1);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
