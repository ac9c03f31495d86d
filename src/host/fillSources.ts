import { env, FileType, type TextEditor, Uri, window, workspace } from 'vscode';
import { messageOf } from '../core/errors.ts';
import { fileValue } from '../node/fileValue.ts';
import { gitDiff } from '../node/gitDiff.ts';
import { nameOf } from './promptSource.ts';

/** The longest file that becomes a value, in bytes; no model's window holds more text. */
const longestFile = 10_000_000;

/** A text that a field can be filled with. */
export interface TextSource {
  /** For people: `the selection in report.md`. */
  readonly from: string;
  /** The first words, or what will be asked. */
  readonly description: string;
  /** `undefined` when the user chooses nothing. @throws Error that says why there is none. */
  readonly read: () => Promise<string | undefined>;
}

/** The selections that are in sight, those of the editor that was used last first. */
export function selections(): readonly TextSource[] {
  const active = window.activeTextEditor;
  const editors = window.visibleTextEditors.toSorted((a, b) => Number(b === active) - Number(a === active));
  return editors.flatMap((editor): readonly TextSource[] => {
    const text = selectedText(editor);
    if (text === '') return [];
    const from = `the selection in ${nameOf(editor.document.uri)}`;
    return [{ from, description: firstWords(text), read: () => Promise.resolve(text) }];
  });
}

/** Read only when it is chosen: a browser asks the user for that. */
export const clipboard: TextSource = {
  from: 'the clipboard',
  description: 'What was copied last',
  read: async () => {
    const text = await env.clipboard.readText();
    if (text === '') throw new Error('The clipboard holds no text. Copy some, then fill again.');
    return text;
  },
};

/** A file that the user chooses: its text, or an image as a `data:` URL. */
export function file(prompt: Uri, name: string): TextSource {
  return {
    from: 'a file',
    description: 'Its text, or an image',
    read: async () => {
      const [chosen] =
        (await window.showOpenDialog({
          title: `Fill “${name}” from a File`,
          openLabel: 'Use This File',
          ...(prompt.scheme === 'file' ? { defaultUri: Uri.joinPath(prompt, '..') } : {}),
        })) ?? [];
      return chosen && valueOfFile(chosen);
    },
  };
}

/** What is not committed in the folder of the workspace that the prompt lies in. */
export function uncommitted(prompt: Uri): readonly TextSource[] {
  const folder = workspace.getWorkspaceFolder(prompt) ?? workspace.workspaceFolders?.[0];
  if (folder?.uri.scheme !== 'file') return [];
  return [
    {
      from: 'the git diff',
      description: `All uncommitted changes in ${folder.name}, staged or not`,
      read: async () => {
        if (!workspace.isTrusted) throw new Error('Trust this workspace before git is asked in it.');
        const diff = await gitDiff(folder.uri.fsPath, {}, new AbortController().signal);
        if (diff === '') throw new Error(`Everything that git knows in ${folder.name} is committed.`);
        return diff;
      },
    },
  ];
}

/** See `fileValue`. @throws Error for what is too long, or neither text nor an image. */
async function valueOfFile(uri: Uri): Promise<string> {
  const { size, type } = await workspace.fs.stat(uri);
  if (type & FileType.Directory) throw new Error(`${nameOf(uri)} is a folder. Choose a file in it.`);
  if (size > longestFile) throw new Error(`${nameOf(uri)} is longer than 10 MB. Choose a part of it.`);
  const bytes = await workspace.fs.readFile(uri);
  try {
    return fileValue(uri.path, bytes);
  } catch (error) {
    throw new Error(`${nameOf(uri)} cannot be used. ${messageOf(error)}`, { cause: error });
  }
}

/** The beginning of a text in one line. */
export function firstWords(text: string): string {
  const line = text.slice(0, 200).replaceAll(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function selectedText({ document, selections: selected }: TextEditor): string {
  return selected
    .filter(({ isEmpty }) => !isEmpty)
    .map((range) => document.getText(range))
    .join('\n');
}
