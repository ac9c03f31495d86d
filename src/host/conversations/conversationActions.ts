import { commands, env, Uri, window, workspace } from 'vscode';
import { messageOf } from '../../core/errors.ts';
import type { ConversationPanels } from '../conversationPanels.ts';
import { askForBranchAction, type BranchId } from './branchActions.ts';
import { type ConversationDocuments, conversationUri, fileNameOf } from './conversationDocuments.ts';
import { conversationIdOf, type EntryId, type History, recordOf } from './entry.ts';
import type { ExportFormat } from './exportEntry.ts';

/** What can be done with an entry of the history. Each tells the user when it fails. */
export class ConversationActions {
  readonly #history: History;
  readonly #documents: ConversationDocuments;
  readonly #panels: Pick<ConversationPanels, 'open' | 'changed'>;
  readonly #onChange: () => void;

  /** @param onChange Called when the history was changed, so that the view need not wait to see it. */
  constructor(
    history: History,
    documents: ConversationDocuments,
    panels: Pick<ConversationPanels, 'open' | 'changed'>,
    onChange: () => void,
  ) {
    this.#history = history;
    this.#documents = documents;
    this.#panels = panels;
    this.#onChange = onChange;
  }

  /** Opens an entry in a panel, to be gone on with; where the history cannot be written, to be read. */
  async open(entry: EntryId, toSide = false): Promise<void> {
    let id: string;
    try {
      id = conversationIdOf(this.#history, entry);
    } catch {
      // A loose run that cannot become a conversation can still be looked at, and the preview says what else is wrong.
      await this.preview(entry);
      return;
    }
    await telling(() => this.#panels.open(id, toSide));
    this.#onChange();
  }

  /** Shows an entry in the Markdown preview; as text where the editor has none. */
  async preview(entry: EntryId): Promise<void> {
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
      this.#change(entry, (conversations, id) => conversations.rename(id, title));
    });
  }

  async setPinned(entry: EntryId, pinned: boolean): Promise<void> {
    await telling(() => this.#change(entry, (conversations, id) => conversations.setPinned(id, pinned)));
  }

  /** Takes an entry out of the list, or back into it. */
  async setArchived(entry: EntryId, archived: boolean): Promise<void> {
    await telling(async () => {
      const { title } = recordOf(this.#history, entry).conversation;
      this.#change(entry, (conversations, id) => conversations.setArchived(id, archived));
      const undo = 'Undo';
      if (!archived || (await window.showInformationMessage(`Archived “${title}”.`, undo)) !== undo) return;
      this.#change(entry, (conversations, id) => conversations.setArchived(id, false));
    });
  }

  /** Asks what to do with a branch of a conversation, and does it. */
  async branch(branch: BranchId): Promise<void> {
    await telling(() =>
      askForBranchAction(this.#history, branch, () => {
        this.#panels.changed(branch.conversationId);
        this.#onChange();
      }),
    );
  }

  /** Deletes an entry at once and offers to bring it back. */
  async delete(entry: EntryId): Promise<void> {
    await telling(async () => {
      const { conversations } = this.#history;
      const { title } = recordOf(this.#history, entry).conversation;
      const id = conversationIdOf(this.#history, entry);
      conversations.delete(id);
      this.#onChange();
      this.#panels.changed(id);
      const undo = 'Undo';
      if ((await window.showInformationMessage(`Deleted “${title}”.`, undo)) !== undo) return;
      conversations.restore(id);
      this.#onChange();
      this.#panels.changed(id);
    });
  }

  /** Adds conversations from JSON files, asked for where none are given, and opens the last one. */
  async import(files?: readonly Uri[]): Promise<void> {
    const { askForImports, importFile } = await import('./importConversations.ts');
    let last: string | undefined;
    for (const file of files ?? (await askForImports()) ?? []) {
      // One that is broken keeps none of the others out.
      await telling(async () => {
        last = (await importFile(this.#history, file)).id;
      });
    }
    this.#onChange();
    if (last !== undefined) await this.open({ kind: 'conversation', id: last });
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

  #change(entry: EntryId, change: (conversations: History['conversations'], id: string) => void): void {
    const id = conversationIdOf(this.#history, entry);
    change(this.#history.conversations, id);
    this.#panels.changed(id);
    this.#onChange();
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
