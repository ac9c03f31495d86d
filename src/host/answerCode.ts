import type { Uri } from 'vscode';
import {
  commands,
  type Disposable,
  languages,
  type TextEditor,
  ViewColumn,
  window,
  workspace,
  WorkspaceEdit,
} from 'vscode';
import type { CodeAction } from '../protocol.ts';
import type { AnswerDocuments } from './answerDocuments.ts';

/** A block of code of an answer, and where it goes. */
export interface UsedCode {
  readonly action: CodeAction;
  readonly code: string;
  /** The name behind its fence; `''` where there is none. */
  readonly language: string;
}

/**
 * Takes code out of answers: to the cursor or the selection of the editor that was used last, or into a new file. While
 * the panel has the focus no editor is active, so that one is remembered.
 */
export class AnswerCode implements Disposable {
  readonly #documents: AnswerDocuments;
  readonly #registration: Disposable;
  #editor: TextEditor | undefined = usable(window.activeTextEditor);

  constructor(documents: AnswerDocuments) {
    this.#documents = documents;
    this.#registration = window.onDidChangeActiveTextEditor((editor) => {
      this.#editor = usable(editor) ?? this.#editor;
    });
  }

  async use({ action, code, language }: UsedCode): Promise<void> {
    const text = code.replace(/\n$/, '');
    switch (action) {
      case 'open':
        return openAsFile(text, language);
      case 'insert':
        return this.#insert(text, language);
      case 'apply':
        return this.#apply(text, language);
      default:
        action satisfies never;
    }
  }

  dispose(): void {
    this.#registration.dispose();
  }

  /** Puts it at every cursor, in the place of what is selected. */
  async #insert(text: string, language: string): Promise<void> {
    const editor = this.#target();
    if (!editor) return offerFile('There is no open file to insert into.', text, language);
    const { document, viewColumn } = editor;
    const edit = new WorkspaceEdit();
    for (const selection of editor.selections) {
      edit.replace(document.uri, document.validateRange(selection), text);
    }
    if (!(await workspace.applyEdit(edit))) {
      refused(document.uri);
      return;
    }
    await window.showTextDocument(document, viewColumn === undefined ? {} : { viewColumn });
  }

  /**
   * Puts it in the place of the selection, or of the whole file where nothing is selected, unsaved, and shows what that
   * changes: each change can be taken back in the diff, and all of them by Undo.
   */
  async #apply(text: string, language: string): Promise<void> {
    const editor = this.#target();
    if (!editor) return offerFile('There is no open file to apply this to.', text, language);
    const { document, selection } = editor;
    const before = document.getText();
    const end = document.positionAt(before.length);
    const range = selection.isEmpty
      ? selection.with(document.positionAt(0), end)
      : document.validateRange(selection);
    const edit = new WorkspaceEdit();
    const takesAll = selection.isEmpty && before.endsWith('\n') && !text.endsWith('\n');
    edit.replace(document.uri, range, takesAll ? `${text}\n` : text);
    if (!(await workspace.applyEdit(edit))) {
      refused(document.uri);
      return;
    }
    const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
    await commands.executeCommand(
      'vscode.diff',
      this.#documents.of(name, `before:${document.uri.toString()}`, before),
      document.uri,
      `${name} ↔ with the answer (unsaved)`,
      { viewColumn: editor.viewColumn ?? ViewColumn.One },
    );
  }

  /** The editor that was used last; one whose file was closed since is none. */
  #target(): TextEditor | undefined {
    const editor = usable(window.activeTextEditor) ?? this.#editor;
    return editor && !editor.document.isClosed ? editor : undefined;
  }
}

/** The editor, if an answer can go there: not into an output channel, a version of the past or another answer. */
function usable(editor: TextEditor | undefined): TextEditor | undefined {
  const scheme = editor?.document.uri.scheme ?? '';
  return scheme === 'untitled' || workspace.fs.isWritableFileSystem(scheme) ? editor : undefined;
}

async function openAsFile(content: string, language: string): Promise<void> {
  const id = await languageIdOf(language);
  const document = await workspace.openTextDocument({
    content,
    ...(id === undefined ? {} : { language: id }),
  });
  await window.showTextDocument(document, { viewColumn: ViewColumn.One });
}

async function offerFile(message: string, text: string, language: string): Promise<void> {
  const open = 'Open as a File';
  if ((await window.showInformationMessage(message, open)) === open) await openAsFile(text, language);
}

function refused(uri: Uri): void {
  void window.showErrorMessage(`${uri.path} cannot be changed. It may be read-only.`);
}

/** The editor's language for the name behind a fence; `undefined` where it has none of that name. */
async function languageIdOf(name: string): Promise<string | undefined> {
  const wanted = name.toLowerCase();
  const id = idsByName[wanted] ?? wanted;
  return (await languages.getLanguages()).find((known) => known === id);
}

/** Names that models write behind fences, where the editor's differ. */
const idsByName: Readonly<Record<string, string>> = {
  'c#': 'csharp',
  'c++': 'cpp',
  bash: 'shellscript',
  console: 'shellscript',
  cs: 'csharp',
  docker: 'dockerfile',
  golang: 'go',
  js: 'javascript',
  jsx: 'javascriptreact',
  kt: 'kotlin',
  md: 'markdown',
  ps1: 'powershell',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'shellscript',
  shell: 'shellscript',
  ts: 'typescript',
  tsx: 'typescriptreact',
  yml: 'yaml',
  zsh: 'shellscript',
};
