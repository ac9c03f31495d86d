import type { TextDocument, TextEditor } from 'vscode';
import { promptLanguage } from './language.ts';

/** What is counted and inspected in an editor: what is selected, or else the whole file. */
export interface CountedText {
  /** Each is counted by itself. With several cursors there are several, and in column mode one a line. */
  readonly texts: readonly string[];
  /** What they are, to end a sentence with. */
  readonly what: string;
}

export function countedText({ selections, document }: TextEditor): CountedText {
  const selected = selections.filter(({ isEmpty }) => !isEmpty);
  if (selected.length === 0) return { texts: [document.getText()], what: 'the whole file' };
  return {
    texts: selected
      .toSorted((one, other) => one.start.compareTo(other.start))
      .map((selection) => document.getText(selection)),
    what: selected.length === 1 ? 'the selection' : `${selected.length} selections`,
  };
}

/** How much is selected in all, in UTF-16 code units. The text itself is not made. */
export function selectedLength({ selections, document }: TextEditor): number {
  return selections.reduce(
    (sum, { start, end }) => sum + document.offsetAt(end) - document.offsetAt(start),
    0,
  );
}

/** `provider/model` that a document is counted for: what a prompt's front matter names, or else the default. */
export async function countedModel(document: TextDocument, defaultModel: string): Promise<string> {
  if (document.languageId !== promptLanguage) return defaultModel;
  const { parsePrompt } = await import('../core/prompt/parse.ts');
  return parsePrompt(document.getText()).frontMatter.model ?? defaultModel;
}
