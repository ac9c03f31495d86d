import { existsSync } from 'node:fs';
import { workspace } from 'vscode';

/** The git that the user has set for VS Code's own use, or `undefined` for the one in PATH. */
export function gitProgram(): string | undefined {
  const path = workspace.getConfiguration('git').get<string | readonly string[] | null>('path');
  const paths = typeof path === 'string' ? [path] : (path ?? []);
  return paths.find((each) => existsSync(each));
}
