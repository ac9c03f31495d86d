/** code-server: VS Code's own server and extension host on this machine, shown in a browser. */
import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { ensureCodeServer, ensureNode } from '../../.ci/setup.mjs';

export interface CodeServerOptions {
  /** User settings, over the quiet ones below. Read when the server starts. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** VSIX files to install before it starts; absolute paths. */
  readonly extensions?: readonly string[];
  /** A folder to load as an installed extension, as it stands: rebuild it and reload the window. */
  readonly workingTree?: string;
  /** Keeps settings, extensions and storage in this folder. Default: a temporary one that goes at `stop`. */
  readonly profile?: string;
  /** Default: any free port. */
  readonly port?: number;
  /** Variables for the extension host, over this process's own; `undefined` removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Lets the page report and end a run of integration tests. VS Code then shows no toasts. */
  readonly testDriver?: boolean;
}

/** What the window loads besides the extensions that are installed. Absolute paths. */
export interface UnderDevelopment {
  readonly extension: string;
  /** A CommonJS module whose `run(): Promise<void>` is called in the extension host. */
  readonly tests?: string;
}

export interface CodeServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Storage is in `data/User/globalStorage/<extension>` of this folder. */
  readonly profile: string;
  /** The page that shows a folder (absolute path). */
  address(folder: string, development?: UnderDevelopment): string;
  /** What the server has printed so far. */
  log(): string;
  /** Ends the server and every process it has started. May be called twice; `await using` calls it. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a server; resolves when it listens, about a second later. It ends with `stop`, or with this process,
 * however that ends.
 *
 * @throws Error with the server's output when it does not start
 */
export async function startCodeServer(options: CodeServerOptions = {}): Promise<CodeServer> {
  const profile = options.profile ?? (await mkdtemp(join(tmpdir(), 'code-server-')));
  const [node, ...entry] = [ensureNode(), ensureCodeServer(), ...profileArguments(profile)];
  const env = environment(options, profile);

  await writeSettings(profile, options.settings);
  if (options.workingTree) await linkExtension(profile, options.workingTree);
  for (const vsix of options.extensions ?? []) {
    await promisify(execFile)(node, [...entry, '--install-extension', vsix, '--force'], { env });
  }

  const command = [node, ...entry, ...serverArguments(options)];
  const supervisor = spawn('sh', ['-c', supervise, 'code-server', ...command], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => supervisor.once('exit', resolve));
  const output: string[] = [];
  const origin = await listening(supervisor, output);

  const stop = async (): Promise<void> => {
    supervisor.stdin.end();
    await ended;
    if (!options.profile) await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  };

  return {
    origin,
    profile,
    address: (folder, development) => pageAddress(origin, folder, development),
    log: () => output.join('\n'),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/**
 * The leader of the server's process group. It waits for the end of its input, which comes when this process
 * calls `stop` or is gone, even by SIGKILL; then it ends the server politely, and the whole group after it.
 */
const supervise = `
  "$@" </dev/null & server=$!
  exec >/dev/null 2>&1
  cat
  (sleep 5; kill -9 -$$) &
  kill $server; wait $server
  kill -9 -$$`;

const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'chat.disableAIFeatures': true,
  'extensions.ignoreRecommendations': true,
  // Otherwise a question: prompts/ is in a repository that is not open as a whole.
  'git.openRepositoryInParentFolders': 'always',
};

function profileArguments(profile: string): string[] {
  return [
    ...['--config', join(profile, 'config.yaml')],
    ...['--user-data-dir', join(profile, 'data')],
    ...['--extensions-dir', join(profile, 'extensions')],
  ];
}

/** Settings that a kept profile has already are left alone. */
async function writeSettings(profile: string, settings: CodeServerOptions['settings']): Promise<void> {
  const folder = join(profile, 'data', 'User');
  await mkdir(folder, { recursive: true });
  const text = JSON.stringify({ ...quietSettings, ...settings }, undefined, 2);
  await writeFile(join(folder, 'settings.json'), text, { flag: 'wx' }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
}

/** VS Code's list of installed extensions takes any place; extensions under development it loads for tests only. */
async function linkExtension(profile: string, folder: string): Promise<void> {
  const { publisher, name, version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    publisher: string;
    name: string;
    version: string;
  };
  const entry = {
    identifier: { id: `${publisher}.${name}` },
    version,
    location: { $mid: 1, scheme: 'file', path: folder },
  };
  await mkdir(join(profile, 'extensions'), { recursive: true });
  await writeFile(join(profile, 'extensions', 'extensions.json'), JSON.stringify([entry]));
}

function serverArguments({ port = 0, testDriver = false }: CodeServerOptions): string[] {
  return [
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-proxy', '--ignore-last-opened'],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
    ...(testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
}

/** This process's environment without what would make VS Code or node behave as somebody else's child. */
function environment(options: CodeServerOptions, profile: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_TEST_CONTEXT$|PORT$)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    ...(options.profile ? {} : { HOME: join(profile, 'home') }),
    EXTENSIONS_GALLERY: '{}',
    ...options.env,
  };
}

async function listening(
  server: ChildProcessByStdio<Writable, Readable, Readable>,
  output: string[],
): Promise<string> {
  createInterface(server.stderr).on('line', (line) => output.push(line));
  return new Promise((resolve, reject) => {
    createInterface(server.stdout)
      .on('line', (line) => {
        output.push(line);
        const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
        if (origin) resolve(origin);
      })
      .on('close', () => {
        server.stdin.end();
        reject(new Error(`code-server did not start:\n${output.join('\n')}`));
      });
  });
}

function pageAddress(origin: string, folder: string, development?: UnderDevelopment): string {
  const url = new URL(origin);
  url.searchParams.set('folder', folder);
  if (development) {
    const remote = (path: string) => `vscode-remote://${url.host}${path}`;
    const payload = [['extensionDevelopmentPath', remote(development.extension)]];
    if (development.tests) payload.push(['extensionTestsPath', remote(development.tests)]);
    url.searchParams.set('payload', JSON.stringify(payload));
  }
  return url.href;
}
