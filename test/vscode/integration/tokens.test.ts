import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { CountedText } from '../../../src/node/tokenizer.ts';
import {
  countedModel,
  countedText,
  documentLength,
  promptModel,
  selectedLength,
} from '../../../src/host/countedText.ts';
import { test } from './suite.ts';

test('several selections are counted one by one, in the order of the file', async () => {
  const editor = await editorOf('one two\nthree four\nfive six\n');
  editor.selections = [select(2, 0, 2, 4), select(0, 4, 0, 7), select(1, 0, 1, 0)];
  const { texts, what } = countedText(editor);
  assert.deepEqual([texts, what, selectedLength(editor)], [['two', 'five'], '2 selections', 7]);
});

test('a column selection is a text for each of its lines', async () => {
  const editor = await editorOf('abcdef\nghijkl\nmnopqr\n');
  editor.selection = select(0, 2, 0, 2);
  await vscode.commands.executeCommand('cursorColumnSelectDown');
  await vscode.commands.executeCommand('cursorColumnSelectDown');
  await vscode.commands.executeCommand('cursorColumnSelectRight');
  await vscode.commands.executeCommand('cursorColumnSelectRight');
  await until(() => editor.selections.length === 3 && !editor.selections[2]?.isEmpty);
  assert.deepEqual(countedText(editor).texts, ['cd', 'ij', 'op']);
});

test('without a selection the whole file is counted', async () => {
  const editor = await editorOf('one\r\ntwo');
  assert.deepEqual(countedText(editor), { texts: ['one\r\ntwo'], what: 'the whole file' });
  assert.equal(documentLength(editor.document), 8);
});

test('a long text is read piece by piece, whatever its line ends and characters are', async () => {
  const content = Array.from({ length: 30_000 }, (_, line) => `${line} 😀 größe`).join('\r\n');
  const editor = await editorOf(content);
  const [whole] = countedText(editor).texts;
  assert.equal(joined(whole), content);
  assert.ok(whole && typeof whole !== 'string' && [...whole].length > 5);
  editor.selection = select(1, 2, 29_000, 3);
  assert.equal(joined(countedText(editor).texts[0]), editor.document.getText(editor.selection));
  const line = await editorOf('x'.repeat(200_000));
  assert.equal(joined(countedText(line).texts[0]), 'x'.repeat(200_000));
});

test('the model of a prompt is read from its front matter alone', async () => {
  const prompt = (content: string) => vscode.workspace.openTextDocument({ language: 'llm-prompt', content });
  const named = await prompt('---\nmodel: openai/gpt-5\n---\nmodel: x/y\n');
  const unnamed = await prompt('model: x/y\n---\nmodel: x/y\n---\n');
  const unclosed = await prompt('---\nmodel: x/y\n');
  assert.deepEqual(
    [await countedModel(named, 'a/b'), await countedModel(unnamed, 'a/b'), await promptModel(unclosed)],
    ['openai/gpt-5', 'a/b', undefined],
  );
});

test('what a selection of 100 KB takes of this thread before it is counted is far below 2 ms', async () => {
  const editor = await editorOf('The quick brown fox jumps over the lazy dog.\n'.repeat(2300));
  const times: number[] = [];
  for (let round = 0; round < 50; round++) {
    editor.selection = select(0, round % 40, 2299, 10);
    await new Promise((resolve) => setTimeout(resolve, 1));
    const start = performance.now();
    await countedModel(editor.document, 'a/b');
    assert.ok(selectedLength(editor) > 100_000);
    for (const text of countedText(editor).texts)
      for (const part of partsOf(text)) assert.ok(part.length > 0);
    times.push(performance.now() - start);
  }
  const median = times.sort((one, other) => one - other)[25] ?? Infinity;
  assert.ok(median < 2, `${median} ms`);
});

function partsOf(text: CountedText): readonly string[] {
  return typeof text === 'string' ? [text] : [...text];
}

function joined(text: CountedText | undefined): string {
  return text === undefined ? '' : partsOf(text).join('');
}

async function editorOf(content: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content });
  return vscode.window.showTextDocument(document, vscode.ViewColumn.One);
}

function select(line: number, character: number, endLine: number, endCharacter: number): vscode.Selection {
  return new vscode.Selection(line, character, endLine, endCharacter);
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 25));
  assert.ok(condition());
}
