import { commands, Disposable } from 'vscode';

/** Registers commands by their ids; each is called with what VS Code or another command passes. */
export function registerHandlers(
  handlers: Readonly<Record<string, (...given: never[]) => unknown>>,
): Disposable {
  return Disposable.from(
    ...Object.entries(handlers).map(([id, handler]) => commands.registerCommand(id, handler)),
  );
}
