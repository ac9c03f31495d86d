/**
 * The entry of the runtime process: reads requests, answers with events. It is forked by `node/runtimeProcess.ts`
 * with one argument, the number of threads, and holds nothing that a `kill -9` could lose.
 */
import { LlmError, messageOf } from '../core/errors.ts';
import { Engine } from './engine.ts';
import { generate } from './generate.ts';
import type { RuntimeReply, RuntimeRequest } from './protocol.ts';

const engine = new Engine({ threads: Number(process.argv[2]) });
const calls = new Map<number, AbortController>();

process.on('message', (message: RuntimeRequest) => {
  switch (message.type) {
    case 'chat':
      return void answer(message);
    case 'abort':
      return calls.get(message.id)?.abort();
    default:
      message satisfies never;
  }
});

// The host is gone. `process.exit` would wait for the engine's threads, which can be deep in a prompt for seconds.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

async function answer({ id, path, request }: RuntimeRequest & { type: 'chat' }): Promise<void> {
  const call = new AbortController();
  calls.set(id, call);
  try {
    for await (const event of generate(engine, path, request, call.signal))
      send({ type: 'event', id, event });
  } catch (error) {
    if (!call.signal.aborted) send({ type: 'error', id, error: engineError(error).toData() });
  } finally {
    calls.delete(id);
  }
}

function engineError(error: unknown): LlmError {
  if (error instanceof LlmError) return error;
  return new LlmError('provider', `The engine failed: ${messageOf(error)}. Run again, or try another model.`);
}

function send(reply: RuntimeReply): void {
  process.send?.(reply);
}
