import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import {
  apply,
  completions,
  completionsIn,
  definition,
  diagnostics,
  hover,
  open,
  places,
  rename,
  replace,
  write,
} from './promptDocuments.ts';
import { test, until } from './suite.ts';

test('problems are underlined as the prompt is written, and gone when it is put right', async () => {
  const document = await open('---\ninput:\n  schema:\n    topic: string\n---\n{{topik}} {{topic}}');
  await until(() => diagnostics(document).length > 0);
  assert.deepEqual(
    diagnostics(document).map(({ range, code, severity }) => [
      range.start.line,
      range.start.character,
      range.end.character,
      code,
      severity,
    ]),
    [[5, 2, 7, 'undeclared-variable', vscode.DiagnosticSeverity.Warning]],
  );
  await replace(document, 'topik', 'topic');
  await until(() => diagnostics(document).length === 0);
});

test('a prompt that is opened from disk is checked too, and the samples are clean', async () => {
  const [file] = await vscode.workspace.findFiles('explain.prompt');
  assert.ok(file);
  const document = await vscode.workspace.openTextDocument(file);
  await replace(document, 'config:', 'confg:');
  await until(() => diagnostics(document).some(({ code }) => code === 'unknown-key'));
  await replace(document, 'confg:', 'config:');
  await until(() => diagnostics(document).length === 0);
});

test('quick fixes declare, remove and correct', async () => {
  const text =
    '---\nconfig:\n  temprature: 1\ninput:\n  schema:\n    a: string\n    b: string\n---\n{{a}} {{other}} {{#ech a}}x{{/ech}}\n';
  const document = await open(text);
  await until(() => diagnostics(document).length >= 3);
  for (const [place, title] of [
    ['temprature', 'Change to “temperature”'],
    ['other', 'Declare “other”'],
    ['ech', 'Change to “each”'],
    ['    b', 'Remove “b”'],
  ] as const) {
    await until(async () => (await apply(document, place, title)) !== undefined);
  }
  assert.equal(
    document.getText(),
    '---\nconfig:\n  temperature: 1\ninput:\n  schema:\n    a: string\n    other: string\n---\n{{a}} {{other}} {{#each a}}x{{/each}}\n',
  );
  await until(() => diagnostics(document).length === 0);
});

test('what the model does not take is underlined, comes last in the list, and can be taken out', async () => {
  const text = '---\nmodel: local/demo\nconfig: { temperature: 1, keepAlive: 5m }\n---\nHello\n';
  const document = await open(text);
  await until(() => diagnostics(document).some(({ code }) => code === 'ignored-setting'));
  await until(async () => (await apply(document, 'keepAlive', 'Remove “keepAlive”')) !== undefined);
  assert.equal(document.getText(), text.replace(', keepAlive: 5m', ''));
  const listed = await completions('---\nmodel: local/demo\nconfig:\n  |\n---\n', 99);
  assert.deepEqual([listed[0], listed.at(-1)], ['temperature', 'keepAlive']);
});

test('a default of the wrong type is put right or taken out', async () => {
  const text =
    '---\ninput:\n  schema:\n    n: integer\n    level(enum): [low, high]\n  default:\n    n: "3"\n    level: hihg\n---\n{{n}}{{level}}\n';
  const document = await open(text);
  await until(() => diagnostics(document).length === 2);
  await until(async () => (await apply(document, '"3"', 'Change to “3”')) !== undefined);
  await until(async () => (await apply(document, 'hihg', 'Change to “"high"”')) !== undefined);
  assert.equal(document.getText(), text.replace('"3"', '3').replace('hihg', '"high"'));
  await until(() => diagnostics(document).length === 0);
  await replace(document, 'n: 3', 'n: many');
  await until(async () => (await apply(document, 'many', 'Remove the default of “n”')) !== undefined);
  assert.ok(!document.getText().includes('many'));
});

test('the front matter is formatted, and the template is left alone', async () => {
  const document = await open('---\nname:    x\nconfig: {topP: 1}\n---\n{{ a }}   \n');
  const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
    'vscode.executeFormatDocumentProvider',
    document.uri,
    { tabSize: 2, insertSpaces: true },
  );
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, edits);
  await vscode.workspace.applyEdit(edit);
  assert.equal(document.getText(), '---\nname: x\nconfig: { topP: 1 }\n---\n{{ a }}   \n');
});

