import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { test } from './suite.ts';

test('Run opens a panel beside the file and leaves the keyboard where it is', async () => {
  const document = await newPrompt('Say hello.');
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  await vscode.commands.executeCommand('llmPlayground.run');
  const panel = vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('llmPlayground'));
  assert.equal(panel?.group.viewColumn, vscode.ViewColumn.Two);
  assert.equal(vscode.window.activeTextEditor?.document, document);
});

test('a file has one panel, however often it is run', async () => {
  const document = await newPrompt('Say hello again.');
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  await vscode.commands.executeCommand('llmPlayground.run');
  const before = panelCount();
  await vscode.commands.executeCommand('llmPlayground.run', document.uri);
  assert.equal(panelCount(), before);
});

test('while a prompt runs, its line offers to stop it, and Run again once it has stopped', async () => {
  const document = await newPrompt('Say hello.');
  const run = vscode.commands.executeCommand('llmPlayground.run', document.uri);
  await until(async () => (await firstLens(document.uri)) === 'llmPlayground.stop');
  await vscode.commands.executeCommand('llmPlayground.stop', document.uri);
  await run;
  assert.equal(await firstLens(document.uri), 'llmPlayground.run');
});

function newPrompt(content: string): Thenable<vscode.TextDocument> {
  return vscode.workspace.openTextDocument({ language: 'llm-prompt', content });
}

function panelCount(): number {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview).length;
}

async function firstLens(uri: vscode.Uri): Promise<string | undefined> {
  const [lens] = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
    10,
  );
  return lens?.command?.command;
}

/** Resolves when the condition holds; the test's own time limit ends the wait. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}
