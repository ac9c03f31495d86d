import { type Uri, window, workspace } from 'vscode';
import type { Conversation } from '../../core/conversation/conversation.ts';
import { importConversation, largestImport } from '../../core/conversation/import.ts';
import { messageOf } from '../../core/errors.ts';
import type { History } from './entry.ts';

/** Asks for JSON files. `undefined` when the user turns away. */
export async function askForImports(): Promise<readonly Uri[] | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return window.showOpenDialog({
    title: 'Import Conversations',
    openLabel: 'Import',
    canSelectMany: true,
    filters: { 'Conversations as JSON': ['json'] },
    ...(folder ? { defaultUri: folder } : {}),
  });
}

/**
 * Adds the conversation of a JSON file to the history.
 * @throws Error what is wrong with the file, which it names; then nothing was added.
 */
export async function importFile({ conversations }: History, file: Uri): Promise<Conversation> {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  try {
    const { size } = await workspace.fs.stat(file);
    // Looked at before it is read, because what is too large to import may be too large to hold.
    if (size > largestImport) throw new Error(`The file is larger than ${largestImport / 1024 / 1024} MB.`);
    const text = new TextDecoder().decode(await workspace.fs.readFile(file));
    return conversations.import(importConversation(text));
  } catch (error) {
    throw new Error(`${name} was not imported. ${messageOf(error)}`, { cause: error });
  }
}
