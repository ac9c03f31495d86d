/** What tests of the prompt language do with documents, by the commands that the editor itself uses. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

export function open(content: string): Thenable<vscode.TextDocument> {
  return vscode.workspace.openTextDocument({ language: 'llm-prompt', content });
}

export async function write(uri: vscode.Uri, content: string): Promise<vscode.TextDocument> {
  await vscode.workspace.fs.writeFile(uri, Buffer.from(content));
  return vscode.workspace.openTextDocument(uri);
}

export function diagnostics({ uri }: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri);
}

export async function replace(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const start = document.getText().indexOf(from);
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + from.length));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Applies the quick fix of that title at a text; `undefined` while there is none. */
export async function apply(
  document: vscode.TextDocument,
  place: string,
  title: string,
): Promise<true | undefined> {
  const start = document.getText().indexOf(place) + place.search(/\S/);
  const at = document.positionAt(start);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    new vscode.Range(at, at),
  );
  const edit = actions.find((action) => action.title === title)?.edit;
  if (!edit) return undefined;
  await vscode.workspace.applyEdit(edit);
  return true;
}

/** The first completions at the `|` of a text, in the order of the list. */
export async function completions(text: string, count = 4): Promise<string[]> {
  const document = await open(text.replace('|', ''));
  return (await completionsIn(document, document.positionAt(text.indexOf('|')))).slice(0, count);
}

/** All of ours: the editor adds words of the file and snippets. */
export async function completionsIn(document: vscode.TextDocument, at: vscode.Position): Promise<string[]> {
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    at,
  );
  return items
    .filter(
      ({ kind }) => kind !== vscode.CompletionItemKind.Text && kind !== vscode.CompletionItemKind.Snippet,
    )
    .map(({ label }) => (typeof label === 'string' ? label : label.label));
}

export async function hover(document: vscode.TextDocument, place: string, offset = 0): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(document.getText().indexOf(place) + offset),
  );
  return hovers
    .flatMap(({ contents }) => contents.map((content) => (content as vscode.MarkdownString).value))
    .join('\n');
}

export async function definition(
  document: vscode.TextDocument,
  place: string,
  offset = 0,
): Promise<[string, number, number][]> {
  const locations = await vscode.commands.executeCommand<vscode.Location[]>(
    'vscode.executeDefinitionProvider',
    document.uri,
    document.positionAt(document.getText().indexOf(place) + offset),
  );
  return locations.map(({ uri, range }) => [uri.path, range.start.line, range.start.character]);
}

/** What Find All References lists, as `file line:column`, in order. */
export async function places(document: vscode.TextDocument, at: vscode.Position): Promise<string[]> {
  const locations = await vscode.commands.executeCommand<vscode.Location[]>(
    'vscode.executeReferenceProvider',
    document.uri,
    at,
  );
  return locations
    .map(({ uri, range: { start } }) => `${uri.path.split('/').at(-1)} ${start.line}:${start.character}`)
    .sort();
}

export async function rename(
  document: vscode.TextDocument,
  at: vscode.Position,
  name: string,
): Promise<void> {
  const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
    'vscode.executeDocumentRenameProvider',
    document.uri,
    at,
    name,
  );
  assert.ok(await vscode.workspace.applyEdit(edit));
}
