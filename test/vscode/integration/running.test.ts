import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { test, until } from './suite.ts';

test('Run opens a panel beside the file and leaves the keyboard where it is', async () => {
  const document = await newPrompt('Say hello.');
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  await vscode.commands.executeCommand('llmPlayground.run');
  await until(() => panels().length > 0);
  assert.deepEqual(
    panels().map(({ group }) => group.viewColumn),
    [vscode.ViewColumn.Two],
  );
  assert.equal(vscode.window.activeTextEditor?.document, document);
});

test('a file has one panel, however often it is run', async () => {
  const document = await newPrompt('Say hello again.');
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  await vscode.commands.executeCommand('llmPlayground.run');
  await until(() => panels().length === 2);
  await vscode.commands.executeCommand('llmPlayground.run', document.uri);
  await vscode.commands.executeCommand('llmPlayground.showPanel', document.uri);
  assert.equal(panels().length, 2);
});

test('while a prompt runs, its line offers to stop it, and Run again once it has stopped', async () => {
  const [file] = await vscode.workspace.findFiles('endless.prompt');
  assert.ok(file);
  const document = await vscode.workspace.openTextDocument(file);
  const run = vscode.commands.executeCommand('llmPlayground.run', document.uri);
  await until(async () => (await firstLens(document.uri)) === 'llmPlayground.stop');
  await vscode.commands.executeCommand('llmPlayground.stop', document.uri);
  await run;
  assert.equal(await firstLens(document.uri), 'llmPlayground.run');
});

function newPrompt(content: string): Thenable<vscode.TextDocument> {
  return vscode.workspace.openTextDocument({ language: 'llm-prompt', content });
}

/** The tabs of all panels of the extension. */
function panels(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('llmPlayground'),
    );
}

async function firstLens(uri: vscode.Uri): Promise<string | undefined> {
  const [lens] = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
    10,
  );
  return lens?.command?.command;
}
