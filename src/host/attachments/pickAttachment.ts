import { type QuickPickItem, type TextEditor, window, workspace } from 'vscode';
import { nameOf } from '../promptSource.ts';
import { type AttachedText, editorTexts, fileText } from './attachedText.ts';

interface Choice extends QuickPickItem {
  readonly read: () => Promise<readonly AttachedText[]>;
}

/** At most so many files are listed; one that is not is found with Browse. */
const mostFiles = 20_000;

/**
 * Asks what to attach: what is selected, an open file, any file, or a symbol. Empty where the user chooses nothing.
 * @throws Error that says why it cannot be attached, and what to do.
 */
export async function pickAttachment(): Promise<readonly AttachedText[]> {
  const active = window.activeTextEditor;
  const editors = window.visibleTextEditors
    .filter(({ document }) => document.uri.scheme !== 'output')
    .toSorted((one, other) => Number(other === active) - Number(one === active));
  const choices: readonly Choice[] = [
    ...editors.flatMap(choicesIn),
    { label: '$(files) File…', description: 'Of the workspace', read: pickFile },
    { label: '$(symbol-method) Symbol…', description: 'A function, a class, a heading', read: pickSymbol },
    { label: '$(folder-opened) Browse…', description: 'Any file', read: browse },
  ];
  const picked = await window.showQuickPick(choices, {
    title: 'Attach to the Message',
    matchOnDescription: true,
  });
  return (await picked?.read()) ?? [];
}

/** What of an editor can be attached: what is selected in it, and its file. */
function choicesIn(editor: TextEditor): readonly Choice[] {
  const { document, selections } = editor;
  const name = nameOf(document.uri);
  const selected = selections.filter(({ isEmpty }) => !isEmpty);
  const [first] = selected;
  const selection: Choice = {
    label: `$(list-selection) Selection in ${name}`,
    description:
      selected.length > 1 ? `${selected.length} selections` : `from line ${(first?.start.line ?? 0) + 1}`,
    read: () => editorTexts(editor),
  };
  const whole: Choice = {
    label: `$(file) ${name}`,
    description: 'The whole file',
    read: async () => [await fileText(document.uri)],
  };
  return first ? [selection, whole] : [whole];
}

async function pickFile(): Promise<readonly AttachedText[]> {
  const found = workspace.findFiles('**/*', '**/{node_modules,.git}/**', mostFiles);
  const items = found.then((uris) =>
    uris
      .map((uri) => ({ label: nameOf(uri), description: workspace.asRelativePath(uri), uri }))
      .toSorted((one, other) => one.description.localeCompare(other.description)),
  );
  const picked = await window.showQuickPick(items, { title: 'Attach Which File?', matchOnDescription: true });
  return picked ? [await fileText(picked.uri)] : [];
}

async function browse(): Promise<readonly AttachedText[]> {
  const chosen = await window.showOpenDialog({
    title: 'Attach Files',
    openLabel: 'Attach',
    canSelectMany: true,
  });
  return Promise.all((chosen ?? []).map(fileText));
}

async function pickSymbol(): Promise<readonly AttachedText[]> {
  const { pickedSymbol } = await import('./pickSymbol.ts');
  const symbol = await pickedSymbol();
  return symbol ? [symbol] : [];
}
