/** llama-server, llama.cpp's own, where there is one on the PATH: the peer that the engine's makers would measure against. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The path of the program; `undefined` where there is none. */
export function llamaServerPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, 'llama-server')).find((path) => existsSync(path));
}

export interface ServerOptions {
  readonly path: string;
  readonly model: string;
  readonly threads: number;
  /** How many answers it gives at once, each in a window of `contextSize` tokens. */
  readonly streams: number;
  readonly contextSize: number;
}

/** A server that is ready to answer. Disposing ends it. */
export class LlamaServer implements Disposable {
  readonly #url: string;
  readonly #child: ReturnType<typeof spawn>;

  private constructor(url: string, child: ReturnType<typeof spawn>) {
    this.#url = url;
    this.#child = child;
  }

  /** @throws Error when it is not ready within a minute. */
  static async start({ path, model, threads, streams, contextSize }: ServerOptions): Promise<LlamaServer> {
    const port = await freePort();
    const options = {
      model,
      port,
      threads,
      'threads-batch': threads,
      parallel: streams,
      'ctx-size': contextSize * streams,
      'n-gpu-layers': 0,
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    const child = spawn(path, [...args, '--host', '127.0.0.1', '--jinja'], { stdio: 'ignore' });
    const server = new LlamaServer(`http://127.0.0.1:${port}`, child);
    for (let waited = 0; waited < 60_000; waited += 100) {
      if (await server.#isReady()) return server;
      await delay(100);
    }
    server[Symbol.dispose]();
    throw new Error(`${path} is not ready after a minute.`);
  }

  /** Answers a message by the likeliest tokens. @returns how many tokens it wrote. */
  async answer(text: string, maxOutputTokens: number): Promise<number> {
    const response = await fetch(`${this.#url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        messages: [{ role: 'user', content: text }],
        max_tokens: maxOutputTokens,
        temperature: 0,
        stream: true,
        stream_options: { include_usage: true },
      }),
    });
    const written = /"completion_tokens":(\d+)/.exec(await response.text())?.[1];
    if (!response.ok || written === undefined)
      throw new Error(`llama-server answered with ${response.status}.`);
    return Number(written);
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
  }

  async #isReady(): Promise<boolean> {
    return fetch(`${this.#url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}
