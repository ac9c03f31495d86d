import { Range, type Uri, workspace, WorkspaceEdit } from 'vscode';
import type { WriteBack } from '../core/prompt/writeBack.ts';
import { nameOf } from './promptSource.ts';

/**
 * Writes a model and settings into a prompt's front matter, in the editor, unsaved, so that Undo takes it back.
 * @throws PromptError when the front matter cannot be written to, and Error when the file cannot be changed.
 */
export async function writeToPrompt(uri: Uri, what: WriteBack): Promise<void> {
  const document = await workspace.openTextDocument(uri);
  const { changeBetween, writeBack } = await import('../core/prompt/writeBack.ts');
  const before = document.getText();
  const { start, end, text } = changeBetween(before, writeBack(before, what));
  const edit = new WorkspaceEdit();
  edit.replace(uri, new Range(document.positionAt(start), document.positionAt(end)), text);
  if (!(await workspace.applyEdit(edit))) {
    throw new Error(`${nameOf(uri)} cannot be changed. Check that it is not read-only, then apply again.`);
  }
}
