import { FileSystemError, Uri, workspace } from 'vscode';
import type { PartialLoader } from '../core/prompt/partials.ts';
import type { PromptSource } from '../core/run/prepareRun.ts';

/**
 * Reads a prompt as the editor has it, saved or not, on any file system that VS Code knows.
 * @throws Error when the file is gone.
 */
export async function promptSourceOf(uri: Uri): Promise<PromptSource> {
  const document = await workspace.openTextDocument(uri);
  return {
    uri: uri.toString(),
    name: uri.path.slice(uri.path.lastIndexOf('/') + 1),
    text: document.getText(),
    partials: uri.scheme === 'untitled' ? () => undefined : partialsBeside(Uri.joinPath(uri, '..')),
  };
}

/** `{{> greeting}}` is the file `_greeting.prompt` in the same folder, read as the editor has it. */
function partialsBeside(folder: Uri): PartialLoader {
  return async (name) => {
    const file = Uri.joinPath(folder, `_${name}.prompt`);
    const open = workspace.textDocuments.find((document) => document.uri.toString() === file.toString());
    if (open) return open.getText();
    try {
      return new TextDecoder().decode(await workspace.fs.readFile(file));
    } catch (error) {
      if (error instanceof FileSystemError && error.code === 'FileNotFound') return undefined;
      throw error;
    }
  };
}
