import { textOf } from '../core/chat.ts';
import type { Answer, ConversationMessage } from '../core/conversation/conversation.ts';
import { contentOf } from '../core/conversation/request.ts';
import { siblingsOf } from '../core/conversation/tree.ts';
import type { LaneView, MessagePlace, TurnView } from '../protocol.ts';

/** How a lane stands in its conversation. */
export type ShownPath = Required<Pick<LaneView, 'turns' | 'message'>> & Pick<LaneView, 'run'>;

/** A path without the run at its end. */
export interface PathView {
  readonly turns: readonly TurnView[];
  readonly message: MessagePlace;
  /** The run of the newest answer. */
  readonly runId: string;
}

/**
 * A path as a lane shows it: the newest answer, and above it everything since the first. What stands before the first
 * answer is the prompt itself, which is shown as what was sent. `undefined` where nothing was answered.
 */
export function pathView(
  messages: readonly ConversationMessage[],
  path: readonly ConversationMessage[],
  answers: ReadonlyMap<string, Answer>,
): PathView | undefined {
  const first = path.findIndex(({ runId }) => runId !== undefined);
  const last = path.findLastIndex(({ runId }) => runId !== undefined);
  const newest = path[last];
  if (newest?.runId === undefined) return undefined;
  const placeOf = ({ id }: ConversationMessage): MessagePlace => ({
    id,
    siblings: siblingsOf(messages, id).map((sibling) => sibling.id),
  });
  return {
    turns: path.slice(first, last).map((message) => ({
      ...placeOf(message),
      text: textOf({ role: message.role, content: contentOf(message, answers) }),
      answer: figuresOf(message, answers),
    })),
    message: placeOf(newest),
    runId: newest.runId,
  };
}

function figuresOf({ runId }: ConversationMessage, answers: ReadonlyMap<string, Answer>): TurnView['answer'] {
  const answer = runId === undefined ? undefined : answers.get(runId);
  if (!answer) return null;
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
