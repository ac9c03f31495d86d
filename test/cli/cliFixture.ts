import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';

/** Where this test file keeps its files; gone when its tests are over. */
export const folder = mkdtempSync(join(tmpdir(), 'cli-'));
after(() => rmSync(folder, { recursive: true }));

/** Writes a file into the folder, or into one below it, and returns its path. */
export function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** The command line as it is built. */
export const cli = join(import.meta.dirname, '../../dist/cli.mjs');

/** How a command ended and what it said. */
export interface CliOutcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line to its end. */
export function runCli(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    /** What stands at its standard input; nothing where it is left out. */
    readonly input?: string | Buffer;
    /** In ms. */
    readonly timeout?: number;
  } = {},
): CliOutcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    ...options,
  });
  return { status, stdout, stderr };
}
