import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

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
