import {
  type Disposable,
  type Event,
  EventEmitter,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from 'vscode';
import type { HistoryEntry } from '../../core/conversation/store.ts';
import { messageOf } from '../../core/errors.ts';
import type { ConversationUsage } from '../../core/usage/usage.ts';
import { type GroupName, groupNames, groupOf } from './conversationGroups.ts';
import type { ViewFilter } from './conversationFilter.ts';
import { conversationItem, tooltipOf } from './conversationItem.ts';
import type { History } from './entry.ts';

/** One row of the Conversations view. */
export type ConversationsRow =
  | { readonly type: 'group'; readonly name: GroupName; readonly rows: readonly ConversationsRow[] }
  | { readonly type: 'entry'; readonly entry: HistoryEntry }
  | { readonly type: 'more' }
  | { readonly type: 'problem'; readonly message: string };

/** How many entries one more page shows. */
const pageLength = 50;
/** More are not pinned by anybody. */
const mostPinned = 1_000;
/** After this time the ages of entries are written anew, in ms. */
const agesMs = 60_000;

/** The conversations and loose runs of the history, by day. Nothing is read before the first row is asked for. */
export class ConversationsView implements TreeDataProvider<ConversationsRow>, Disposable {
  readonly #history: History;
  readonly #usedIn: (conversationId: string) => ConversationUsage;
  readonly #now: () => number;
  readonly #changed = new EventEmitter<undefined>();
  #filter: ViewFilter = {};
  #cursor: number | null = null;
  #shown = pageLength;
  #readAt = 0;

  readonly onDidChangeTreeData: Event<undefined> = this.#changed.event;

  /** @param usedIn what a conversation has used; asked for the one that is pointed at. */
  constructor(history: History, usedIn: (conversationId: string) => ConversationUsage, now: () => number) {
    this.#history = history;
    this.#usedIn = usedIn;
    this.#now = now;
  }

  /** Reads the rows again where something has changed. Cheap; asked every second while the view is visible. */
  poll(): void {
    // Before the first list there is nothing on the screen that could be old.
    if (this.#readAt === 0) return;
    const isOld = this.#now() - this.#readAt > agesMs;
    if (this.#cursor === null) {
      // The history could not be read; now and then it is tried again.
      if (isOld) this.#changed.fire(undefined);
      return;
    }
    try {
      const { cursor, conversationIds, runIds } = this.#history.conversations.changesSince(this.#cursor);
      this.#cursor = cursor;
      if (conversationIds.length + runIds.length > 0 || isOld) this.#changed.fire(undefined);
    } catch {
      // The list says what is wrong, when it is read.
      this.#cursor = null;
      this.#changed.fire(undefined);
    }
  }

  /** Shows only some entries, from the first page on. */
  show(filter: ViewFilter): void {
    this.#filter = filter;
    this.#shown = pageLength;
    this.#changed.fire(undefined);
  }

  showMore(): void {
    this.#shown += pageLength;
    this.#changed.fire(undefined);
  }

  getChildren(row?: ConversationsRow): ConversationsRow[] {
    if (!row) return this.#roots();
    return row.type === 'group' ? [...row.rows] : [];
  }

  getTreeItem(row: ConversationsRow): TreeItem {
    switch (row.type) {
      case 'group': {
        const state =
          row.name === 'Older' ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded;
        const item = new TreeItem(row.name, state);
        item.id = row.name;
        return item;
      }
      case 'entry':
        return conversationItem(row.entry, this.#now());
      case 'more': {
        const item = new TreeItem('More…');
        item.id = 'more';
        item.iconPath = new ThemeIcon('ellipsis');
        item.command = { command: 'llmPlayground.moreConversations', title: 'Show More Conversations' };
        return item;
      }
      case 'problem': {
        const item = new TreeItem(row.message);
        item.iconPath = new ThemeIcon('warning');
        item.tooltip = row.message;
        return item;
      }
      default:
        return row satisfies never;
    }
  }

  /** Called by VS Code for a row that is pointed at and has no tooltip yet. */
  resolveTreeItem(item: TreeItem, row: ConversationsRow): TreeItem {
    if (row.type === 'entry') item.tooltip = tooltipOf(row.entry, this.#usedIn);
    return item;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #roots(): ConversationsRow[] {
    const { conversations } = this.#history;
    this.#readAt = this.#now();
    try {
      this.#cursor ??= conversations.changesSince(null).cursor;
      const pinned = conversations.list({ limit: mostPinned }, { ...this.#filter, pinned: true });
      const { entries, next } = conversations.list(
        { limit: this.#shown },
        { ...this.#filter, pinned: false },
      );
      const byGroup = Map.groupBy([...pinned.entries, ...entries], (entry) => groupOf(entry, this.#readAt));
      const names = groupNames.filter((name) => byGroup.has(name));
      return names.map((name) => {
        const rows = (byGroup.get(name) ?? []).map((entry): ConversationsRow => ({ type: 'entry', entry }));
        const hasMore = next !== undefined && name === names.at(-1);
        return { type: 'group', name, rows: hasMore ? [...rows, { type: 'more' }] : rows };
      });
    } catch (error) {
      return [{ type: 'problem', message: messageOf(error) }];
    }
  }
}
