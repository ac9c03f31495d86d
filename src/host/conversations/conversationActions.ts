import { commands, env, Uri, window, workspace } from 'vscode';
import { messageOf } from '../../core/errors.ts';
import { type ConversationDocuments, conversationUri, fileNameOf } from './conversationDocuments.ts';
import { conversationIdOf, type EntryId, type History, recordOf } from './entry.ts';
import type { ExportFormat } from './exportEntry.ts';

/** What can be done with an entry of the history. Each tells the user when it fails. */
export class ConversationActions {
  readonly #history: History;
  readonly #documents: ConversationDocuments;
  readonly #onChange: () => void;

  /** @param onChange Called when the history was changed, so that the view need not wait to see it. */
  constructor(history: History, documents: ConversationDocuments, onChange: () => void) {
    this.#history = history;
    this.#documents = documents;
    this.#onChange = onChange;
  }

  /** Shows an entry in the Markdown preview; as text where the editor has none. */
  async open(entry: EntryId): Promise<void> {
    await telling(async () => {
      const uri = conversationUri(entry, recordOf(this.#history, entry).conversation.title);
      this.#documents.reread(uri);
      try {
        await commands.executeCommand('markdown.showPreview', uri);
      } catch {
        await window.showTextDocument(uri, { preview: true });
      }
    });
  }

  /** Asks for a title; an empty one gives back the title of the first message. */
  async rename(entry: EntryId): Promise<void> {
    await telling(async () => {
      const title = await window.showInputBox({
        title: 'Rename Conversation',
        prompt: 'Empty takes the title from the first message.',
        value: recordOf(this.#history, entry).conversation.title,
      });
      if (title === undefined) return;
      this.#history.conversations.rename(conversationIdOf(this.#history, entry), title);
      this.#onChange();
    });
  }

  async setPinned(entry: EntryId, pinned: boolean): Promise<void> {
    await telling(() => {
      this.#history.conversations.setPinned(conversationIdOf(this.#history, entry), pinned);
      this.#onChange();
    });
  }

  /** Deletes an entry at once and offers to bring it back. */
  async delete(entry: EntryId): Promise<void> {
    await telling(async () => {
      const { conversations } = this.#history;
      const { title } = recordOf(this.#history, entry).conversation;
      const id = conversationIdOf(this.#history, entry);
      conversations.delete(id);
      this.#onChange();
      const undo = 'Undo';
      if ((await window.showInformationMessage(`Deleted “${title}”.`, undo)) !== undo) return;
      conversations.restore(id);
      this.#onChange();
    });
  }

  /** Asks for a format and a file, and writes it. @param target Where to, by its extension, without asking. */
  async export(entry: EntryId, target?: Uri): Promise<void> {
    await telling(async () => {
      const file = target ?? (await this.#exportTarget(entry));
      if (!file) return;
      const format =
        formats.find(({ extension }) => file.path.endsWith(`.${extension}`))?.extension ?? 'json';
      const { exportEntry } = await import('./exportEntry.ts');
      const text = exportEntry(this.#history, entry, format);
      await workspace.fs.writeFile(file, new TextEncoder().encode(text));
      if (target) return;
      const open = 'Open';
      if ((await window.showInformationMessage('The conversation is exported.', open)) === open) {
        await commands.executeCommand('vscode.open', file);
      }
    });
  }

  async copyAsMarkdown(entry: EntryId): Promise<void> {
    await telling(async () => {
      const { exportEntry } = await import('./exportEntry.ts');
      await env.clipboard.writeText(exportEntry(this.#history, entry, 'md'));
      window.setStatusBarMessage('The conversation is copied as Markdown.', 3_000);
    });
  }

  async #exportTarget(entry: EntryId): Promise<Uri | undefined> {
    const format = await window.showQuickPick(formats, { title: 'Export Conversation' });
    if (!format) return undefined;
    const name = `${fileNameOf(recordOf(this.#history, entry).conversation.title)}.${format.extension}`;
    const folder = workspace.workspaceFolders?.[0]?.uri;
    return window.showSaveDialog({
      title: 'Export Conversation',
      saveLabel: 'Export',
      filters: { [format.label]: [format.extension] },
      ...(folder ? { defaultUri: Uri.joinPath(folder, name) } : {}),
    });
  }
}

const formats: readonly {
  readonly label: string;
  readonly detail: string;
  readonly extension: ExportFormat;
}[] = [
  { label: 'JSON', detail: 'All branches, to be read back', extension: 'json' },
  { label: 'Markdown', detail: 'The branch that the conversation shows', extension: 'md' },
  { label: 'HTML', detail: 'The same as one page that needs nothing else', extension: 'html' },
];

async function telling(action: () => Promise<void> | void): Promise<void> {
  try {
    await action();
  } catch (error) {
    void window.showErrorMessage(messageOf(error));
  }
}
