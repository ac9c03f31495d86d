import { commands, type Uri } from 'vscode';

/** Runs the text of a document that is open, be it a file or a version of one, in a panel of its own. */
export async function runText(uri: Uri): Promise<void> {
  await commands.executeCommand('llmPlayground.run', uri);
}
