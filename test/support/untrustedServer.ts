import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A server on loopback whose certificate nobody vouches for. */
export interface UntrustedServer extends AsyncDisposable {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  /** How many requests came through all the same. */
  readonly requests: number;
}

export async function startUntrustedServer(): Promise<UntrustedServer> {
  const folder = join(import.meta.dirname, '..', 'fixtures', 'tls');
  const [key, cert] = ['key.pem', 'cert.pem'].map((file) => readFileSync(join(folder, file)));
  let requests = 0;
  const server = createServer({ key, cert }, (_request, response) => {
    requests++;
    response.end('{}');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
