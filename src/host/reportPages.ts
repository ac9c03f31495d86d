import { commands, type Disposable, Uri, workspace } from 'vscode';

/** Shows a page of Markdown that belongs to no file. */
export class ReportPages implements Disposable {
  #text = '';
  readonly #registration = workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: () => this.#text,
  });

  async show(text: string): Promise<void> {
    this.#text = text;
    // Another address each time, or the editor shows what it has kept of the last one.
    const uri = Uri.from({ scheme, path: '/Acceleration.md', query: String(Date.now()) });
    await commands.executeCommand('markdown.showPreview', uri);
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

const scheme = 'llm-playground-report';