test('the front matter completes keys, settings, models and types', async () => {
  assert.deepEqual(await completions('---\nname: x\nde|\n---\n'), [
    'description',
    'version',
    'variant',
    'model',
  ]);
  assert.deepEqual(await completions('---\nconfig:\n  topP: 1\n  te|\n---\n'), [
    'temperature',
    'topK',
    'minP',
    'maxOutputTokens',
  ]);
  assert.deepEqual(await completions('---\nmodel: lo|\n---\n'), ['local/demo']);
  assert.deepEqual(await completions('---\noutput:\n  format: |\n---\n'), ['text', 'json']);
  assert.deepEqual(await completions('---\ninput:\n  schema:\n    a: s|\n---\n'), [
    'string',
    'integer',
    'number',
    'boolean',
  ]);
  assert.deepEqual(await completions('---\nconfig:\n  reasoningEffort: |\n---\n'), [
    'none',
    'low',
    'medium',
    'high',
  ]);
});

test('the template completes variables, helpers, roles, fields and what is to be closed', async () => {
  const schema =
    '---\ninput:\n  schema:\n    user(object):\n      age: integer\n    list(array):\n      title: string\n---\n';
  assert.deepEqual(await completions(`${schema}{{|`, 3), ['list', 'user', 'else']);
  assert.deepEqual(await completions(`${schema}{{#|`, 4), ['list', 'user', 'each', 'if']);
  assert.deepEqual(await completions(`${schema}{{user.|}}`), ['age']);
  assert.deepEqual(await completions(`${schema}{{#each list}}{{|}}{{/each}}`, 1), ['title']);
  assert.deepEqual(await completions(`{{role "|`), ['model', 'system', 'user']);
  assert.deepEqual(await completions(`{{#if a}}x{{/|`), ['if']);
  assert.deepEqual(await completions('Just | prose'), []);
});

test('variables keep completing while the template does not parse', async () => {
  const document = await open('{{subject}} \n');
  await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', document.uri);
  await replace(document, '}} ', '}} {{');
  assert.ok((await completionsIn(document, document.positionAt(14))).includes('subject'));
});

test('hovers explain variables, settings, helpers and models', async () => {
  const document = await open(
    '---\nmodel: local/demo\nconfig:\n  topP: 0.5\ninput:\n  schema:\n    a: integer, how many\n  default:\n    a: 3\n---\n{{a}}{{#each b}}{{/each}}',
  );
  assert.match(await hover(document, '{{a', 2), /\*\*a\*\*: whole number[^]*how many[^]*Default:[^]*3/);
  assert.match(await hover(document, 'topP'), /Cuts the tail of the distribution[^]*a number from 0 to 1/);
  assert.match(await hover(document, 'each'), /Repeats its text for every item/);
  assert.match(
    await hover(document, 'local/demo'),
    /context window [\d,]+ tokens[^]*it costs nothing[^]*Takes log-probabilities/,
  );
  assert.equal(await hover(document, '---'), '');
});

test('a variable leads to its declaration, and a partial to its file', async () => {
  const [sample] = await vscode.workspace.findFiles('explain.prompt');
  assert.ok(sample);
  const partial = vscode.Uri.joinPath(sample, '..', '_rules.prompt');
  const prompt = vscode.Uri.joinPath(sample, '..', 'uses-rules.prompt');
  const document = await write(prompt, '---\ninput: {schema: {a: string}}\n---\n{{a}}{{> rules}}');
  await until(() => diagnostics(document).some(({ code }) => code === 'missing-partial'));
  await until(async () => (await apply(document, 'rules', 'Create “_rules.prompt”')) !== undefined);
  const created = await vscode.workspace.openTextDocument(partial);
  assert.match(created.getText(), /includes rules/);
  await created.save();
  // The file watcher has seen it.
  await until(() => diagnostics(document).length === 0);
  assert.deepEqual(await definition(document, '{{a', 2), [[prompt.path, 1, 17]]);
  assert.deepEqual(await definition(document, 'rules'), [[partial.path, 0, 0]]);
  assert.deepEqual(await completionsIn(document, document.positionAt(document.getText().indexOf('rules'))), [
    'rules',
  ]);
});

