import assert from 'node:assert/strict';
import { commands, Selection, TabInputTextDiff, type TextDocument, window, workspace } from 'vscode';
import { AnswerCode } from '../../../src/host/answerCode.ts';
import { AnswerDocuments } from '../../../src/host/answerDocuments.ts';
import { test } from './suite.ts';

const code = 'two()\n';

async function using(body: (answer: AnswerCode, document: TextDocument) => Promise<void>): Promise<void> {
  const documents = new AnswerDocuments();
  const answer = new AnswerCode(documents);
  const document = await workspace.openTextDocument({ content: 'one()\nold()\nthree()\n' });
  const editor = await window.showTextDocument(document);
  editor.selection = new Selection(1, 0, 1, 5);
  try {
    await body(answer, document);
  } finally {
    answer.dispose();
    documents.dispose();
    await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
}

test('code of an answer goes to the cursor, in the place of what is selected', () =>
  using(async (answer, document) => {
    await answer.use({ action: 'insert', code, language: 'js' });
    assert.equal(document.getText(), 'one()\ntwo()\nthree()\n');
  }));

test('code of an answer is applied to the selection, unsaved, beside what was there', () =>
  using(async (answer, document) => {
    await answer.use({ action: 'apply', code, language: 'js' });
    assert.equal(document.getText(), 'one()\ntwo()\nthree()\n');
    assert.equal(document.isDirty, true);
    const { input } = window.tabGroups.activeTabGroup.activeTab ?? {};
    if (!(input instanceof TabInputTextDiff)) assert.fail();
    const { original, modified } = input;
    assert.equal(modified.toString(), document.uri.toString());
    const before = await workspace.openTextDocument(original);
    assert.equal(before.getText(), 'one()\nold()\nthree()\n');
  }));

test('code of an answer opens as a file of its language', () =>
  using(async (answer) => {
    await answer.use({ action: 'open', code, language: 'py' });
    const { document } = window.activeTextEditor ?? assert.fail();
    assert.deepEqual([document.getText(), document.languageId], ['two()', 'python']);
  }));
