import { Range, type TextDocument, TextEdit } from 'vscode';
import { formatFrontMatter } from '../../core/prompt/formatFrontMatter.ts';
import { changeBetween } from '../../core/prompt/writeBack.ts';

/** Lays out the front matter; the template is the author's. */
export function formattingEdits(document: TextDocument): TextEdit[] {
  const before = document.getText();
  const { start, end, text } = changeBetween(before, formatFrontMatter(before));
  if (start === end && text === '') return [];
  return [TextEdit.replace(new Range(document.positionAt(start), document.positionAt(end)), text)];
}
