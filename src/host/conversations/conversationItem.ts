import { MarkdownString, ThemeColor, ThemeIcon, TreeItem } from 'vscode';
import type { HistoryEntry } from '../../core/conversation/store.ts';
import { messageOf } from '../../core/errors.ts';
import { formatAge } from '../../core/format.ts';
import type { Outcome } from '../../core/store.ts';
import { type ConversationUsage, noUsage, usageOf } from '../../core/usage/usage.ts';
import { conversationSentence } from '../../core/usage/usageLabel.ts';
import { momentOf } from './conversationGroups.ts';
import { type EntryId, runTitle } from './entry.ts';

/** What an entry is called. */
export function titleOf(entry: HistoryEntry): string {
  return entry.kind === 'conversation' ? entry.conversation.title : runTitle(entry.run);
}

/** The row of an entry, without its tooltip: see {@link tooltipOf}. @param now In ms since 1970. */
export function conversationItem(entry: HistoryEntry, now: number): TreeItem {
  const { kind, id } = entryIdOf(entry);
  const item = new TreeItem(titleOf(entry));
  item.id = `${kind} ${id}`;
  item.description = [modelsOf(entry), formatAge(momentOf(entry), now)].filter(Boolean).join(' · ');
  const isPinned = entry.kind === 'conversation' && entry.conversation.pinned;
  item.iconPath = iconOf(outcomeOf(entry), entry.kind);
  const isArchived = entry.kind === 'conversation' && entry.conversation.archived;
  item.contextValue = `history-${kind} ${isArchived ? 'archived' : 'listed'} ${isPinned ? 'pinned' : 'unpinned'}`;
  item.command = {
    command: 'llmPlayground.openConversation',
    title: 'Open',
    arguments: [{ type: 'entry', entry }],
  };
  return item;
}

export function entryIdOf(entry: HistoryEntry): EntryId {
  return { kind: entry.kind, id: entry.kind === 'conversation' ? entry.conversation.id : entry.run.id };
}

/** What an entry has used, as a sentence; empty where nothing has run. */
function usedBy(entry: HistoryEntry, usedIn: (conversationId: string) => ConversationUsage): string {
  try {
    const used =
      entry.kind === 'conversation'
        ? usedIn(entry.conversation.id)
        : { ...usageOf([entry.run]), summaries: noUsage };
    return used.runs > 0 ? conversationSentence(used) : '';
  } catch (error) {
    return messageOf(error);
  }
}

function outcomeOf(entry: HistoryEntry): Outcome | undefined {
  return entry.kind === 'run' ? entry.run.outcome : entry.outcome;
}

function modelsOf(entry: HistoryEntry): string {
  if (entry.kind === 'run') return entry.run.modelId;
  const [first = '', ...others] = entry.modelIds;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function iconOf(outcome: Outcome | undefined, kind: HistoryEntry['kind']): ThemeIcon {
  switch (outcome?.status) {
    case 'failed':
      return new ThemeIcon('error', new ThemeColor('list.errorForeground'));
    case 'interrupted':
      return new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
    case 'running':
      return new ThemeIcon('sync~spin');
    case 'stopped':
      return new ThemeIcon('circle-slash');
    case 'finished':
    case undefined:
      return new ThemeIcon(kind === 'conversation' ? 'comment-discussion' : 'comment');
    default:
      return outcome satisfies never;
  }
}

/** What hovering over an entry says. @param usedIn What a conversation has used; what it throws is said. */
export function tooltipOf(
  entry: HistoryEntry,
  usedIn: (conversationId: string) => ConversationUsage,
): MarkdownString {
  const outcome = outcomeOf(entry);
  const tooltip = new MarkdownString();
  const paragraph = (text: string): void => void tooltip.appendText(text).appendMarkdown('\n\n');
  paragraph(titleOf(entry));
  paragraph(entry.kind === 'conversation' ? entry.modelIds.join(', ') : entry.run.modelId);
  paragraph(new Date(momentOf(entry)).toLocaleString());
  if (entry.kind === 'conversation') paragraph(`${entry.messageCount} messages`);
  else if (entry.run.text !== '') paragraph(entry.run.text.slice(0, 300));
  paragraph(usedBy(entry, usedIn));
  if (outcome?.status === 'failed') paragraph(outcome.error.message);
  if (outcome?.status === 'interrupted') paragraph('The answer was interrupted; what had come is kept.');
  return tooltip;
}
