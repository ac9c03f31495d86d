import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { accepting } from './accepting.ts';
import { test } from './suite.ts';

test('a foreign prompt opens as a new .prompt beside it, unsaved and under a free name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'convert-'));
  const file = join(folder, 'greet.prompt.yml');
  writeFileSync(file, 'messages:\n  - role: user\n    content: Hello {{name}}\n');
  writeFileSync(join(folder, 'greet.prompt'), 'taken');
  await vscode.commands.executeCommand('llmPlayground.importPrompt', vscode.Uri.file(file));
  const document = vscode.window.activeTextEditor?.document;
  assert.equal(document?.uri.scheme, 'untitled');
  assert.equal(document.uri.path, join(folder, 'greet-2.prompt'));
  assert.equal(document.languageId, 'llm-prompt');
  assert.equal(document.getText(), 'Hello {{name}}\n');
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
});

test('what Continue and OpenAI call a prompt is imported from the editor that has the focus', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'convert-'));
  const files = {
    'tutor.prompt': 'name: Tutor\n---\n<system>\nBe brief.\n</system>\nExplain {{{ input }}}',
    'body.json': '{"model": "gpt-5", "messages": [{"role": "user", "content": "Say hi."}]}',
  };
  const imported: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    writeFileSync(file, content);
    await vscode.window.showTextDocument(vscode.Uri.file(file));
    await vscode.commands.executeCommand('llmPlayground.importPrompt');
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.languageId, 'llm-prompt');
    imported.push(`${document.uri.path.slice(folder.length + 1)}: ${document.getText().split('\n').at(-2)}`);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  assert.deepEqual(imported, ['tutor-2.prompt: Explain {{{ input }}}', 'body.prompt: Say hi.']);
});

test('a prompt is exported beside it, in the format that is chosen, and opens', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'convert-'));
  const file = join(folder, 'greet.prompt');
  writeFileSync(file, '---\nmodel: openai/gpt-4o\n---\nHello {{name}}');
  await accepting(vscode.commands.executeCommand('llmPlayground.exportPrompt', vscode.Uri.file(file)));
  const [name = ''] = readdirSync(folder).filter((each) => each !== 'greet.prompt');
  const { exportFormats } = await import('../../../src/core/convert/exportPrompt.ts');
  const [first] = Object.values(exportFormats);
  assert.equal(name, `greet${first?.ending}`);
  const document = vscode.window.activeTextEditor?.document;
  assert.equal(document?.uri.path, join(folder, name));
  assert.match(document.getText(), /Hello \{\{name\}\}/);
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
});

test('a prompt of the library is copied into the workspace and opens', async () => {
  const extension = vscode.extensions.getExtension('llm-playground.llm-playground');
  const [root] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(extension && root);
  const uri = vscode.Uri.joinPath(extension.extensionUri, 'prompts', 'templates', 'judge.prompt');
  await accepting(
    vscode.commands.executeCommand('llmPlayground.copyToWorkspace', { type: 'library-prompt', uri }),
  );
  const target = vscode.Uri.joinPath(root.uri, 'judge.prompt');
  assert.deepEqual(await vscode.workspace.fs.readFile(target), await vscode.workspace.fs.readFile(uri));
  assert.equal(vscode.window.activeTextEditor?.document.uri.path, target.path);
  await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  await vscode.workspace.fs.delete(target);
});

test('View Code opens the request of a prompt in the language that is asked for', async () => {
  const content = '---\nmodel: openai/gpt-4o\ninput: {default: {name: Ana}}\n---\nHello {{name}}';
  const prompt = await vscode.workspace.openTextDocument({ language: 'llm-prompt', content });
  for (const [language, languageId] of [
    ['curl', 'shellscript'],
    ['python', 'python'],
  ]) {
    await vscode.commands.executeCommand('llmPlayground.viewCode', prompt.uri, language);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.languageId, languageId);
    assert.match(document?.getText() ?? '', /Hello Ana/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
});
