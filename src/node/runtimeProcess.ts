import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChatEvent, ChatRequest } from '../core/chat.ts';
import { cancelledError, LlmError } from '../core/errors.ts';
import type { RuntimeReply, RuntimeRequest } from '../runtime/protocol.ts';
import { Inbox } from './inbox.ts';

export interface RuntimeProcessOptions {
  /** The file that the process runs: `src/runtime/main.ts` or its bundle. */
  readonly entry: string;
  /** How many threads the engine computes with: the machine's physical cores. */
  readonly threads: number;
  /** The program to run `entry` with; absent means the one that runs this. */
  readonly execPath?: string;
  /** The process's whole environment; absent means a copy of this one's. An Electron needs ELECTRON_RUN_AS_NODE=1. */
  readonly env?: NodeJS.ProcessEnv;
  /** Takes what the engine reports, a line at a time. */
  readonly log: (line: string) => void;
}

/** A running runtime process. It lives until it dies or is disposed of, and is then of no more use. */
export class RuntimeProcess {
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, Inbox<ChatEvent>>();
  readonly #lastLines: string[] = [];
  #lastId = 0;
  #isAlive = true;
  #hasDied = false;
  #isDisposed = false;

  constructor({ entry, threads, execPath, env, log }: RuntimeProcessOptions) {
    this.#child = fork(entry, [String(threads)], {
      // Not inherited, or a debugger's port would be taken twice.
      execArgv: entry.endsWith('.ts') ? ['--disable-warning=ExperimentalWarning'] : [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      ...(execPath === undefined ? {} : { execPath }),
      ...(env === undefined ? {} : { env }),
    });
    this.#child.on('message', (reply: RuntimeReply) => this.#receive(reply));
    this.#child.once('exit', (code, signal) => void this.#end(code, signal));
    this.#child.on('error', (error) => {
      log(error.message);
      if (this.#child.pid !== undefined) return;
      this.#isAlive = false;
      this.#failCalls(notStarted(error));
    });
    if (!this.#child.stderr) return;
    createInterface(this.#child.stderr).on('line', (line) => {
      this.#lastLines.push(line);
      if (this.#lastLines.length > keptLines) this.#lastLines.shift();
      log(line);
    });
  }

  /** False from the moment at which the process is known to have ended. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Whether the process ended by itself or was killed, and not by `dispose`. */
  get hasDied(): boolean {
    return this.#hasDied;
  }

  /** The process's id, or `undefined` when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Has the model at `path` answer; see `Provider.stream`.
   * @throws LlmError whatever the runtime reports, and `provider` when it dies.
   */
  async *stream(path: string, request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const id = ++this.#lastId;
    const inbox = new Inbox<ChatEvent>();
    // The process is told, but not waited for: it may be in the middle of a long prompt, or hang.
    const onAbort = (): void => inbox.fail(cancelledError());
    signal.addEventListener('abort', onAbort);
    this.#calls.set(id, inbox);
    try {
      this.#send({ type: 'chat', id, path, request });
      for (;;) {
        const event = await inbox.take();
        if (signal.aborted) throw cancelledError();
        yield event;
        if (event.type === 'finish') return;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#calls.delete(id);
      this.#send({ type: 'abort', id });
    }
  }

  /** Ends the process and every call on it; resolves when it is gone. May be called twice. */
  async dispose(): Promise<void> {
    if (!this.#isAlive) return;
    this.#isDisposed = true;
    this.#failCalls(cancelledError());
    const gone = once(this.#child, 'exit');
    this.#child.kill();
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs);
    await gone;
    clearTimeout(patience);
  }

  #send(request: RuntimeRequest): void {
    // A process that just died is reported by its exit, not by the message that did not reach it.
    if (this.#child.connected) this.#child.send(request, () => undefined);
  }

  #receive(reply: RuntimeReply): void {
    const inbox = this.#calls.get(reply.id);
    switch (reply.type) {
      case 'event':
        return inbox?.put(reply.event);
      case 'error':
        return inbox?.fail(LlmError.fromData(reply.error));
      default:
        reply satisfies never;
    }
  }

  async #end(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    this.#isAlive = false;
    this.#hasDied = !this.#isDisposed;
    // Its last words are still in the pipes; but a program that it started may hold them open.
    await Promise.race([once(this.#child, 'close'), delay(drainMs)]);
    this.#failCalls(died(code, signal, this.#lastLines));
  }

  #failCalls(error: LlmError): void {
    for (const inbox of this.#calls.values()) inbox.fail(error);
  }
}

const keptLines = 20;
const drainMs = 300;
const patienceMs = 1000;

function notStarted(cause: Error): LlmError {
  const message = `The local runtime could not be started: ${cause.message}. Reinstall the extension.`;
  return new LlmError('provider', message, { retryable: false, cause });
}

function died(code: number | null, signal: NodeJS.Signals | null, lastLines: readonly string[]): LlmError {
  const isKilled = signal === 'SIGKILL' || signal === 'SIGTERM';
  const what = isKilled
    ? `was killed (${signal})`
    : `crashed (${signal ?? `exit code ${code ?? 'unknown'}`})`;
  const advice = isKilled ? '' : '; if it crashes again, the model file may be damaged';
  const message = `The local runtime ${what}; what was streamed is kept. Run again to restart it${advice}.`;
  return new LlmError('provider', message, { cause: new Error(lastLines.join('\n')) });
}
