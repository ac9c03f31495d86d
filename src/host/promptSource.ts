import { FileSystemError, type TextDocument, Uri, workspace } from 'vscode';
import { decodeText } from '../core/decodeText.ts';
import { partialFileName, type PartialLoader } from '../core/prompt/partials.ts';
import type { PromptSource } from '../core/run/prepareRun.ts';
import { throwIfOutside } from '../node/linkedFiles.ts';
import type { PromptVersions } from './versions/promptVersions.ts';
import { promptUriOf, versionUri } from './versions/versionUri.ts';

/**
 * Reads a prompt as the editor has it, saved or not, on any file system that VS Code knows.
 * @throws Error when the file is gone.
 * @throws PromptError at its start when it is too long, or no text.
 */
export async function promptSourceOf(uri: Uri): Promise<PromptSource> {
  const document = await openedPrompt(uri);
  // An earlier version runs as the prompt that it is one of, with the partials of now.
  const prompt = promptUriOf(uri);
  return {
    uri: prompt.toString(),
    name: nameOf(uri),
    text: document.getText(),
    partials: partialsOf(prompt),
  };
}

/**
 * What a lane of a prompt runs: the file as it is, or an earlier version of it with the partials of now.
 * @param version `null` for the file as it is
 * @throws Error when nobody has the text any more, in words for the user.
 */
export async function laneSourceOf(
  uri: Uri,
  version: string | null,
  versions: Pick<PromptVersions, 'textOf'>,
): Promise<PromptSource> {
  if (version === null) return promptSourceOf(uri);
  const prompt = promptUriOf(uri);
  return {
    uri: prompt.toString(),
    name: nameOf(versionUri({ prompt, version })),
    text: await versions.textOf(prompt, version),
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
      // Links are followed by disks alone.
      if (file.scheme === 'file') await throwIfOutside(file.fsPath, [folder.fsPath, ...rootsOf(file)]);
      return decodeText(await workspace.fs.readFile(file));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
}

/** The editor refuses binary and very long files in words of its own, and shows bytes that are no text as U+FFFD. */
async function openedPrompt(uri: Uri): Promise<TextDocument> {
  let document: TextDocument;
  try {
    document = await workspace.openTextDocument(uri);
  } catch (error) {
    await throwIfUnreadable(uri);
    throw error;
  }
  if (!document.isDirty && !document.isUntitled && document.getText().includes('\uFFFD')) {
    await throwIfUnreadable(uri);
  }
  return document;
}

/** @throws PromptError for a file that is too long to be a prompt, or no text. */
async function throwIfUnreadable(uri: Uri): Promise<void> {
  const { promptText, longestFile } = await import('../node/promptFiles.ts');
  const { PromptError, wholeFile } = await import('../core/prompt/problems.ts');
  const { tooLongToRun } = await import('../core/prompt/parse.ts');
  const { size } = await workspace.fs.stat(uri);
  if (size > longestFile) throw new PromptError(tooLongToRun, wholeFile);
  promptText(await workspace.fs.readFile(uri));
}

function rootsOf(uri: Uri): readonly string[] {
  const folder = workspace.getWorkspaceFolder(uri);
  return folder ? [folder.uri.fsPath] : [];
}

function isNotFound(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return (error instanceof FileSystemError && code === 'FileNotFound') || code === 'ENOENT';
}
