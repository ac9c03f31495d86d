import { type Disposable, Uri, window, workspace } from 'vscode';
import { messageOf } from '../core/errors.ts';
import { promptLanguage } from './language.ts';
import { nameOf } from './promptSource.ts';
import type { PromptsRow, PromptsView } from './promptsView.ts';
import { registerHandlers } from './registerHandlers.ts';
import { tellRowIsGone } from './rowIsGone.ts';
import { runText } from './versions/runText.ts';

/** The commands of the Prompts view. */
export type PromptCommandId =
  | 'llmPlayground.filterPrompts'
  | 'llmPlayground.clearPromptFilter'
  | 'llmPlayground.runListedPrompt'
  | 'llmPlayground.openLibraryPrompt'
  | 'llmPlayground.copyToWorkspace';

/** Registers them. Those about one prompt take its row. */
export function registerPromptCommands(view: PromptsView): Disposable {
  const handlers: Record<PromptCommandId, (row?: PromptsRow) => unknown> = {
    'llmPlayground.filterPrompts': () => view.filter(),
    'llmPlayground.clearPromptFilter': () => view.clearFilter(),
    'llmPlayground.runListedPrompt': async (row) => {
      if (row?.type !== 'prompt') {
        tellRowIsGone();
        return;
      }
      await window.showTextDocument(row.uri, { preview: true });
      await runText(row.uri);
    },
    'llmPlayground.openLibraryPrompt': async (row) => {
      if (row?.type === 'library-prompt') await openCopy(row.uri);
      else tellRowIsGone();
    },
    'llmPlayground.copyToWorkspace': async (row) => {
      if (row?.type === 'library-prompt') await copyToWorkspace(row.uri);
      else tellRowIsGone();
    },
  };
  return registerHandlers(handlers);
}

/** Opens a prompt of the library as a new file that can be run before it is saved. */
async function openCopy(uri: Uri): Promise<void> {
  const content = new TextDecoder().decode(await workspace.fs.readFile(uri));
  await window.showTextDocument(await workspace.openTextDocument({ language: promptLanguage, content }));
}

/** Asks where to, copies a prompt of the library there, and opens it. */
async function copyToWorkspace(uri: Uri): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const target = await window.showSaveDialog({
    title: `Copy ${nameOf(uri)}`,
    saveLabel: 'Copy',
    filters: { Prompts: ['prompt'] },
    ...(folder ? { defaultUri: Uri.joinPath(folder, nameOf(uri)) } : {}),
  });
  if (!target) return;
  try {
    // The dialog has asked whether a file that is there may be replaced.
    await workspace.fs.copy(uri, target, { overwrite: true });
    await window.showTextDocument(target);
  } catch (error) {
    void window.showErrorMessage(`${nameOf(target)} cannot be written: ${messageOf(error)}`);
  }
}
