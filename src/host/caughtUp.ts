import type { ConversationMessage } from '../core/conversation/conversation.ts';
import { isBelow } from '../core/conversation/tree.ts';
import type { LaneView } from '../protocol.ts';
import type { ChatTree } from './chatTree.ts';
import { isSamePath, nowhere, type PathView, type ShownPath } from './chatTurns.ts';

/** A conversation as it is now. */
interface NowWritten {
  readonly tree: ChatTree;
  readonly messages: readonly ConversationMessage[];
  /** The path to a message, with as many turns as the lane shows. */
  readonly pathAt: (headId: string) => PathView | undefined;
}

/**
 * How a lane that is in a conversation stands after other panels and windows have written in it; `undefined` where it
 * shows that already.
 *
 * A lane is taken along only where its own end was gone on with, and when no answer is under way there any more: everything
 * that it shows stays in its place, and what is new comes below. Elsewhere it stays, whatever branch others have turned to;
 * one whose message was deleted goes where the history has put it.
 */
export function caughtUp(
  { message, ...lane }: LaneView,
  { tree, messages, pathAt }: NowWritten,
): ShownPath | undefined {
  if (!message) return undefined;
  const stored = tree.conversation()?.lanes.find(({ id }) => id === lane.id)?.headId ?? null;
  const isThere = messages.some(({ id }) => id === message.id);
  const isLedOn =
    stored !== null && isBelow(messages, stored, message.id) && !isUnderWay(tree, messages, stored);
  const headId = isThere && !isLedOn ? message.id : stored;
  const path = headId === null ? undefined : pathAt(headId);
  if (!path) return nowhere;
  const { runId, ...shown } = path;
  const now = { ...shown, run: runOf(tree, runId, lane.run) };
  return isSamePath({ message, ...lane }, now) ? undefined : now;
}

/** Whether a message is an answer that has not ended. Its run may be written a moment later than its place. */
function isUnderWay(tree: ChatTree, messages: readonly ConversationMessage[], messageId: string): boolean {
  const runId = messages.find(({ id }) => id === messageId)?.runId;
  if (runId === undefined) return false;
  const answer = tree.answers(messages.filter(({ id }) => id === messageId)).get(runId);
  return answer === undefined || answer.outcome.status === 'running';
}

/** A run that has ended never changes, so the one that is shown stays. */
function runOf(tree: ChatTree, runId: string | null, shown: LaneView['run']): LaneView['run'] {
  if (runId === null) return null;
  const isShown = shown?.id === runId;
  if (isShown && shown.outcome.status !== 'running') return shown;
  return tree.run(runId) ?? (isShown ? shown : null);
}
