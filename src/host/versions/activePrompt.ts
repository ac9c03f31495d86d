import { type Disposable, EventEmitter, type TextEditor, type Uri, window } from 'vscode';
import { promptLanguage } from '../language.ts';
import { promptUriOf } from './versionUri.ts';

/** The prompt that the user worked on last in an editor. A panel, a terminal or another file in front does not end that. */
export class ActivePrompt implements Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly #registration: Disposable;
  #uri: Uri | undefined;

  readonly onDidChange = this.#changed.event;

  constructor() {
    for (const editor of [...window.visibleTextEditors, window.activeTextEditor]) this.#take(editor);
    this.#registration = window.onDidChangeActiveTextEditor((editor) => this.#take(editor));
  }

  /** `undefined` before there was one. */
  get uri(): Uri | undefined {
    return this.#uri;
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }

  #take(editor: TextEditor | undefined): void {
    if (editor?.document.languageId !== promptLanguage) return;
    const uri = promptUriOf(editor.document.uri);
    if (uri.toString() === this.#uri?.toString()) return;
    this.#uri = uri;
    this.#changed.fire();
  }
}
