import { FileSystemError, Uri, workspace } from 'vscode';
import { partialFileName, type PartialLoader } from '../core/prompt/partials.ts';
import type { PromptSource } from '../core/run/prepareRun.ts';
import { promptUriOf } from './versions/versionUri.ts';

/**
 * Reads a prompt as the editor has it, saved or not, on any file system that VS Code knows.
 * @throws Error when the file is gone.
 */
export async function promptSourceOf(uri: Uri): Promise<PromptSource> {
  const document = await workspace.openTextDocument(uri);
  // An earlier version runs as the prompt that it is one of, with the partials of now.
  const prompt = promptUriOf(uri);
  return {
    uri: prompt.toString(),
    name: nameOf(uri),
    text: document.getText(),
    partials: partialsOf(prompt),
  };
}

/** Finds the partials of a prompt file, as the editor has them. */
export function partialsOf(prompt: Uri): PartialLoader {
  return prompt.scheme === 'untitled' ? () => undefined : partialsBeside(Uri.joinPath(prompt, '..'));
}

/** The file's name, for people. */
export function nameOf({ path }: Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Reads partials (see `partialFileName`) as the editor has them. */
function partialsBeside(folder: Uri): PartialLoader {
  return async (name) => {
    const fileName = partialFileName(name);
    if (fileName === undefined) return undefined;
    const file = Uri.joinPath(folder, fileName);
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
