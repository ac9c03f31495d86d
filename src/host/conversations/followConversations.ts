import { Disposable, type LogOutputChannel } from 'vscode';
import type { ConversationStore } from '../../core/conversation/store.ts';
import { messageOf } from '../../core/errors.ts';
import type { ConversationPanels } from '../conversationPanels.ts';
import type { Sessions } from '../sessions.ts';

export interface FollowedSurroundings {
  readonly conversations: Pick<ConversationStore, 'changesSince'>;
  readonly sessions: Pick<Sessions, 'all' | 'onRunningChanged'>;
  readonly panels: Pick<ConversationPanels, 'changed'>;
  readonly log: Pick<LogOutputChannel, 'warn'>;
}

const pollMs = 1_000;

/**
 * Has the sessions of this window show what other panels and windows write in their conversations, within a second. The
 * history is asked from the moment that a session talks; where it cannot be read, what has changed meanwhile is
 * shown when it can be read again.
 */
export function followConversations({
  conversations,
  sessions,
  panels,
  log,
}: FollowedSurroundings): Disposable {
  let timer: NodeJS.Timeout | undefined;
  let cursor: number | null = null;
  let isReadable = true;
  const poll = (): void => {
    try {
      const changes = conversations.changesSince(cursor);
      cursor = changes.cursor;
      isReadable = true;
      for (const id of changes.conversationIds) panels.changed(id);
    } catch (error) {
      if (isReadable) log.warn(`What other windows write is not seen: ${messageOf(error)}`);
      isReadable = false;
    }
  };
  const began = sessions.onRunningChanged(() => {
    if (timer || [...sessions.all].every(({ chat }) => chat.id === null)) return;
    timer = setInterval(poll, pollMs);
    poll();
  });
  return Disposable.from(began, new Disposable(() => clearInterval(timer)));
}
