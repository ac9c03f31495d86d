import { Location, type Position, type TextDocument, Uri, workspace } from 'vscode';
import type { PromptAnalysis } from '../../core/prompt/analysis.ts';
import { holds, variableAt } from '../../core/prompt/edits.ts';
import { partialFileName } from '../../core/prompt/partials.ts';
import { folderPrompts, sharedVariable } from './folderPrompts.ts';
import { editorRange, rangeOf } from './positions.ts';

/**
 * Where what stands at a place is defined: a variable in the front matter, a partial in its file. What a partial uses is
 * defined in the prompts that include it.
 */
export async function definitionAt(
  document: TextDocument,
  analysis: PromptAnalysis,
  { line, character }: Position,
): Promise<Location | Location[] | undefined> {
  const variable = variableAt(analysis, line + 1, character + 1);
  const [declared] = variable?.declared ?? [];
  if (declared) return new Location(document.uri, rangeOf(document, declared));
  if (variable) {
    const prompts = await folderPrompts(document, analysis);
    return sharedVariable(prompts, variable.name).flatMap(({ uri, places }) =>
      places.declared.slice(0, 1).map((range) => new Location(uri, editorRange(range))),
    );
  }

  const partial = analysis.references.find(
    ({ kind, range }) => kind === 'partial' && holds(range, line + 1, character + 1),
  );
  const fileName = partial && partialFileName(partial.name);
  if (fileName === undefined || document.isUntitled) return undefined;
  const file = Uri.joinPath(document.uri, '..', fileName);
  try {
    await workspace.fs.stat(file);
  } catch {
    // It is missing, which is underlined already.
    return undefined;
  }
  return new Location(file, rangeOf(document, { line: 1, column: 1, endLine: 1, endColumn: 1 }));
}
