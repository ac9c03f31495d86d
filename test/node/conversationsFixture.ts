/** Histories of their own, and what is said in them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { Part } from '../../src/core/chat.ts';
import type { ConversationStore } from '../../src/core/conversation/store.ts';
import { SqliteStore } from '../../src/node/sqliteStore.ts';
import { run } from '../core/conversation/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'conversations-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
export const newFile = (): string => join(folder, `${++files}.sqlite`);
export const opened = (file = newFile(), now: () => number = Date.now): SqliteStore =>
  new SqliteStore(file, now);

export const text = (words: string): readonly Part[] => [{ type: 'text', text: words }];

/** Adds a message of the user, at the head of the conversation's first lane. */
export function say(
  conversations: ConversationStore,
  id: string,
  words: string,
  parentId: string | null = null,
) {
  const laneId = conversations.get(id)?.conversation.lanes[0]?.id;
  return conversations.append(id, { parentId, role: 'user', content: text(words) }, laneId);
}

/** Adds the answer of a run that has ended. */
export function answer(store: SqliteStore, id: string, parentId: string, runId: string) {
  store.insert(run(runId));
  const laneId = store.conversations.get(id)?.conversation.lanes[0]?.id;
  return store.conversations.append(id, { parentId, role: 'assistant', content: [], runId }, laneId);
}
