/** One command of the command line; `cli.ts` lists them. */
export interface Command {
  /** How it is written, without the program's name. A line each where there are several forms. */
  readonly usage: string;
  /**
   * Carries the command out and answers with the exit code.
   * @param args what follows the command's name
   * @throws UsageError when it cannot be carried out as written, and any other error when it fails.
   */
  readonly run: (args: string[]) => Promise<number>;
}

/** A command line that cannot be carried out as written. */
export class UsageError extends Error {}
