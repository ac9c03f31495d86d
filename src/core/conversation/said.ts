import { type Message, textMessage } from '../chat.ts';
import type { Summary } from '../context/summary.ts';
import type { Answers, ConversationMessage } from './conversation.ts';
import { requestMessages } from './request.ts';

/** What was said on a path, as the next turn sends it. */
export interface Said {
  readonly messages: readonly Message[];
  /** The message of the path that each of them ends with; `null` for what is none of the path. */
  readonly ids: readonly (string | null)[];
  /** How many of them are the prompt's own, or the system prompt of a chat. */
  readonly promptMessages: number;
  /** Whether it ends with what the model has said: the model goes on with that text instead of beginning a new answer. */
  readonly continues: boolean;
}

export interface SaidOptions {
  /** What stands before every path; empty for nothing. */
  readonly system: string;
  /** Whether the path began with a prompt: what stands before its first answer is then the prompt's own. */
  readonly isOfPrompt: boolean;
}

export function saidOn(
  path: readonly ConversationMessage[],
  answers: Answers,
  { system, isOfPrompt }: SaidOptions,
): Said {
  const first = system === '' ? [] : [textMessage('system', system)];
  const firstAnswer = path.findIndex(({ runId }) => runId !== undefined);
  const prompt = isOfPrompt ? path.slice(0, firstAnswer < 0 ? path.length : firstAnswer) : [];
  const { messages, ids, continues } = requestMessages(path, answers);
  return {
    messages: [...first, ...messages],
    ids: [...first.map(() => null), ...ids],
    promptMessages: first.length + requestMessages(prompt, answers).messages.length,
    continues,
  };
}

/** What stands for the beginning of what was said. */
export interface SaidSummary {
  /** The last message that it stands for. */
  readonly messageId: string;
  /** How many of the messages it stands for, from the first on. */
  readonly end: number;
  readonly summary: Summary;
}

/** The summary of the most of what was said; `undefined` where nothing is summarised. */
export function summaryIn(
  { ids }: Pick<Said, 'ids'>,
  messages: readonly ConversationMessage[],
): SaidSummary | undefined {
  const summaries = new Map(messages.flatMap(({ id, summary }) => (summary ? [[id, summary] as const] : [])));
  const place = ids.findLastIndex((id) => id !== null && summaries.has(id));
  const messageId = ids[place] ?? undefined;
  const summary = messageId === undefined ? undefined : summaries.get(messageId);
  return messageId !== undefined && summary ? { messageId, end: place + 1, summary } : undefined;
}
