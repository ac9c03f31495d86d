import { MarkdownString, ThemeColor, ThemeIcon, TreeItem } from 'vscode';
import type { HistoryEntry } from '../../core/conversation/store.ts';
import { formatAge } from '../../core/format.ts';
import type { Outcome } from '../../core/store.ts';
import { momentOf } from './conversationGroups.ts';
import { type EntryId, runTitle } from './entry.ts';

/** What an entry is called. */
export function titleOf(entry: HistoryEntry): string {
  return entry.kind === 'conversation' ? entry.conversation.title : runTitle(entry.run);
}

/** The row of an entry. @param now In ms since 1970. */
export function conversationItem(entry: HistoryEntry, now: number): TreeItem {
  const outcome = entry.kind === 'run' ? entry.run.outcome : entry.outcome;
  const { kind, id } = entryIdOf(entry);
  const title = titleOf(entry);
  const item = new TreeItem(title);
  item.id = `${kind} ${id}`;
  item.description = [modelsOf(entry), formatAge(momentOf(entry), now)].filter(Boolean).join(' · ');
  const isPinned = entry.kind === 'conversation' && entry.conversation.pinned;
  item.iconPath = iconOf(outcome, entry.kind);
  const isArchived = entry.kind === 'conversation' && entry.conversation.archived;
  item.contextValue = `history-${kind} ${isArchived ? 'archived' : 'listed'} ${isPinned ? 'pinned' : 'unpinned'}`;
  item.tooltip = tooltipOf(entry, title, outcome);
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

function tooltipOf(entry: HistoryEntry, title: string, outcome: Outcome | undefined): MarkdownString {
  const tooltip = new MarkdownString();
  const paragraph = (text: string): void => void tooltip.appendText(text).appendMarkdown('\n\n');
  paragraph(title);
  paragraph(entry.kind === 'conversation' ? entry.modelIds.join(', ') : entry.run.modelId);
  paragraph(new Date(momentOf(entry)).toLocaleString());
  if (entry.kind === 'conversation') paragraph(`${entry.messageCount} messages`);
  else if (entry.run.text !== '') paragraph(entry.run.text.slice(0, 300));
  if (outcome?.status === 'failed') paragraph(outcome.error.message);
  if (outcome?.status === 'interrupted') paragraph('The answer was interrupted; what had come is kept.');
  return tooltip;
}
