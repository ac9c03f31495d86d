import { FileType, type TextDocument, Uri, workspace } from 'vscode';
import { decodeText, NotTextError } from '../../core/decodeText.ts';
import { analyzePrompt, type PromptAnalysis } from '../../core/prompt/analysis.ts';
import { type VariablePlaces, placesOf } from '../../core/prompt/edits.ts';
import { partialFileName } from '../../core/prompt/partials.ts';
import type { FileRange } from '../../core/prompt/problems.ts';
import { nameOf, partialsOf } from '../promptSource.ts';
import { versionScheme } from '../versions/versionUri.ts';

/** Longer files are left alone, in bytes. */
const longestRead = 2_000_000;

/** A prompt or a partial of a folder. */
export interface FolderPrompt {
  readonly uri: Uri;
  readonly analysis: PromptAnalysis;
}

/** A variable in one of the files that share it. */
export interface SharedVariable extends FolderPrompt {
  readonly places: VariablePlaces;
}

/** All prompts and partials of a document's folder, as the editor has them; the document itself comes first. */
export async function folderPrompts(
  document: TextDocument,
  analysis: PromptAnalysis,
): Promise<readonly FolderPrompt[]> {
  const own = { uri: document.uri, analysis };
  // A version of the past lies in no folder.
  if (document.isUntitled || document.uri.scheme === versionScheme) return [own];
  const folder = Uri.joinPath(document.uri, '..');
  const files = (await workspace.fs.readDirectory(folder))
    .filter(([name, type]) => name.endsWith('.prompt') && (type & FileType.Directory) === 0)
    .map(([name]) => Uri.joinPath(folder, name))
    .filter((uri) => uri.toString() !== document.uri.toString());
  const others = await Promise.all(files.map(readPrompt));
  return [own, ...others.filter((other) => other !== undefined)];
}

/**
 * A variable in every file of the folder that shares it with a document: partials use the variables of the prompts that
 * include them, and other prompts may include the same partials. The document's own places come first.
 */
export function sharedVariable(prompts: readonly FolderPrompt[], name: string): readonly SharedVariable[] {
  const [first] = prompts;
  const shared = new Set(first ? [first] : []);
  // Grows while it is walked, until no file shares the variable with one that is in it.
  for (const prompt of shared) {
    for (const other of prompts) {
      if (reaches(prompt, other, name) || reaches(other, prompt, name)) shared.add(other);
    }
  }
  return [...shared].map((prompt) => ({ ...prompt, places: placesOf(prompt.analysis, name) }));
}

/** Every place in the files where a partial is included. */
export function partialPlaces(
  prompts: readonly FolderPrompt[],
  partial: string,
): readonly { readonly uri: Uri; readonly range: FileRange }[] {
  return prompts.flatMap(({ uri, analysis }) =>
    analysis.references
      .filter(({ kind, name }) => kind === 'partial' && name === partial)
      .map(({ range }) => ({ uri, range })),
  );
}

/** Whether a prompt hands its variable of that name on to a partial. */
function reaches({ analysis }: FolderPrompt, partial: FolderPrompt, name: string): boolean {
  const places = analysis.uses.root.fields.get(name)?.places ?? [];
  const file = nameOf(partial.uri);
  return places.some(({ source }) => source !== undefined && partialFileName(source) === file);
}

/** `undefined` for what is no text, or too long. */
async function readPrompt(uri: Uri): Promise<FolderPrompt | undefined> {
  const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  try {
    if (!open && (await workspace.fs.stat(uri)).size > longestRead) return undefined;
    const text = open?.getText() ?? decodeText(await workspace.fs.readFile(uri));
    return { uri, analysis: await analyzePrompt(text, { partials: partialsOf(uri) }) };
  } catch (error) {
    // It is underlined when it is opened.
    if (error instanceof NotTextError) return undefined;
    throw error;
  }
}
