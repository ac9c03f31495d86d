import { type Disposable, type Event, EventEmitter, type TextDocumentContentProvider, Uri } from 'vscode';
import { messageOf } from '../../core/errors.ts';
import { conversationScheme } from '../chatUri.ts';
import type { EntryId, History } from './entry.ts';

/** Entries as Markdown documents. Their address holds all that is needed, so they come back after a reload. */
export class ConversationDocuments implements TextDocumentContentProvider, Disposable {
  readonly #history: History;
  readonly #changed = new EventEmitter<Uri>();

  readonly onDidChange: Event<Uri> = this.#changed.event;

  constructor(history: History) {
    this.#history = history;
  }

  /** Reads a document again that may be open already. */
  reread(uri: Uri): void {
    this.#changed.fire(uri);
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const entry = entryOf(uri);
    if (!entry) return 'This address names no conversation.\n';
    try {
      const { exportEntry } = await import('./exportEntry.ts');
      return exportEntry(this.#history, entry, 'md');
    } catch (error) {
      return `${messageOf(error)}\n`;
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** The document of an entry, named after its title. */
export function conversationUri({ kind, id }: EntryId, title: string): Uri {
  return Uri.from({
    scheme: conversationScheme,
    path: `/${fileNameOf(title)}.md`,
    query: JSON.stringify({ kind, id }),
  });
}

/** A title as the name of a file on any system, without an extension. */
export function fileNameOf(title: string): string {
  const name = title.replaceAll(/[\\/:*?"<>|\p{Cc}]+/gu, ' ').trim();
  return name.replace(/^\.+|\.+$/g, '') || 'conversation';
}

function entryOf(uri: Uri): EntryId | undefined {
  try {
    // Anybody may open such an address, from a link for instance.
    const { kind, id } = JSON.parse(uri.query) as { readonly kind: unknown; readonly id: unknown };
    if ((kind !== 'conversation' && kind !== 'run') || typeof id !== 'string') return undefined;
    return { kind, id };
  } catch {
    return undefined;
  }
}
