import { type QuickPickItem, window } from 'vscode';
import { messageOf } from '../../core/errors.ts';
import { formatAge } from '../../core/format.ts';
import { entryIdOf, titleOf } from './conversationItem.ts';
import type { EntryId, History } from './entry.ts';

/** What was found, as a line to choose. */
interface FoundItem extends QuickPickItem {
  readonly entry?: EntryId;
}

/** The user writes on within this time, in ms. */
const restMs = 150;
const mostFound = 50;

/** Searches the history while the user writes. Opens what is chosen with `open`. @param words What to begin with. */
export function searchConversations(
  history: History,
  words: string,
  open: (entry: EntryId) => Promise<void>,
): void {
  const pick = window.createQuickPick<FoundItem>();
  let timer: NodeJS.Timeout | undefined;
  const search = (): void => {
    try {
      pick.items = found(history, pick.value);
    } catch (error) {
      pick.items = [{ label: messageOf(error), alwaysShow: true }];
    }
    pick.busy = false;
  };
  pick.title = 'Search Conversations';
  pick.placeholder = 'Words of a message or an answer; "in quotes" as they stand';
  pick.onDidChangeValue(() => {
    clearTimeout(timer);
    pick.busy = true;
    timer = setTimeout(search, restMs);
  });
  pick.onDidAccept(() => {
    const entry = pick.selectedItems[0]?.entry;
    if (!entry) return;
    pick.hide();
    void open(entry);
  });
  pick.onDidHide(() => {
    clearTimeout(timer);
    pick.dispose();
  });
  pick.value = words;
  pick.show();
  search();
}

/** Titles that match first, then what was said. With no words, what changed last. */
export function found({ conversations }: History, words: string): FoundItem[] {
  const { entries } = conversations.list({ limit: mostFound }, words.trim() === '' ? {} : { text: words });
  const { hits } = conversations.search(words, { limit: mostFound });
  const said = new Set(hits.map(({ conversationId, runId }) => conversationId ?? runId));
  const now = Date.now();
  return [
    ...entries
      .filter((entry) => !said.has(entryIdOf(entry).id))
      .map((entry) => ({ label: titleOf(entry), alwaysShow: true, entry: entryIdOf(entry) })),
    ...hits.flatMap(({ conversationId, runId, title, modelId, at, snippet }): FoundItem[] => {
      const id = conversationId ?? runId;
      if (id === undefined) return [];
      return [
        {
          label: title ?? modelId ?? '',
          description: [title === undefined ? '' : modelId, formatAge(at, now)].filter(Boolean).join(' · '),
          detail: snippet
            .map(({ text }) => text)
            .join('')
            .replaceAll(/\s+/g, ' '),
          alwaysShow: true,
          entry: { kind: conversationId === undefined ? 'run' : 'conversation', id },
        },
      ];
    }),
  ];
}
