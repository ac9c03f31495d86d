import { textOf } from '../core/chat.ts';
import type { Answer, ConversationMessage } from '../core/conversation/conversation.ts';
import { contentOf } from '../core/conversation/request.ts';
import { siblingsOf } from '../core/conversation/tree.ts';
import type { HostMessage, LaneView, MessagePlace, PanelState, TurnsChange, TurnView } from '../protocol.ts';

/** How a lane stands in its conversation. */
export type ShownPath = Pick<LaneView, 'turns' | 'earlier' | 'message' | 'run'>;

/** A path without the run at its end. */
export interface PathView extends Pick<LaneView, 'turns' | 'earlier'> {
  readonly message: MessagePlace;
  /** The run of the newest answer. */
  readonly runId: string;
}

/** A lane shows this many turns at first, and so many more each time that earlier ones are asked for. */
export const turnsAtOnce = 50;

type AnswersByRun = ReadonlyMap<string, Answer>;

/**
 * A path as a lane shows it: the newest answer, and above it everything since the first, or the end of that. What stands
 * before the first answer is the prompt itself, which is shown as what was sent. `undefined` where nothing was answered.
 * @param answersOf reads the answers of the messages that are shown
 * @param earlier how many turns to leave out at the beginning; absent for all but the last {@link turnsAtOnce}
 */
export function pathView(
  messages: readonly ConversationMessage[],
  path: readonly ConversationMessage[],
  answersOf: (shown: readonly ConversationMessage[]) => AnswersByRun,
  earlier?: number,
): PathView | undefined {
  const first = path.findIndex(({ runId }) => runId !== undefined);
  const last = path.findLastIndex(({ runId }) => runId !== undefined);
  const newest = path[last];
  if (newest?.runId === undefined) return undefined;
  const placeOf = ({ id }: ConversationMessage): MessagePlace => ({
    id,
    siblings: siblingsOf(messages, id).map((sibling) => sibling.id),
  });
  const leftOut = Math.min(earlier ?? Math.max(0, last - first - turnsAtOnce), last - first);
  const shown = path.slice(first + leftOut, last);
  const answers = answersOf(shown);
  return {
    turns: shown.map((message) => ({ ...placeOf(message), ...contentShown(message, answers) })),
    earlier: leftOut,
    message: placeOf(newest),
    runId: newest.runId,
  };
}

/** The message that changes a lane. Of its turns it carries only what is not there yet. */
export function laneMessage(
  { lanes }: PanelState,
  laneId: string,
  { turns, ...lane }: Partial<LaneView>,
): HostMessage {
  const before = lanes.find(({ id }) => id === laneId)?.turns ?? [];
  return { type: 'lane', laneId, lane, ...(turns ? { turns: turnsChange(before, turns) } : {}) };
}

/** What turns `before` into `after`, which share their beginning, their end or both. */
function turnsChange(before: readonly TurnView[], after: readonly TurnView[]): TurnsChange {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && isSame(before[from], after[from])) from++;
  let kept = 0;
  while (kept < most - from && isSame(before.at(-1 - kept), after.at(-1 - kept))) kept++;
  return {
    from,
    removed: before.length - from - kept,
    added: after.slice(from, after.length - kept),
  };
}

/** A message never changes; what stands beside it does, and an answer that goes on. */
function isSame(one: TurnView | undefined, other: TurnView | undefined): boolean {
  return (
    one?.id === other?.id &&
    one?.text === other?.text &&
    one?.siblings.join() === other?.siblings.join() &&
    one?.answer?.outcome.status === other?.answer?.outcome.status
  );
}

function contentShown(
  message: ConversationMessage,
  answers: AnswersByRun,
): Omit<TurnView, keyof MessagePlace> {
  const { role, createdAt, runId } = message;
  const content = contentOf(message, answers);
  const answer = runId === undefined ? undefined : answers.get(runId);
  return {
    role,
    text: textOf({ role, content }),
    parts: message.content.filter((part) => part.type !== 'text'),
    at: createdAt,
    answer: answer ? figuresOf(answer) : null,
  };
}

function figuresOf(answer: Answer): NonNullable<TurnView['answer']> {
  const { modelId, servedModel, usage, cost, outcome, reasoning, toolCalls, citations } = answer;
  return {
    modelId,
    outcome,
    reasoning,
    toolCalls,
    ...(citations ? { citations } : {}),
    ...(servedModel === undefined ? {} : { servedModel }),
    ...(usage ? { usage } : {}),
    ...(cost ? { cost } : {}),
  };
}
