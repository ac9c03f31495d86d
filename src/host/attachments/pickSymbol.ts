import {
  commands,
  type DocumentSymbol,
  type QuickPickItem,
  Range,
  type SymbolInformation,
  SymbolKind,
  type TextDocument,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { nameOf } from '../promptSource.ts';
import { type AttachedText, rangeText } from './attachedText.ts';

/** Where a symbol stands. Its range may be that of its name alone. */
export interface PlacedSymbol {
  readonly name: string;
  readonly uri: Uri;
  readonly range: Range;
}

/** A symbol of a file; the range is that of all of it. */
type FileSymbol = Pick<DocumentSymbol, 'name' | 'kind' | 'range'>;

interface SymbolItem extends QuickPickItem {
  readonly symbol: PlacedSymbol;
}

/** The languages are asked when nothing is typed for this long, in ms. */
const quietMs = 150;

/**
 * Asks for a symbol of the workspace by what is typed; before anything is, for one of the file that is open. `undefined` where
 * the user chooses none.
 * @throws Error that says why it cannot be attached, and what to do.
 */
export async function pickedSymbol(): Promise<AttachedText | undefined> {
  const symbol = await askForSymbol();
  return symbol && symbolText(symbol);
}

/** The whole of a symbol: languages often tell of the workspace's symbols only where their names stand. */
export async function symbolText({ name, uri, range }: PlacedSymbol): Promise<AttachedText> {
  const document = await workspace.openTextDocument(uri);
  const inside = (await symbolsIn(uri)).filter((symbol) => symbol.range.contains(range.start));
  const same = inside.findLast((symbol) => symbol.name === name);
  return rangeText(document, wholeLines(document, same?.range ?? range), name);
}

function askForSymbol(): Promise<PlacedSymbol | undefined> {
  const { promise, resolve } = Promise.withResolvers<PlacedSymbol | undefined>();
  const pick = window.createQuickPick<SymbolItem>();
  pick.title = 'Attach Which Symbol?';
  pick.placeholder = 'Type a part of its name';
  pick.matchOnDescription = true;
  let timer: NodeJS.Timeout | undefined;
  let asked = 0;
  const show = async (query: string): Promise<void> => {
    const own = ++asked;
    pick.busy = true;
    const items = query === '' ? await openSymbols() : await workspaceSymbols(query);
    if (own !== asked) return;
    pick.items = items;
    pick.busy = false;
  };
  pick.onDidChangeValue((query) => {
    clearTimeout(timer);
    timer = setTimeout(() => void show(query.trim()), quietMs);
  });
  pick.onDidAccept(() => {
    const [picked] = pick.selectedItems;
    if (!picked) return;
    resolve(picked.symbol);
    pick.hide();
  });
  pick.onDidHide(() => {
    clearTimeout(timer);
    resolve(undefined);
    pick.dispose();
  });
  pick.show();
  void show('');
  return promise;
}

async function openSymbols(): Promise<readonly SymbolItem[]> {
  const { document } = window.activeTextEditor ?? window.visibleTextEditors[0] ?? {};
  if (!document) return [];
  const { uri } = document;
  return (await symbolsIn(uri)).map(({ name, kind, range }) => ({
    label: `${iconOf(kind)} ${name}`,
    description: `${nameOf(uri)}:${range.start.line + 1}`,
    symbol: { name, uri, range },
  }));
}

async function workspaceSymbols(query: string): Promise<readonly SymbolItem[]> {
  const found = await commands.executeCommand<readonly SymbolInformation[] | undefined>(
    'vscode.executeWorkspaceSymbolProvider',
    query,
  );
  const items = (found ?? []).map(({ name, kind, location: { uri, range } }): SymbolItem => ({
    label: `${iconOf(kind)} ${name}`,
    description: `${workspace.asRelativePath(uri)}:${range.start.line + 1}`,
    symbol: { name, uri, range },
  }));
  const others = (await openSymbols()).filter(
    ({ label, description }) =>
      !items.some((item) => item.label === label && item.description === description),
  );
  return [...items, ...others];
}

/** The symbols of a file, each before those in it; empty where its language names none. */
async function symbolsIn(uri: Uri): Promise<readonly FileSymbol[]> {
  const found = await commands.executeCommand<readonly (DocumentSymbol | SymbolInformation)[] | undefined>(
    'vscode.executeDocumentSymbolProvider',
    uri,
  );
  return (found ?? []).flatMap((symbol): FileSymbol[] => {
    if ('children' in symbol) return [...flat(symbol)];
    const { name, kind, location } = symbol;
    return [{ name, kind, range: location.range }];
  });
}

function* flat(symbol: DocumentSymbol): Generator<DocumentSymbol, void> {
  yield symbol;
  for (const child of symbol.children) yield* flat(child);
}

/** From the beginning of the first line, so that its indentation comes along. */
function wholeLines(document: TextDocument, { start, end }: Range): Range {
  return document.validateRange(new Range(start.line, 0, end.line, Number.MAX_SAFE_INTEGER));
}

function iconOf(kind: SymbolKind): string {
  const name = SymbolKind[kind].replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`);
  return `$(symbol-${name.toLowerCase()})`;
}
