import { commands, Disposable, Uri, window, workspace } from 'vscode';
import type { ConversationUsage } from '../../core/usage/usage.ts';
import { ConversationActions } from './conversationActions.ts';
import { conversationScheme } from '../chatUri.ts';
import { registerHandlers } from '../registerHandlers.ts';
import { tellRowIsGone } from '../rowIsGone.ts';
import type { ConversationPanels } from '../conversationPanels.ts';
import { ConversationDocuments } from './conversationDocuments.ts';
import type { BranchId } from './branchActions.ts';
import { filterLabel, type ViewFilter } from './conversationFilter.ts';
import { entryIdOf } from './conversationItem.ts';
import { type ConversationsRow, ConversationsView } from './conversationsView.ts';
import type { EntryId, History } from './entry.ts';

/** The commands of the Conversations view. */
export type ConversationCommandId =
  | 'llmPlayground.searchConversations'
  | 'llmPlayground.moreConversations'
  | 'llmPlayground.newChat'
  | 'llmPlayground.openConversation'
  | 'llmPlayground.openConversationToSide'
  | 'llmPlayground.previewConversation'
  | 'llmPlayground.renameConversation'
  | 'llmPlayground.pinConversation'
  | 'llmPlayground.unpinConversation'
  | 'llmPlayground.archiveConversation'
  | 'llmPlayground.unarchiveConversation'
  | 'llmPlayground.deleteConversation'
  | 'llmPlayground.filterConversations'
  | 'llmPlayground.clearConversationFilter'
  | 'llmPlayground.importConversations'
  | 'llmPlayground.branchActions'
  | 'llmPlayground.exportConversation'
  | 'llmPlayground.copyConversation';

const pollMs = 1_000;

/** The Conversations view, its commands, and the documents that it opens. The history is opened when it is first shown. */
export function registerConversations(
  history: History,
  usedIn: (conversationId: string) => ConversationUsage,
  panels: ConversationPanels,
): Disposable {
  const view = new ConversationsView(history, usedIn, Date.now);
  const tree = window.createTreeView('llmPlayground.conversations', { treeDataProvider: view });
  const documents = new ConversationDocuments(history);
  const actions = new ConversationActions(history, documents, panels, () => view.poll());
  const on =
    (action: (entry: EntryId) => Promise<void>) =>
    async (...given: [row?: unknown]): Promise<void> => {
      // What is selected is not what was meant where the row of a button is gone.
      if (given.length > 0 && !given[0]) {
        tellRowIsGone();
        return;
      }
      // From the keyboard there is no row, but there may be one that is selected.
      const chosen = (given[0] ?? tree.selection[0]) as ConversationsRow | EntryId | undefined;
      if (!chosen) return;
      if ('kind' in chosen) await action(chosen);
      else if (chosen.type === 'entry') await action(entryIdOf(chosen.entry));
    };
  const show = async (filter: ViewFilter): Promise<void> => {
    view.show(filter);
    tree.description = filterLabel(filter);
    const isFiltered = Object.keys(filter).length > 0;
    await commands.executeCommand('setContext', 'llmPlayground.conversationsFiltered', isFiltered);
  };
  const handlers: Record<ConversationCommandId, (...given: [row?: unknown]) => unknown> = {
    'llmPlayground.searchConversations': async (words) => {
      const { searchConversations } = await import('./searchConversations.ts');
      searchConversations(history, typeof words === 'string' ? words : '', (entry) => actions.open(entry));
    },
    'llmPlayground.moreConversations': () => view.showMore(),
    'llmPlayground.newChat': () => panels.begin(),
    'llmPlayground.openConversation': on((entry) => actions.open(entry)),
    'llmPlayground.openConversationToSide': on((entry) => actions.open(entry, true)),
    'llmPlayground.previewConversation': on((entry) => actions.preview(entry)),
    'llmPlayground.renameConversation': on((entry) => actions.rename(entry)),
    'llmPlayground.pinConversation': on((entry) => actions.setPinned(entry, true)),
    'llmPlayground.unpinConversation': on((entry) => actions.setPinned(entry, false)),
    'llmPlayground.archiveConversation': on((entry) => actions.setArchived(entry, true)),
    'llmPlayground.unarchiveConversation': on((entry) => actions.setArchived(entry, false)),
    'llmPlayground.filterConversations': async () => {
      const { askForFilter } = await import('./conversationFilter.ts');
      const filter = await askForFilter(history);
      if (filter) await show(filter);
    },
    'llmPlayground.clearConversationFilter': () => show({}),
    'llmPlayground.importConversations': (file) => actions.import(file instanceof Uri ? [file] : undefined),
    'llmPlayground.branchActions': (branch) => actions.branch(branch as BranchId),
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
    registerHandlers(handlers),
  );
}
