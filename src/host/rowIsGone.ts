import { window } from 'vscode';

/**
 * Says that a command has no row to act on. A list that is read again between the press on a row's button and the call
 * passes `undefined` in the place of the row, which may stand there again a moment later.
 */
export function tellRowIsGone(): void {
  void window.showInformationMessage('The list was read again just as you pressed that row. Press it again.');
}
