/**
 * Answers every request with a stream, from a process of its own so that its work is not counted: `/KIND/TOKENS/…`. Prints its
 * address and ends when its input does.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type StreamKind, streams } from './streams.ts';

const server = createServer((request, response) => {
  request.resume();
  if (request.url?.endsWith('/api/show')) {
    response.end('{"model_info":{},"capabilities":["completion"]}');
    return;
  }
  const [, kind = '', tokens = ''] = (request.url ?? '').split('/');
  const stream = streams[kind as StreamKind];
  response.writeHead(200, { 'content-type': stream.contentType });
  response.write(stream.begin);
  // 64 tokens a packet: what a fast service sends in one frame of the network.
  const packet = stream.token.repeat(64);
  let left = Number(tokens);
  const send = (): void => {
    while (left > 0) {
      const size = Math.min(64, left);
      left -= size;
      if (!response.write(size === 64 ? packet : stream.token.repeat(size))) {
        response.once('drain', send);
        return;
      }
    }
    response.end(stream.end(Number(tokens)));
  };
  send();
});
server.listen(0, '127.0.0.1', () =>
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
process.stdin.resume().on('end', () => process.exit());
