import { Range, type TextDocument } from 'vscode';
import type { FileRange } from '../../core/prompt/problems.ts';

/** A place of core's as the editor counts, from 0. Where core knows only the start, it is the rest of that line. */
export function rangeOf(document: TextDocument, { line, column, endLine, endColumn }: FileRange): Range {
  const start = line - 1;
  if (endLine === undefined || endColumn === undefined) {
    const end = start < document.lineCount ? document.lineAt(start).text.length : column;
    return document.validateRange(new Range(start, column - 1, start, end));
  }
  return document.validateRange(new Range(start, column - 1, endLine - 1, endColumn - 1));
}

/** A place of core's that has an end, as those of names have: no document is needed to find it. */
export function editorRange({ line, column, endLine = line, endColumn = column }: FileRange): Range {
  return new Range(line - 1, column - 1, endLine - 1, endColumn - 1);
}
