import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { test } from './suite.ts';

const extension = (): vscode.Extension<unknown> => {
  const found = vscode.extensions.getExtension('llm-playground.llm-playground');
  assert.ok(found);
  return found;
};

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
}

test('every command of the manifest is registered, and no other', async () => {
  await extension().activate();
  const manifest = extension().packageJSON as Manifest;
  const views = Object.values(manifest.contributes.views).flatMap((list) => list.map(({ id }) => id));
  const registered = (await vscode.commands.getCommands(true)).filter(
    // VS Code makes commands of its own for each view.
    (id) => id.startsWith('llmPlayground.') && !views.some((view) => id.startsWith(`${view}.`)),
  );
  assert.deepEqual(registered.sort(), manifest.contributes.commands.map(({ command }) => command).sort());
});

test('every setting of the manifest has its default', () => {
  const manifest = extension().packageJSON as Manifest;
  for (const name of Object.keys(manifest.contributes.configuration.properties)) {
    assert.notEqual(vscode.workspace.getConfiguration().get(name), undefined, name);
  }
});

test('a .prompt file is in the language of the extension', async () => {
  const document = await openPrompt('explain.prompt');
  assert.equal(document.languageId, 'llm-prompt');
});

test('the line above a prompt file offers to run it', async () => {
  const document = await openPrompt('explain.prompt');
  assert.deepEqual(await lensCommands(document.uri), [
    'llmPlayground.run',
    'llmPlayground.compare',
    'llmPlayground.showPanel',
  ]);
});

test('a sample opens as a new file that can be run', async () => {
  await vscode.commands.executeCommand('llmPlayground.openSample');
  const document = vscode.window.activeTextEditor?.document;
  assert.equal(document?.uri.scheme, 'untitled');
  assert.equal(document.languageId, 'llm-prompt');
  assert.match(document.getText(), /\{\{/);
});

async function openPrompt(name: string): Promise<vscode.TextDocument> {
  const [file] = await vscode.workspace.findFiles(name);
  assert.ok(file, `${name} is not in the workspace`);
  return vscode.workspace.openTextDocument(file);
}

/** The commands of the lenses of a file, in the order of the line. */
async function lensCommands(uri: vscode.Uri): Promise<(string | undefined)[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    uri,
    10,
  );
  return lenses.map(({ command }) => command?.command);
}
