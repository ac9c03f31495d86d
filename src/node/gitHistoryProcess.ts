import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { text } from 'node:stream/consumers';

/**
 * Why git gave no answer.
 *
 * - `missing` there is no git on this machine
 * - `failed` git ended with an error, or is no git
 * - `slow` it took longer than it may
 */
export type GitErrorKind = 'missing' | 'failed' | 'slow';

/** git gave no answer; the message is the first line that it wrote to standard error, or a sentence of ours. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly kind: GitErrorKind;

  constructor(kind: GitErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

export interface GitOptions {
  /** The program; by default the `git` of an absolute folder in PATH. */
  readonly git?: string;
  /** How long one call may take, in ms; by default 20 seconds. */
  readonly timeoutMs?: number;
}

/**
 * What `git ARGS` writes to standard output, as it comes. Its process is ended when nobody reads on.
 *
 * It asks nobody, takes no locks, runs no hooks, reaches no network, and takes every path literally.
 * @param input goes to its standard input.
 * @throws GitError, or the signal's reason once that is aborted.
 */
export async function* gitOutput(
  args: readonly string[],
  { cwd, input = '', git = findGit(), timeoutMs = 20_000 }: GitOptions & { cwd: string; input?: string },
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  signal.throwIfAborted();
  if (git === undefined) throw new GitError('missing', 'git was not found.');
  const timeout = AbortSignal.timeout(timeoutMs);
  const child = spawn(git, [...harmless, ...args], {
    cwd,
    env: { ...surroundings(), ...harmlessEnv },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
    signal: AbortSignal.any([signal, timeout]),
    killSignal: 'SIGKILL',
  });
  const ended = new Promise<Error | number | null>((resolve) => {
    child.once('error', resolve);
    child.once('close', resolve);
  });
  const complaint = text(child.stderr).catch(() => '');
  // git may end before it has read all of its input.
  child.stdin.on('error', () => undefined).end(input);
  try {
    for await (const chunk of child.stdout) yield chunk as Buffer;
  } finally {
    // Does nothing to a process that has ended; this one may not have, when its reader wants no more.
    child.kill('SIGKILL');
  }
  const end = await ended;
  signal.throwIfAborted();
  if (timeout.aborted) throw new GitError('slow', `git took longer than ${timeoutMs / 1000} seconds.`);
  if (end instanceof Error) {
    const isMissing = (end as NodeJS.ErrnoException).code === 'ENOENT' && existsSync(cwd);
    throw new GitError(isMissing ? 'missing' : 'failed', end.message, { cause: end });
  }
  if (end !== 0) {
    const [line = ''] = (await complaint).split('\n');
    throw new GitError('failed', line.replace(/^fatal: /, '') || `it ended with the code ${end}`);
  }
}

/** All that {@link gitOutput} gives, as text. */
export async function gitText(...call: Parameters<typeof gitOutput>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of gitOutput(...call)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const harmless = [
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'log.showSignature=false',
];

const harmlessEnv = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_LITERAL_PATHSPECS: '1',
  // A partial clone would fetch what is missing; the first is for git from 2.44, the second for all.
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'none',
  LC_ALL: 'C',
};

/** The environment without what would point git at another repository, such as in an editor started by a hook. */
function surroundings(): NodeJS.ProcessEnv {
  const elsewhere = /^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|PREFIX|NAMESPACE|OBJECT_DIRECTORY|TRACE.*)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !elsewhere.test(name)));
}

/** Looked up here because Windows would look in the folder first, where a repository can have a `git.exe` of its own. */
function findGit(): string | undefined {
  const name = process.platform === 'win32' ? 'git.exe' : 'git';
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, name);
    if (isAbsolute(folder) && isRunnable(file) && !isStub(file)) return file;
  }
  return undefined;
}

function isRunnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** macOS has a `git` that opens a window to install the real one. */
function isStub(file: string): boolean {
  const real = ['/Library/Developer/CommandLineTools/usr/bin/git', '/Applications/Xcode.app'];
  return process.platform === 'darwin' && file === '/usr/bin/git' && !real.some((path) => existsSync(path));
}
