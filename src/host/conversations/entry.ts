import type { Answer, ConversationTree } from '../../core/conversation/conversation.ts';
import { conversationOfRun } from '../../core/conversation/ofRun.ts';
import type { ConversationStore } from '../../core/conversation/store.ts';
import { autoTitle } from '../../core/conversation/title.ts';
import type { TranscriptSource } from '../../core/conversation/transcript.ts';
import { leafBelow, pathTo } from '../../core/conversation/tree.ts';
import type { Run, RunStore } from '../../core/store.ts';

/** What an entry of the history is about: a conversation, or a run that has no place in one. */
export interface EntryId {
  readonly kind: 'conversation' | 'run';
  readonly id: string;
}

/** The history, as the Conversations view needs it. */
export interface History extends Pick<RunStore, 'get'> {
  readonly conversations: ConversationStore;
}

/** An entry with all that is known about it. */
export interface EntryRecord extends ConversationTree {
  readonly runs: readonly Run[];
}

/**
 * Reads an entry; a loose run as the conversation that it would be, of which nothing is written.
 * @throws Error when it is not there, or when the history cannot be read.
 */
export function recordOf(history: History, { kind, id }: EntryId): EntryRecord {
  const tree = kind === 'conversation' ? history.conversations.get(id) : undefined;
  if (tree) return { ...tree, runs: history.conversations.runs(id) };
  const run = kind === 'run' ? history.get(id) : undefined;
  if (!run) throw new Error('This conversation was deleted. Open another one in the Conversations view.');
  let count = 0;
  const record = conversationOfRun(run, () => `${id}.${++count}`);
  return {
    conversation: { ...record.conversation, title: runTitle(run) },
    messages: record.messages,
    runs: [run],
  };
}

/** What is read of an entry: the path of its first lane, or the branch that was written last where the lane is empty. */
export function transcriptOf({ conversation, messages, runs }: EntryRecord): TranscriptSource {
  const last = messages.at(-1);
  const head = conversation.lanes[0]?.headId ?? (last && leafBelow(messages, last.id).id) ?? null;
  return {
    title: conversation.title,
    createdAt: conversation.createdAt,
    path: pathTo(messages, head),
    answers: new Map<string, Answer>(runs.map((run) => [run.id, run])),
  };
}

/** The name of a loose run: its prompt file's, else the beginning of its answer. */
export function runTitle({ prompt, text }: Pick<Answer, 'prompt' | 'text'>): string {
  return prompt?.name ?? autoTitle([{ role: 'user', content: [{ type: 'text', text }] }]);
}

/** The conversation that an entry is about. A loose run becomes one, because only those can be named, pinned and deleted. */
export function conversationIdOf({ conversations }: History, { kind, id }: EntryId): string {
  if (kind === 'conversation') return id;
  const conversation = conversations.openRun(id);
  if (!conversation) throw new Error('This run was deleted. Choose another one in the Conversations view.');
  return conversation.id;
}
