/**
 * The entry of the runtime process: reads requests, answers with events. It is forked by `node/runtimeProcess.ts`
 * with one argument, its settings, and holds nothing that a `kill -9` could lose.
 */
import { LlmError, messageOf } from '../core/errors.ts';
import { answerTo } from './answers.ts';
import { Engine } from './engine.ts';
import { EngineError } from './engineError.ts';
import { generate } from './generate.ts';
import type { RuntimeReply, RuntimeRequest, RuntimeSettings } from './protocol.ts';

const engine = new Engine(JSON.parse(process.argv[2] ?? '{}') as RuntimeSettings, {
  onChange: tellStateSoon,
  onBackend: (backend) => send({ type: 'backend', backend }),
});
const calls = new Map<number, AbortController>();
let stateTimer: NodeJS.Timeout | undefined;

process.on('message', (message: RuntimeRequest) => {
  switch (message.type) {
    case 'chat':
      void answer(message);
      break;
    case 'ask':
      void reply(message);
      break;
    case 'unload':
      void unload(message);
      break;
    case 'abort':
      calls.get(message.id)?.abort();
      break;
    case 'state':
      tellStateSoon();
      break;
    default:
      message satisfies never;
  }
});

// The host is gone. `process.exit` would wait for the engine's threads, which can be deep in a prompt for seconds.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

function answer({ id, path, request, beginning }: RuntimeRequest & { type: 'chat' }): Promise<void> {
  return during(id, path, async (signal) => {
    for await (const event of generate(engine, path, request, signal, beginning))
      send({ type: 'event', id, event });
  });
}

function reply({ id, path, question }: RuntimeRequest & { type: 'ask' }): Promise<void> {
  return during(id, path, async (signal) => {
    send({ type: 'answer', id, answer: await answerTo(engine, path, question, signal) });
  });
}

/** One call on the model at `path`, which the host may abort and whose error it is told. */
async function during(id: number, path: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const call = new AbortController();
  calls.set(id, call);
  try {
    await work(call.signal);
  } catch (error) {
    if (call.signal.aborted) return;
    if (!(error instanceof LlmError)) engine.spoil(path);
    sendError(id, error);
  } finally {
    calls.delete(id);
  }
}

async function unload({ id, path }: RuntimeRequest & { type: 'unload' }): Promise<void> {
  try {
    await engine.unload(path);
    send({ type: 'done', id });
  } catch (error) {
    sendError(id, error);
  }
}

/** Once for what changes together, and never in the way of a first token. */
function tellStateSoon(): void {
  stateTimer ??= setTimeout(() => {
    stateTimer = undefined;
    engine.state().then(
      (state) => send({ type: 'state', state }),
      (error: unknown) => process.stderr.write(`no state: ${messageOf(error)}\n`),
    );
  }, stateDelayMs);
}

function sendError(id: number, error: unknown): void {
  const told = error instanceof LlmError ? error : engineFailed(error);
  const failedOn = told instanceof EngineError ? engine.backend : undefined;
  send({ type: 'error', id, error: told.toData(), ...(failedOn === undefined ? {} : { failedOn }) });
}

function engineFailed(error: unknown): EngineError {
  return new EngineError(
    'provider',
    `The engine failed: ${messageOf(error)}. Run again, or try another model.`,
  );
}

function send(reply: RuntimeReply): void {
  process.send?.(reply);
}

const stateDelayMs = 100;
