import {
  FileSystemError,
  Location,
  type Position,
  type Range,
  type TextDocument,
  Uri,
  workspace,
  WorkspaceEdit,
} from 'vscode';
import type { PromptAnalysis } from '../../core/prompt/analysis.ts';
import { holds, isVariableName, renameVariable, variableAt } from '../../core/prompt/edits.ts';
import { partialFileName } from '../../core/prompt/partials.ts';
import type { FileRange } from '../../core/prompt/problems.ts';
import { folderPrompts, partialPlaces, sharedVariable } from './folderPrompts.ts';
import { editorRange, rangeOf } from './positions.ts';

/** A variable or a partial by its name, and where that stands. */
interface Named {
  readonly kind: 'variable' | 'partial';
  readonly name: string;
  readonly range: FileRange;
}

/** Every place of the variable or the partial that stands at a place, in all files that share it. */
export async function referencesAt(
  document: TextDocument,
  analysis: PromptAnalysis,
  position: Position,
  { includeDeclaration }: { readonly includeDeclaration: boolean },
): Promise<Location[]> {
  const named = namedAt(analysis, position);
  if (!named) return [];
  const prompts = await folderPrompts(document, analysis);
  const places =
    named.kind === 'partial'
      ? partialPlaces(prompts, named.name)
      : sharedVariable(prompts, named.name).flatMap(({ uri, places: { declared, used } }) =>
          [...(includeDeclaration ? declared : []), ...used].map((range) => ({ uri, range })),
        );
  return places.map(({ uri, range }) => new Location(uri, editorRange(range)));
}

/**
 * The name that a rename begins with, and where it stands.
 * @throws Error where neither a variable nor a partial stands, with the sentence to show.
 */
export function renameRange(
  document: TextDocument,
  analysis: PromptAnalysis,
  position: Position,
): { range: Range; placeholder: string } {
  const named = namedAt(analysis, position);
  if (!named) throw new Error('Only a variable or a partial can be renamed. Put the cursor on its name.');
  return { range: rangeOf(document, named.range), placeholder: named.name };
}

/**
 * Writes another name at every place of what stands at a place, in all files that share it. The file of a partial gets
 * another name too.
 * @throws Error for a name that it cannot have, or that is taken, with the sentence to show.
 */
export async function renameEdit(
  document: TextDocument,
  analysis: PromptAnalysis,
  position: Position,
  name: string,
): Promise<WorkspaceEdit | undefined> {
  const named = namedAt(analysis, position);
  if (!named || name === named.name) return undefined;
  const prompts = await folderPrompts(document, analysis);
  const edit = new WorkspaceEdit();
  if (named.kind === 'partial') {
    await renameFile(edit, Uri.joinPath(document.uri, '..'), named.name, name);
    for (const { uri, range } of partialPlaces(prompts, named.name)) {
      edit.replace(uri, editorRange(range), name);
    }
    return edit;
  }
  if (!isVariableName(name)) {
    throw new Error(`“${name}” cannot be the name of a variable. Use letters, digits, _ and -.`);
  }
  for (const { uri, analysis: other, places } of sharedVariable(prompts, named.name)) {
    if (other.fields.some((field) => field.name === name)) {
      const where = uri.toString() === document.uri.toString() ? '' : ` in ${uri.path.split('/').at(-1)}`;
      throw new Error(`There is a variable “${name}” already${where}. Choose another name.`);
    }
    for (const { range, text } of renameVariable(places, name)) edit.replace(uri, editorRange(range), text);
  }
  return edit;
}

/** What stands at a place. */
function namedAt(analysis: PromptAnalysis, { line, character }: Position): Named | undefined {
  const isHere = (range: FileRange): boolean => holds(range, line + 1, character + 1);
  const places = variableAt(analysis, line + 1, character + 1);
  const range = places && [...places.declared, ...places.used].find(isHere);
  if (places && range) return { kind: 'variable', name: places.name, range };
  const partial = analysis.references.find(
    (reference) => reference.kind === 'partial' && isHere(reference.range),
  );
  return partial && { kind: 'partial', name: partial.name, range: partial.range };
}

async function renameFile(edit: WorkspaceEdit, folder: Uri, from: string, to: string): Promise<void> {
  const [oldFile, newFile] = [partialFileName(from), partialFileName(to)];
  if (oldFile === undefined || newFile === undefined || !/^[\w.-]+$/.test(to)) {
    throw new Error(`“${to}” cannot be the name of a partial. Use letters, digits, _, - and dots.`);
  }
  if (await exists(Uri.joinPath(folder, newFile))) {
    throw new Error(`There is a file ${newFile} already. Choose another name.`);
  }
  if (await exists(Uri.joinPath(folder, oldFile))) {
    edit.renameFile(Uri.joinPath(folder, oldFile), Uri.joinPath(folder, newFile));
  }
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return false;
    throw error;
  }
}
