import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

/** Carries an action out to its end, and takes the first choice of whatever lists and dialogs for files it shows. */
export async function accepting(action: Thenable<unknown>): Promise<void> {
  const isOver = Promise.resolve(action).then(() => true);
  while (!(await Promise.race([isOver, delay(100, false)]))) {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
  }
}
