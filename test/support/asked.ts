import type { ChatEvent, ChatRequest } from '../../src/core/chat.ts';
import type { Provider } from '../../src/core/provider.ts';
import type { Connection } from '../../src/providers/connection.ts';
import { testConnection } from './connection.ts';
import { type Received, type Reply, ReplayServer } from './replayServer.ts';

/** What one call sent, and the events that came of the reply. */
export async function askedWith(
  make: (connection: Connection) => Provider,
  request: ChatRequest,
  reply: Reply,
  overrides: Partial<Connection> = {},
): Promise<{ readonly sent: Received; readonly events: readonly ChatEvent[] }> {
  await using server = await ReplayServer.start(reply);
  const provider = make(testConnection(server.url, overrides));
  const events = await Array.fromAsync(provider.stream(request, new AbortController().signal));
  const sent = server.received.at(-1);
  if (!sent) throw new Error('Nothing was sent.');
  return { sent, events };
}
