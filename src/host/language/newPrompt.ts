import { Uri, window, workspace } from 'vscode';
import { promptLanguage } from '../language.ts';
import { promptTemplates } from './promptTemplates.ts';

/** Asks what to begin with, and opens it as a new file that can be run before it is saved. */
export async function newPrompt(extensionUri: Uri): Promise<void> {
  const picked = await window.showQuickPick(promptTemplates, {
    title: 'New Prompt',
    placeHolder: 'What does the prompt begin with?',
    matchOnDetail: true,
  });
  if (!picked) return;
  const file = Uri.joinPath(extensionUri, 'prompts', 'templates', `${picked.file}.prompt`);
  const content = new TextDecoder().decode(await workspace.fs.readFile(file));
  await window.showTextDocument(await workspace.openTextDocument({ language: promptLanguage, content }));
}
