import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { totalmem } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChatEvent, ChatRequest } from '../core/chat.ts';
import { cancelledError, LlmError } from '../core/errors.ts';
import type {
  AnswerTo,
  Backend,
  BackendChoice,
  BrokenBackend,
  Question,
  RuntimeReply,
  RuntimeRequest,
  RuntimeSettings,
  RuntimeState,
} from '../runtime/protocol.ts';
import { BackendError } from './brokenBackends.ts';
import { Inbox } from './inbox.ts';

export interface RuntimeProcessOptions {
  /** The file that the process runs: `src/runtime/main.ts` or its bundle. */
  readonly entry: string;
  /** How many threads the engine computes with: the machine's physical cores. */
  readonly threads: number;
  /** What the engine computes on; absent means the fastest that works. */
  readonly backend?: BackendChoice;
  /** How long a model stays in memory without a call, in ms; absent or 0 means for ever. */
  readonly unloadAfterMs?: number;
  /** How much the models in memory may take together, in bytes; absent or 0 means half of the machine's memory. */
  readonly memoryBytes?: number;
  /** Which backends have failed already and are not to be tried; absent means none. */
  readonly broken?: readonly BrokenBackend[];
  /** The folder with the packages of backends that were added later; absent means none. */
  readonly addedBackends?: string;
  /** The program to run `entry` with; absent means the one that runs this. */
  readonly execPath?: string;
  /** The process's whole environment; absent means a copy of this one's. An Electron needs ELECTRON_RUN_AS_NODE=1. */
  readonly env?: NodeJS.ProcessEnv;
  /** Takes what the engine reports, a line at a time. */
  readonly log: (line: string) => void;
  /** Told when other models are in memory than before, and in answer to `askState`. */
  readonly onState?: (state: RuntimeState) => void;
}

type Call =
  | { readonly type: 'chat'; readonly inbox: Inbox<ChatEvent> }
  | {
      readonly type: 'ask';
      readonly resolve: (answer: AnswerTo[Question['kind']]) => void;
      readonly reject: (error: LlmError) => void;
    }
  | { readonly type: 'unload'; readonly resolve: () => void; readonly reject: (error: LlmError) => void };

/** A running runtime process. It lives until it dies or is disposed of, and is then of no more use. */
export class RuntimeProcess {
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, Call>();
  readonly #onState: (state: RuntimeState) => void;
  readonly #lastLines: string[] = [];
  /** The models that have written something on this backend. */
  readonly #proven = new Set<string>();
  #backend: Backend | undefined;
  #lastId = 0;
  #isRetired = false;
  #isAlive = true;
  #hasDied = false;
  #isDisposed = false;

