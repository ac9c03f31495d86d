import type { Message, Part, ToolCallPart } from '../chat.ts';
import type { Answers, ConversationMessage } from './conversation.ts';

/** What the next turn sends. */
export interface NextTurn {
  readonly messages: readonly Message[];
  /** The id of the message of the path that each of them is, or that it ends with. */
  readonly ids: readonly string[];
  /** The messages of the path whose answers broke off: stopped, failed, interrupted, or at the limit of their length. */
  readonly brokenOff: readonly string[];
  /** Whether it ends with what the model has said: the model goes on with that text instead of beginning a new answer. */
  readonly continues: boolean;
}

/**
 * The messages to send after a path, such as `pathTo(messages, headId)`.
 *
 * An answer is taken from its run, its tool calls included. Answers that follow each other become one, because the
 * second continues the first. Services refuse what is left out here: messages with nothing in them, such as an answer that failed
 * before its first token, tool calls that nobody has answered, and results that nobody asked for.
 */
export function requestMessages(path: readonly ConversationMessage[], answers: Answers): NextTurn {
  const turns: Message[] = [];
  const ids: string[] = [];
  for (const message of path) {
    const { role, id } = message;
    const content = contentOf(message, answers);
    const last = turns.at(-1);
    if (role === 'assistant' && last?.role === 'assistant') {
      turns[turns.length - 1] = { role, content: joined([...last.content, ...content]) };
      ids[ids.length - 1] = id;
    } else {
      turns.push({ role, content });
      ids.push(id);
    }
  }
  const matched = withMatchedCalls(turns);
  const isSent = (place: number): boolean => (matched[place]?.content.length ?? 0) > 0;
  const messages = matched.filter((_, place) => isSent(place));
  return {
    messages,
    ids: ids.filter((_, place) => isSent(place)),
    brokenOff: path.filter((message) => isBrokenOff(message, answers)).map(({ id }) => id),
    continues: messages.at(-1)?.role === 'assistant',
  };
}

/** What a message says, wherever it is kept: an answer in the words of its run. */
export function contentOf(message: ConversationMessage, answers: Answers): readonly Part[] {
  if (message.runId === undefined) return message.content;
  const answer = answers.get(message.runId);
  if (!answer) return [];
  return [...(answer.text === '' ? [] : [{ type: 'text', text: answer.text } as const]), ...answer.toolCalls];
}

/** Whether an answer is less than the model would have said. One whose run was never recorded is. */
export function isBrokenOff({ runId }: ConversationMessage, answers: Answers): boolean {
  if (runId === undefined) return false;
  const outcome = answers.get(runId)?.outcome;
  return outcome?.status !== 'finished' || outcome.reason === 'length';
}

/** Tool calls and their results in pairs; those without the other half are left out. */
function withMatchedCalls(turns: readonly Message[]): Message[] {
  const kept: Message[] = [];
  let open = new Set<string>();
  for (const [index, { role, content }] of turns.entries()) {
    if (role === 'assistant') {
      const results = resultsAfter(turns, index);
      const isAnswered = ({ id }: ToolCallPart): boolean => results.has(id);
      const parts = content.filter((part) => part.type !== 'tool-call' || isAnswered(part));
      open = new Set(parts.flatMap((part) => (part.type === 'tool-call' ? part.id : [])));
      kept.push({ role, content: parts });
    } else if (role === 'tool') {
      // Taken from the set as it is answered, so that a second result of one call is left out.
      const parts = content.filter((part) => part.type !== 'tool-result' || open.delete(part.callId));
      kept.push({ role, content: parts });
    } else {
      kept.push({ role, content });
    }
  }
  return kept;
}

function resultsAfter(turns: readonly Message[], index: number): ReadonlySet<string> {
  const results = new Set<string>();
  for (let next = index + 1; turns[next]?.role === 'tool'; next++) {
    for (const part of turns[next]?.content ?? []) if (part.type === 'tool-result') results.add(part.callId);
  }
  return results;
}

/** Parts with neighbouring texts made one. */
function joined(parts: readonly Part[]): readonly Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (part.type === 'text' && last?.type === 'text') {
      result[result.length - 1] = { type: 'text', text: last.text + part.text };
    } else {
      result.push(part);
    }
  }
  return result;
}
