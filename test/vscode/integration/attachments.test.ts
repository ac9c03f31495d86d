import assert from 'node:assert/strict';
import {
  commands,
  DocumentSymbol,
  languages,
  Range,
  Selection,
  SymbolKind,
  Uri,
  window,
  workspace,
} from 'vscode';
import {
  assertInWorkspace,
  droppedText,
  editorTexts,
  fileText,
} from '../../../src/host/attachments/attachedText.ts';
import { symbolText } from '../../../src/host/attachments/pickSymbol.ts';
import { write } from './promptDocuments.ts';
import { test, until } from './suite.ts';

const root = workspace.workspaceFolders?.[0]?.uri ?? assert.fail();
const place = Uri.joinPath(root, 'attached', 'sum.ts');
const text = 'const a = 1;\n\nfunction sum() {\n  return a + a;\n}\n';

test('a selection is attached with its lines and stays as it was', async () => {
  const document = await write(place, text);
  const editor = await window.showTextDocument(document);
  // It ends before the first character of the last line, of which it has nothing.
  editor.selections = [new Selection(2, 0, 5, 0), new Selection(0, 0, 0, 5)];
  const attached = await editorTexts(editor);
  assert.deepEqual(
    attached.map(({ attachment, text, language, reread }) => [attachment, text, language, reread]),
    [
      [{ path: 'attached/sum.ts', lines: [1, 1] }, 'const', 'ts', undefined],
      [{ path: 'attached/sum.ts', lines: [3, 5] }, text.slice(14), 'ts', undefined],
    ],
  );
});

test('without a selection the whole file is attached, as the editor has it', async () => {
  const editor = await window.showTextDocument(await write(place, text));
  editor.selection = new Selection(0, 0, 0, 0);
  const [attached] = await editorTexts(editor);
  assert.deepEqual(attached?.attachment, { path: 'attached/sum.ts' });
  await editor.edit((edit) => edit.insert(editor.selection.start, '// unsaved\n'));
  assert.equal(await attached.reread?.(), `// unsaved\n${text}`);
  await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
});

test('what cannot be attached says why', async () => {
  const gone = Uri.joinPath(root, 'attached', 'gone.ts');
  await write(gone, 'here');
  const { reread } = await fileText(gone);
  await workspace.fs.delete(gone);
  const bytes = async (name: string, content: Uint8Array): Promise<Uri> => {
    const uri = Uri.joinPath(root, 'attached', name);
    await workspace.fs.writeFile(uri, content);
    return uri;
  };
  for (const [read, message] of [
    [async () => reread?.(), /^gone\.ts is not there any more\. Take it out/],
    [
      async () => fileText(await bytes('app.bin', new Uint8Array([1, 0, 2]))),
      /^app\.bin cannot be attached\. It is a binary/,
    ],
    [
      async () => fileText(await bytes('long.txt', Buffer.alloc(2_000_001, 'a'))),
      /^long\.txt is larger than 2 MB/,
    ],
    [async () => fileText(await bytes('empty.txt', new Uint8Array())), /^empty\.txt holds no text/],
    [async () => fileText(Uri.joinPath(root, 'attached')), /^attached is a folder/],
    [() => assertInWorkspace(Uri.file('/etc/passwd')), /^passwd lies outside the workspace/],
    [() => droppedText('long.txt', 'é'.repeat(1_000_001)), /^long\.txt is larger than 2 MB/],
  ] as const) {
    await assert.rejects(async () => read(), { message });
  }
});

test('of a file outside the workspace only the name is told', async () => {
  const { attachment, remark } = await fileText(Uri.file('/etc/hosts'));
  assert.deepEqual(attachment, { path: 'hosts' });
  assert.match(remark ?? '', /outside the workspace/);
});

test('a symbol is attached whole, also where the workspace knows only its name', async () => {
  const uri = Uri.joinPath(root, 'attached', 'sum.odd');
  await write(uri, text);
  const whole = new DocumentSymbol(
    'sum',
    '',
    SymbolKind.Function,
    new Range(2, 9, 4, 1),
    new Range(2, 9, 2, 12),
  );
  const outer = new DocumentSymbol(
    'all',
    '',
    SymbolKind.Module,
    new Range(0, 0, 4, 1),
    new Range(0, 0, 0, 5),
  );
  outer.children.push(whole);
  const provider = languages.registerDocumentSymbolProvider(
    { pattern: '**/*.odd' },
    {
      provideDocumentSymbols: () => [outer],
    },
  );
  try {
    const { attachment, text: attached } = await symbolText({
      name: 'sum',
      uri,
      range: new Range(2, 9, 2, 12),
    });
    assert.deepEqual(attachment, { path: 'attached/sum.odd', lines: [3, 5], symbol: 'sum' });
    assert.equal(attached, 'function sum() {\n  return a + a;\n}');
  } finally {
    provider.dispose();
  }
});

test('Add Selection to Chat opens a chat where none is open', async () => {
  await commands.executeCommand('workbench.action.closeAllEditors');
  const editor = await window.showTextDocument(await write(place, text));
  editor.selection = new Selection(0, 0, 0, 7);
  await commands.executeCommand('llmPlayground.addSelectionToChat');
  await until(() =>
    window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label === 'New conversation')),
  );
  await commands.executeCommand('workbench.action.closeAllEditors');
});
