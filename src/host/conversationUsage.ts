import type { Disposable, Event, LogOutputChannel } from 'vscode';
import { messageOf } from '../core/errors.ts';
import { addedUsage, type ConversationUsage, usageOf } from '../core/usage/usage.ts';
import type { HostMessage, PanelState, Run } from '../protocol.ts';
import type { Summaries } from './summaries.ts';

export interface ConversationUsageSurroundings {
  /** What the history says that a conversation has used. @throws Error when it cannot be read. */
  readonly usedIn: (conversationId: string) => ConversationUsage;
  readonly summaries: Pick<Summaries, 'unsavedOf'>;
  readonly log: Pick<LogOutputChannel, 'warn'>;
}

/** The session whose conversation it is. */
interface TalkingSession {
  readonly state: PanelState;
  /** Every change of `state`. */
  readonly onMessage: Event<HostMessage>;
  readonly showUsed: (used: ConversationUsage | null) => void;
}

/**
 * Has a session show what its conversation has used, anew whenever one of its runs has ended. The history adds that up, for
 * it alone knows the branches and lanes that are not shown; what it did not take is added here.
 */
export function showConversationUsage(
  session: TalkingSession,
  { usedIn, summaries, log }: ConversationUsageSurroundings,
): Disposable {
  /** Runs that have ended and are not in the history, by conversation and id. */
  const unsaved = new Map<string, Map<string, Run>>();
  const totalsOf = (id: string, { lanes }: PanelState): ConversationUsage | null => {
    const missed = unsaved.get(id) ?? new Map<string, Run>();
    unsaved.set(id, missed);
    for (const run of endedIn(lanes)) if (run.unsaved !== undefined) missed.set(run.id, run);
    try {
      const saved = usedIn(id);
      const unsavedSummaries = usageOf(summaries.unsavedOf(id));
      return {
        ...addedUsage(addedUsage(saved, usageOf(missed.values())), unsavedSummaries),
        summaries: addedUsage(saved.summaries, unsavedSummaries),
      };
    } catch (error) {
      log.warn(`What the conversation has used is not known: ${messageOf(error)}`);
      return null;
    }
  };

  let shown = keyOf(session.state);
  return session.onMessage(() => {
    const { state } = session;
    const key = keyOf(state);
    if (key === shown) return;
    shown = key;
    session.showUsed(state.chat && totalsOf(state.chat.id, state));
  });
}

/**
 * What totals depend on: the conversation, which of its runs that are shown have ended, and which lanes could not go on,
 * perhaps after a summary was written.
 */
function keyOf({ chat, lanes }: Pick<PanelState, 'chat' | 'lanes'>): string {
  const stuck = lanes.map(({ problem }) => problem !== null);
  return JSON.stringify([chat?.id, stuck, ...endedIn(lanes).map(({ id }) => id)]);
}

function endedIn(lanes: PanelState['lanes']): readonly Run[] {
  return lanes.flatMap(({ run, message }) => (message && run && run.outcome.status !== 'running' ? run : []));
}
