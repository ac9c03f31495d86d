import { resolve } from 'node:path';
import type { Answer, ConversationTree } from '../core/conversation/conversation.ts';
import { conversationOfRun } from '../core/conversation/ofRun.ts';
import type { TranscriptSource } from '../core/conversation/transcript.ts';
import { leafBelow, pathTo } from '../core/conversation/tree.ts';
import type { Run } from '../core/store.ts';
import type { SqliteStore } from '../node/sqliteStore.ts';
import { UsageError } from './command.ts';

/** A conversation with its runs; a single run is one too. */
export interface HistoryRecord extends ConversationTree {
  readonly runs: readonly Run[];
}

/**
 * What the history has under an id, of a conversation or of a run.
 * @throws Error when there is nothing.
 */
export function recordOf(store: SqliteStore, id: string | undefined): HistoryRecord {
  if (id === undefined) throw new UsageError('Name the id, which "history list" prints.');
  const tree = store.conversations.get(id);
  if (tree) return { ...tree, runs: store.conversations.runs(id) };
  const run = store.get(id);
  if (!run) throw new Error(`The history has neither a conversation nor a run "${id}".`);
  let count = 0;
  return { ...conversationOfRun(run, () => `${id}.${++count}`), runs: [run] };
}

/** What is read of a record: the path of its first lane, or the branch that was written last where the lane is empty. */
export function transcriptOf({ conversation, messages, runs }: HistoryRecord): TranscriptSource {
  const last = messages.at(-1);
  const head = conversation.lanes[0]?.headId ?? (last && leafBelow(messages, last.id).id) ?? null;
  const path = pathTo(messages, head);
  if (path.length < messages.length) {
    console.error(
      `Of ${messages.length} messages these ${path.length} are one branch. --format json has all of them.`,
    );
  }
  return {
    title: conversation.title,
    createdAt: conversation.createdAt,
    path,
    answers: new Map<string, Answer>(runs.map((run) => [run.id, run])),
  };
}

/** The address under which the editor knows a file: more is escaped in it than Node escapes. */
export function editorUri(file: string): string {
  if (/^[\w-]{2,}:\/\//.test(file)) return file;
  const path = resolve(file).replaceAll('\\', '/');
  const absolute = path.startsWith('/') ? path : `/${path.charAt(0).toLowerCase()}${path.slice(1)}`;
  const escaped = absolute
    .split('/')
    .map((segment) =>
      encodeURIComponent(segment).replaceAll(
        /[!'()*]/g,
        (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    );
  return `file://${escaped.join('/')}`;
}