test('a rename reaches the front matter and the template', async () => {
  const document = await open(
    '---\ninput:\n  schema:\n    a: string\n  default:\n    a: x\n---\n{{a}}{{#if a}}{{/if}}',
  );
  const at = document.positionAt(document.getText().indexOf('{{a') + 2);
  const locations = await vscode.commands.executeCommand<vscode.Location[]>(
    'vscode.executeReferenceProvider',
    document.uri,
    at,
  );
  assert.equal(locations.length, 4);
  const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
    'vscode.executeDocumentRenameProvider',
    document.uri,
    at,
    'topic',
  );
  await vscode.workspace.applyEdit(edit);
  assert.equal(
    document.getText(),
    '---\ninput:\n  schema:\n    topic: string\n  default:\n    topic: x\n---\n{{topic}}{{#if topic}}{{/if}}',
  );
  await assert.rejects(async () =>
    vscode.commands.executeCommand(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      document.positionAt(60),
      '1 a',
    ),
  );
});

test('variables and partials are found and renamed in all files that share them', async () => {
  const [sample] = await vscode.workspace.findFiles('explain.prompt');
  assert.ok(sample);
  const folder = vscode.Uri.joinPath(sample, '..', 'shared');
  const file = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, name);
  const declaring = '---\ninput: {schema: {tone: string}}\n---\n{{tone}} {{> manner}}';
  await write(file('one.prompt'), declaring);
  await write(file('two.prompt'), '{{> manner}} {{tone}}');
  await write(file('three.prompt'), '{{tone}}');
  const partial = await write(file('_manner.prompt'), 'Be {{tone}}.');
  assert.deepEqual(await definition(partial, 'tone'), [[file('one.prompt').path, 1, 17]]);

  const named = partial.positionAt(partial.getText().indexOf('tone'));
  assert.deepEqual(await places(partial, named), [
    '_manner.prompt 0:5',
    'one.prompt 1:17',
    'one.prompt 3:2',
    'two.prompt 0:15',
  ]);
  await rename(partial, named, 'manner');
  assert.equal(partial.getText(), 'Be {{manner}}.');
  const one = await vscode.workspace.openTextDocument(file('one.prompt'));
  assert.equal(one.getText(), declaring.replaceAll('tone', 'manner'));
  const three = await vscode.workspace.openTextDocument(file('three.prompt'));
  assert.equal(three.getText(), '{{tone}}');

  const included = one.positionAt(one.getText().indexOf('> manner') + 2);
  assert.deepEqual(await places(one, included), ['one.prompt 3:15', 'two.prompt 0:4']);
  await rename(one, included, 'style');
  assert.match(one.getText(), /\{\{manner\}\} \{\{> style\}\}$/);
  const two = await vscode.workspace.openTextDocument(file('two.prompt'));
  assert.equal(two.getText(), '{{> style}} {{manner}}');
  assert.equal((await vscode.workspace.openTextDocument(file('_style.prompt'))).getText(), 'Be {{manner}}.');
  await assert.rejects(async () => vscode.workspace.fs.stat(file('_manner.prompt')));
});

test('the outline has the front matter and the messages, and they fold', async () => {
  const document = await open(
    '---\nname: x\ninput:\n  schema:\n    a: string\n---\n{{role "system"}}\nBe brief.\n\n{{role "user"}}\n{{#if a}}\n{{a}}\n{{/if}}\n',
  );
  const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
    'vscode.executeDocumentSymbolProvider',
    document.uri,
  );
  assert.deepEqual(
    symbols.map(({ name, detail, children }) => [name, detail, ...children.map((child) => child.name)]),
    [
      ['front matter', '', 'name', 'input'],
      ['system', 'Be brief.'],
      ['user', '{{#if a}}'],
    ],
  );
  const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
    'vscode.executeFoldingRangeProvider',
    document.uri,
  );
  assert.deepEqual(
    folds.map(({ start, end }) => [start, end]).sort(([a = 0], [b = 0]) => a - b),
    [
      [0, 5],
      [2, 4],
      [3, 4],
      [6, 7],
      [9, 12],
      [10, 11],
    ],
  );
});

test('New Prompt offers templates and opens one that has no problem', async () => {
  const command = vscode.commands.executeCommand('llmPlayground.newPrompt');
  await until(async () => {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return vscode.window.activeTextEditor?.document.getText().includes('name: instruction') ?? false;
  });
  await command;
  const document = vscode.window.activeTextEditor?.document;
  assert.ok(document);
  assert.deepEqual([document.languageId, document.uri.scheme], ['llm-prompt', 'untitled']);
  await delay(500);
  assert.deepEqual(diagnostics(document), []);
});

test('a file of 3 MB is left alone, with a word on why', async () => {
  const document = await open('a line of text\n'.repeat(200_000));
  await until(() => diagnostics(document).length > 0);
  assert.match(diagnostics(document)[0]?.message ?? '', /too long to be checked/);
});
