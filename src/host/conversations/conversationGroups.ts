import type { HistoryEntry } from '../../core/conversation/store.ts';

/** The groups of the Conversations view, in their order. */
export const groupNames = ['Pinned', 'Today', 'Yesterday', 'Last 7 days', 'Older'] as const;
export type GroupName = (typeof groupNames)[number];

/** The group of an entry, by calendar days in the local time. @param now In ms since 1970. */
export function groupOf(entry: HistoryEntry, now: number): GroupName {
  if (entry.kind === 'conversation' && entry.conversation.pinned) return 'Pinned';
  const at = momentOf(entry);
  if (at >= dayStart(now, 0)) return 'Today';
  if (at >= dayStart(now, 1)) return 'Yesterday';
  return at >= dayStart(now, 7) ? 'Last 7 days' : 'Older';
}

/** When an entry changed last, in ms since 1970. */
export function momentOf(entry: HistoryEntry): number {
  return entry.kind === 'conversation' ? entry.conversation.updatedAt : entry.run.startedAt;
}

/** When the day began that is `daysBefore` before that of `now`. A day is not always 24 hours long. */
function dayStart(now: number, daysBefore: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - daysBefore).getTime();
}
