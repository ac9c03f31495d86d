import { commands, Disposable, window, workspace } from 'vscode';
import { ConversationActions } from './conversationActions.ts';
import { ConversationDocuments, conversationScheme } from './conversationDocuments.ts';
import { entryIdOf } from './conversationItem.ts';
import { type ConversationsRow, ConversationsView } from './conversationsView.ts';
import type { EntryId, History } from './entry.ts';

/** The commands of the Conversations view. */
export type ConversationCommandId =
  | 'llmPlayground.searchConversations'
  | 'llmPlayground.moreConversations'
  | 'llmPlayground.openConversation'
  | 'llmPlayground.renameConversation'
  | 'llmPlayground.pinConversation'
  | 'llmPlayground.unpinConversation'
  | 'llmPlayground.deleteConversation'
  | 'llmPlayground.exportConversation'
  | 'llmPlayground.copyConversation';

const pollMs = 1_000;

/** The Conversations view, its commands, and the documents that it opens. The history is opened when it is first shown. */
export function registerConversations(history: History): Disposable {
  const view = new ConversationsView(history, Date.now);
  const tree = window.createTreeView('llmPlayground.conversations', { treeDataProvider: view });
  const documents = new ConversationDocuments(history);
  const actions = new ConversationActions(history, documents, () => view.poll());
  const on =
    (action: (entry: EntryId) => Promise<void>) =>
    async (row: unknown): Promise<void> => {
      // From the keyboard there is no row, but there may be one that is selected.
      const chosen = (row as ConversationsRow | undefined) ?? tree.selection[0];
      if (chosen?.type === 'entry') await action(entryIdOf(chosen.entry));
    };
  const handlers: Record<ConversationCommandId, (row?: unknown) => unknown> = {
    'llmPlayground.searchConversations': async (words) => {
      const { searchConversations } = await import('./searchConversations.ts');
      searchConversations(history, typeof words === 'string' ? words : '', (entry) => actions.open(entry));
    },
    'llmPlayground.moreConversations': () => view.showMore(),
    'llmPlayground.openConversation': on((entry) => actions.open(entry)),
    'llmPlayground.renameConversation': on((entry) => actions.rename(entry)),
    'llmPlayground.pinConversation': on((entry) => actions.setPinned(entry, true)),
    'llmPlayground.unpinConversation': on((entry) => actions.setPinned(entry, false)),
    'llmPlayground.deleteConversation': on((entry) => actions.delete(entry)),
    'llmPlayground.exportConversation': on((entry) => actions.export(entry)),
    'llmPlayground.copyConversation': on((entry) => actions.copyAsMarkdown(entry)),
  };

  let timer: NodeJS.Timeout | undefined;
  const follow = (): void => {
    clearInterval(timer);
    if (!tree.visible) return;
    view.poll();
    timer = setInterval(() => view.poll(), pollMs);
  };
  follow();
  return Disposable.from(
    view,
    tree,
    documents,
    tree.onDidChangeVisibility(follow),
    new Disposable(() => clearInterval(timer)),
    workspace.registerTextDocumentContentProvider(conversationScheme, documents),
    ...Object.entries(handlers).map(([id, handler]) => commands.registerCommand(id, handler)),
  );
}
