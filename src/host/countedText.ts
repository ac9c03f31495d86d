import type { Position, Range, TextDocument, TextEditor } from 'vscode';
import type { CountedText } from '../node/tokenizer.ts';
import { promptLanguage } from './language.ts';

/** What is counted and inspected in an editor: what is selected, or else the whole file. */
export interface EditorTexts {
  /**
   * Each is counted by itself. With several cursors there are several, and in column mode one a line. A long one is read
   * from the document as it is counted.
   */
  readonly texts: readonly CountedText[];
  /** What they are, to end a sentence with. */
  readonly what: string;
}

export function countedText({ selections, document }: TextEditor): EditorTexts {
  const selected = selections.filter(({ isEmpty }) => !isEmpty);
  if (selected.length === 0) return { texts: [textIn(document, wholeOf(document))], what: 'the whole file' };
  return {
    texts: selected
      .toSorted((one, other) => one.start.compareTo(other.start))
      .map((selection) => textIn(document, selection)),
    what: selected.length === 1 ? 'the selection' : `${selected.length} selections`,
  };
}

/** How much is selected in all, in UTF-16 code units. The text itself is not made. */
export function selectedLength({
  selections,
  document,
}: Pick<TextEditor, 'selections' | 'document'>): number {
  return selections.reduce((sum, range) => sum + lengthOf(document, range), 0);
}

/** The length of a document, in UTF-16 code units. The text itself is not made. */
export function documentLength(document: TextDocument): number {
  return document.offsetAt(wholeOf(document).end);
}

/** `provider/model` that a document is counted for: what a prompt's front matter names, or else the default. */
export async function countedModel(document: TextDocument, defaultModel: string): Promise<string> {
  return (await promptModel(document)) ?? defaultModel;
}

/** `provider/model` that a prompt's front matter names; `undefined` where it names none, or it is no prompt. */
export async function promptModel(document: TextDocument): Promise<string | undefined> {
  if (document.languageId !== promptLanguage) return undefined;
  const text = frontMatterOf(document);
  if (text === '') return undefined;
  if (read?.text !== text) {
    const { parsePrompt } = await import('../core/prompt/parse.ts');
    read = { text, model: parsePrompt(text).frontMatter.model };
  }
  return read.model;
}

/** The front matter that was read last: a selection that moves leaves it as it is. */
let read: { readonly text: string; readonly model: string | undefined } | undefined;

/** The lines from the first `---` to the next; empty where the document does not begin with one, or no other follows. */
function frontMatterOf(document: TextDocument): string {
  if (!/^\uFEFF?---[ \t]*$/.test(document.lineAt(0).text)) return '';
  const last = Math.min(document.lineCount, mostLines);
  for (let line = 1; line < last; line++) {
    if (!/^---[ \t]*$/.test(document.lineAt(line).text)) continue;
    const { range } = document.lineAt(0);
    return document.getText(range.with(range.start, document.lineAt(line).range.end));
  }
  return '';
}

/** A front matter of more lines is none. */
const mostLines = 1000;

/** UTF-16 code units that are read at once. */
const chunkUnits = 65_536;

function textIn(document: TextDocument, range: Range): CountedText {
  const length = lengthOf(document, range);
  if (length <= chunkUnits) return document.getText(range);
  return { length, [Symbol.iterator]: () => chunksOf(document, range) };
}

function* chunksOf(document: TextDocument, range: Range): Generator<string, void> {
  let start: Position = range.start;
  while (start.isBefore(range.end)) {
    const next = document.positionAt(document.offsetAt(start) + chunkUnits);
    const end = next.isBefore(range.end) && next.isAfter(start) ? next : range.end;
    yield document.getText(range.with(start, end));
    start = end;
  }
}

function lengthOf(document: TextDocument, { start, end }: Range): number {
  return document.offsetAt(end) - document.offsetAt(start);
}

function wholeOf(document: TextDocument): Range {
  const last = document.lineAt(document.lineCount - 1).range;
  return last.with(document.lineAt(0).range.start, last.end);
}
