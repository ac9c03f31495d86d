import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reply } from './replayServer.ts';

/** A recorded exchange of `test/fixtures/wire`, such as `openai-chat/text`. */
export function recorded(name: string): Reply & { readonly text: string } {
  const folder = join(import.meta.dirname, '..', 'fixtures', 'wire', name);
  const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as {
    status: number;
    headers: Record<string, string>;
  };
  const [, extension = 'sse'] = /\b(ndjson|json)\b/.exec(meta.headers['content-type'] ?? '') ?? [];
  const text = readFileSync(join(folder, `response.${extension}`), 'utf8');
  // These belong to the connection that was recorded, not to the answer.
  const { 'transfer-encoding': _, 'content-length': __, connection: ___, ...headers } = meta.headers;
  return { status: meta.status, headers, body: text, text };
}
