import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { cancelledError, LlmError } from '../core/errors.ts';
import type { DownloadOrder, DownloadReply, DownloadRequest } from '../runtime/downloadProtocol.ts';

export interface DownloadProcessOptions {
  /** The file that the process runs: `src/runtime/download.ts` or its bundle. */
  readonly entry: string;
  /** The process's whole environment; absent means a copy of this one's. An Electron needs ELECTRON_RUN_AS_NODE=1. */
  readonly env?: NodeJS.ProcessEnv;
  /** Takes what the process reports, a line at a time. */
  readonly log: (line: string) => void;
}

/** What is heard of a download while it runs. */
export type DownloadNews = Extract<DownloadReply, { type: 'files' | 'progress' }>;

/**
 * Downloads a model in a process of its own.
 * @returns the path of the model's file, or of its first part.
 * @throws LlmError `cancelled` after an abort, when what has come is on the disk; else as `downloadModel`, and
 * `provider` when the process died.
 */
export async function downloadInProcess(
  order: DownloadOrder,
  { entry, env, log }: DownloadProcessOptions,
  tell: (news: DownloadNews) => void,
  signal: AbortSignal,
): Promise<string> {
  if (signal.aborted) throw cancelledError();
  const child = fork(entry, {
    execArgv: entry.endsWith('.ts') ? ['--disable-warning=ExperimentalWarning'] : [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...(env === undefined ? {} : { env }),
  });
  if (child.stderr) createInterface(child.stderr).on('line', log);
  const onAbort = (): void => {
    send(child, { type: 'pause' });
    patience = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  };
  let patience: NodeJS.Timeout | undefined;
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      child.on('message', (reply: DownloadReply) => {
        switch (reply.type) {
          case 'files':
          case 'progress':
            tell(reply);
            break;
          case 'done':
            resolve(reply.path);
            break;
          case 'paused':
            reject(cancelledError());
            break;
          case 'error':
            reject(LlmError.fromData(reply.error));
            break;
          default:
            reply satisfies never;
        }
      });
      child.once('error', (cause) => reject(died(cause.message, cause)));
      child.once('exit', (code, killedBy) =>
        reject(signal.aborted ? cancelledError() : died(killedBy ?? `exit code ${code ?? 'unknown'}`)),
      );
      send(child, { type: 'start', order });
    });
  } finally {
    clearTimeout(patience);
    signal.removeEventListener('abort', onAbort);
    child.kill();
  }
}

function send(child: ChildProcess, request: DownloadRequest): void {
  if (child.connected) child.send(request, () => undefined);
}

function died(why: string, cause?: unknown): LlmError {
  const message = `The download ended unexpectedly (${why}). What has come is kept; resume it.`;
  return new LlmError('provider', message, { cause });
}

/** How long the last bytes may take to the disk. */
const patienceMs = 4_000;
