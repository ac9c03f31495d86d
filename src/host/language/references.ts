import { Location, type Position, type Range, type TextDocument, type WorkspaceEdit } from 'vscode';
import type { PromptAnalysis } from '../../core/prompt/analysis.ts';
import {
  holds,
  isVariableName,
  renameVariable,
  variableAt,
  type VariablePlaces,
} from '../../core/prompt/edits.ts';
import { workspaceEdit } from './actions.ts';
import { rangeOf } from './positions.ts';

/** Every place of the variable that stands at a place, in this file. */
export function variableReferences(
  document: TextDocument,
  analysis: PromptAnalysis,
  position: Position,
  { includeDeclaration }: { readonly includeDeclaration: boolean },
): Location[] {
  const { declared = [], used = [] } = placesAt(analysis, position) ?? {};
  const places = includeDeclaration ? [...declared, ...used] : used;
  return places.map((place) => new Location(document.uri, rangeOf(document, place)));
}

/**
 * The name that a rename begins with, and where it stands.
 * @throws Error where no variable stands, with the sentence to show.
 */
export function renameRange(
  document: TextDocument,
  analysis: PromptAnalysis,
  position: Position,
): { range: Range; placeholder: string } {
  const places = placesAt(analysis, position);
  const place = places && [...places.declared, ...places.used].find((range) => isAt(range, position));
  if (!places || !place) throw new Error('Only a variable can be renamed. Put the cursor on its name.');
  return { range: rangeOf(document, place), placeholder: places.name };
}

/**
 * Writes another name at every place of the variable that stands at a place.
 * @throws Error for a name that a variable cannot have, or that another one has, with the sentence to show.
 */
export function renameEdit(
  document: TextDocument,
  analysis: PromptAnalysis,
  position: Position,
  name: string,
): WorkspaceEdit | undefined {
  const places = placesAt(analysis, position);
  if (!places) return undefined;
  if (!isVariableName(name)) {
    throw new Error(`“${name}” cannot be the name of a variable. Use letters, digits, _ and -.`);
  }
  if (name !== places.name && analysis.fields.some((field) => field.name === name)) {
    throw new Error(`There is a variable “${name}” already. Choose another name.`);
  }
  return workspaceEdit(document, renameVariable(places, name));
}

function placesAt(analysis: PromptAnalysis, { line, character }: Position): VariablePlaces | undefined {
  return variableAt(analysis, line + 1, character + 1);
}

function isAt(range: Parameters<typeof holds>[0], { line, character }: Position): boolean {
  return holds(range, line + 1, character + 1);
}