  constructor(options: RuntimeProcessOptions) {
    const { entry, execPath, env, log, onState = () => undefined } = options;
    this.#onState = onState;
    this.#child = fork(entry, [JSON.stringify(settingsOf(options))], {
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

  /** Whether an answer is on its way. */
  get isAtWork(): boolean {
    return this.#calls.size > 0;
  }

  /** Whether nothing has to be feared of the backend any more for the model at `path`. */
  isProven(path: string): boolean {
    return this.#backend === 'cpu' || this.#proven.has(path);
  }

  /** The process's id, or `undefined` when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Has the model at `path` answer; see `Provider.stream`.
   * @throws LlmError whatever the runtime reports, and `provider` when it dies.
   */
  async *stream(
    path: string,
    request: ChatRequest,
    signal: AbortSignal,
    beginning?: readonly number[],
  ): AsyncGenerator<ChatEvent> {
    const id = ++this.#lastId;
    const inbox = new Inbox<ChatEvent>();
    // The process is told, but not waited for: it may be in the middle of a long prompt, or hang.
    const onAbort = (): void => inbox.fail(cancelledError());
    signal.addEventListener('abort', onAbort);
    this.#calls.set(id, { type: 'chat', inbox });
    try {
      this.#send({ type: 'chat', id, path, request, ...(beginning ? { beginning } : {}) });
      for (;;) {
        const event = await inbox.take();
        if (signal.aborted) throw cancelledError();
        if (event.type === 'text') this.#proven.add(path);
        yield event;
        if (event.type === 'finish') return;
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#forget(id);
      this.#send({ type: 'abort', id });
    }
  }

  /**
   * Asks something of the model at `path`.
   * @throws LlmError whatever the runtime reports, `provider` when it dies, `cancelled`.
   */
  async ask<Kind extends Question['kind']>(
    path: string,
    question: Extract<Question, { readonly kind: Kind }>,
    signal: AbortSignal,
  ): Promise<AnswerTo[Kind]> {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<AnswerTo[Question['kind']]>();
    const onAbort = (): void => reject(cancelledError());
    signal.addEventListener('abort', onAbort);
    this.#calls.set(id, { type: 'ask', resolve, reject });
    try {
      this.#send({ type: 'ask', id, path, question });
      // The process answers what it is asked.
      return (await promise) as AnswerTo[Kind];
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#forget(id);
      if (signal.aborted) this.#send({ type: 'abort', id });
    }
  }

  /**
   * Takes a model out of memory.
   * @throws LlmError `bad-request` while it is at work, `provider` when the process dies.
   */
  async unload(path: string): Promise<void> {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.#calls.set(id, { type: 'unload', resolve: () => resolve(undefined), reject });
    try {
      this.#send({ type: 'unload', id, path });
      await promise;
    } finally {
      this.#forget(id);
    }
  }

  /** Has `onState` told the state as it is now. */
  askState(): void {
    this.#send({ type: 'state' });
  }

  /** Ends the process once nothing runs on it. It takes no calls after this. */
  retire(): void {
    this.#isRetired = true;
    if (!this.isAtWork) void this.dispose();
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

  #forget(id: number): void {
    this.#calls.delete(id);
    if (this.#isRetired && !this.isAtWork) void this.dispose();
  }

  #send(request: RuntimeRequest): void {
    // A process that just died is reported by its exit, not by the message that did not reach it.
    if (this.#child.connected) this.#child.send(request, () => undefined);
  }

  #receive(reply: RuntimeReply): void {
    const call = 'id' in reply ? this.#calls.get(reply.id) : undefined;
    switch (reply.type) {
      case 'state':
        this.#onState(reply.state);
        break;
      case 'event':
        if (call?.type === 'chat') call.inbox.put(reply.event);
        break;
      case 'answer':
        if (call?.type === 'ask') call.resolve(reply.answer);
        break;
      case 'done':
        if (call?.type === 'unload') call.resolve();
        break;
      case 'error':
        if (call) fail(call, errorOn(reply.failedOn, LlmError.fromData(reply.error)));
        break;
      case 'backend':
        this.#backend = reply.backend;
        break;
      default:
        reply satisfies never;
    }
  }

  async #end(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    this.#isAlive = false;
    this.#hasDied = !this.#isDisposed;
    // Its last words are still in the pipes; but a program that it started may hold them open.
    await Promise.race([once(this.#child, 'close'), delay(drainMs)]);
    const error = died(code, signal, this.#lastLines);
    // Whoever killed it meant the process and not the card.
    this.#failCalls(isKill(signal) ? error : errorOn(this.#backend, error));
  }

  #failCalls(error: LlmError): void {
    for (const call of this.#calls.values()) fail(call, error);
  }
}

function fail(call: Call, error: LlmError): void {
  if (call.type === 'chat') call.inbox.fail(error);
  else call.reject(error);
}

function settingsOf({
  threads,
  backend = 'auto',
  unloadAfterMs = 0,
  memoryBytes = 0,
  broken = [],
  addedBackends,
}: RuntimeProcessOptions): RuntimeSettings {
  return {
    threads,
    backend,
    unloadAfterMs,
    memoryBytes: memoryBytes || totalmem() / 2,
    broken,
    ...(addedBackends === undefined ? {} : { addedBackends }),
  };
}

const keptLines = 20;
const drainMs = 300;
const patienceMs = 1000;

function notStarted(cause: Error): LlmError {
  const message = `The local runtime could not be started: ${cause.message}. Reinstall the extension.`;
  return new LlmError('provider', message, { retryable: false, cause });
}

function isKill(signal: NodeJS.Signals | null): boolean {
  return signal === 'SIGKILL' || signal === 'SIGTERM';
}

/** The error of a graphics backend where there is one. */
function errorOn(backend: Backend | undefined, error: LlmError): LlmError {
  return backend === undefined || backend === 'cpu' ? error : new BackendError(backend, error);
}

function died(code: number | null, signal: NodeJS.Signals | null, lastLines: readonly string[]): LlmError {
  const isKilled = isKill(signal);
  const what = isKilled
    ? `was killed (${signal})`
    : `crashed (${signal ?? `exit code ${code ?? 'unknown'}`})`;
  const advice = isKilled ? '' : '; if it crashes again, the model file may be damaged';
  const message = `The local runtime ${what}; what was streamed is kept. Run again to restart it${advice}.`;
  return new LlmError('provider', message, { cause: new Error(lastLines.join('\n')) });
}
