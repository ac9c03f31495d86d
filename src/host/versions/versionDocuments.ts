import type { TextDocumentContentProvider, Uri } from 'vscode';
import type { PromptVersions } from './promptVersions.ts';
import { placedVersionOf } from './versionUri.ts';

/** Texts of versions as documents that can be read, compared and run, but not changed. They come back after a reload. */
export class VersionDocuments implements TextDocumentContentProvider {
  readonly #versions: PromptVersions;

  constructor(versions: PromptVersions) {
    this.#versions = versions;
  }

  /** @throws Error when nobody has the text any more. */
  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const placed = placedVersionOf(uri);
    if (!placed) throw new Error('This address names no version of a prompt.');
    return this.#versions.textOf(placed.prompt, placed.version);
  }
}
