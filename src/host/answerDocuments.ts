import { Disposable, EventEmitter, type TextDocumentContentProvider, Uri, workspace } from 'vscode';

const scheme = 'llm-playground-answer';

/** Texts as documents that are nowhere on the disk, for one side of a diff. They go when they are closed. */
export class AnswerDocuments implements Disposable, TextDocumentContentProvider {
  /** The texts of the documents that are open, by their URI. */
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #registrations: Disposable;

  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#registrations = Disposable.from(
      this.#changed,
      workspace.registerTextDocumentContentProvider(scheme, this),
      workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    );
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  /** The document of a text. The same name and id give the same document, with the new text in it. */
  of(name: string, id: string, text: string): Uri {
    const uri = Uri.from({ scheme, path: `/${name.replaceAll('/', '∕')}`, query: id });
    this.#texts.set(uri.toString(), text);
    // A document that is open already may hold the beginning of a text that has grown since.
    this.#changed.fire(uri);
    return uri;
  }

  dispose(): void {
    this.#registrations.dispose();
  }
}
