import { randomUUID } from 'node:crypto';
import type { Fitting } from '../core/context/fitting.ts';
import type { Summary } from '../core/context/summary.ts';
import {
  type Answer,
  type Conversation,
  ConversationError,
  type ConversationMessage,
  type ConversationTree,
  type LaneState,
  type MessageDraft,
  untitled,
} from '../core/conversation/conversation.ts';
import { type ImportedConversation, withFreshIds } from '../core/conversation/import.ts';
import { conversationOfRun } from '../core/conversation/ofRun.ts';
import type {
  Changes,
  ConversationStore,
  DeletedBranch,
  HistoryFacets,
  HistoryFilter,
  HistoryList,
  ListPage,
  NewConversation,
  SearchList,
  SearchPage,
} from '../core/conversation/store.ts';
import { autoTitle } from '../core/conversation/title.ts';
import type { Run } from '../core/store.ts';
import { deleteBranch, restoreBranch } from './sqliteBranches.ts';
import type { Row, SqliteFile } from './sqliteFile.ts';
import { countHistory, historyFacets, listHistory } from './sqliteHistory.ts';
import { conversationColumns, insertMessage, laneOf, messageOf, summaryOf } from './sqliteRows.ts';
import { promptIdAt } from './sqlitePromptNames.ts';
import { answerColumns, answerOf, insertRun, runColumns, runOf, updateRun } from './sqliteRuns.ts';
import { searchTexts } from './sqliteSearch.ts';

/** The conversations of the history, in the same SQLite file as its runs. */
export class SqliteConversations implements ConversationStore {
  readonly #file: SqliteFile;
  readonly #owner: string;

  /** @param owner of the runs that are imported. */
  constructor(file: SqliteFile, owner: string) {
    this.#file = file;
    this.#owner = owner;
  }

  create({ id, title, promptUri, system, fitting, lanes }: NewConversation = {}): Conversation {
    const now = this.#file.now;
    return this.#insert({
      id: id ?? randomUUID(),
      title: title ?? untitled,
      titleSource: title === undefined ? 'auto' : 'user',
      createdAt: now,
      updatedAt: now,
      pinned: false,
      archived: false,
      ...(promptUri === undefined ? {} : { promptUri }),
      ...(system === undefined ? {} : { system }),
      ...(fitting === undefined ? {} : { fitting }),
      lanes: lanes ?? [{ id: randomUUID(), modelId: null, settings: {}, headId: null }],
    });
  }

  conversation(id: string): Conversation | undefined {
    return this.#conversation(id);
  }

  get(id: string): ConversationTree | undefined {
    const conversation = this.#conversation(id);
    if (!conversation) return undefined;
    const rows = this.#file.all(
      'SELECT * FROM messages WHERE conversation_id = ? AND deleted_at IS NULL ORDER BY seq',
      id,
    );
    return { conversation, messages: rows.map(messageOf) };
  }

  answers(conversationId: string, runIds?: readonly string[]): ReadonlyMap<string, Answer> {
    const sql = `SELECT ${answerColumns} FROM runs WHERE conversation_id = ?`;
    const rows =
      runIds === undefined
        ? this.#file.all(sql, conversationId)
        : this.#file.all(
            `${sql} AND id IN (SELECT value FROM json_each(?))`,
            conversationId,
            JSON.stringify(runIds),
          );
    return new Map(rows.map((row) => [String(row['id']), answerOf(row)]));
  }

  append(conversationId: string, draft: MessageDraft, laneId?: string): ConversationMessage {
    return this.#change(conversationId, (conversation) => {
      const parent = draft.parentId === null ? undefined : this.#message(draft.parentId, conversationId);
      if (draft.runId !== undefined) this.#requireFree(draft.runId, conversationId);
      const message: ConversationMessage = {
        ...draft,
        id: randomUUID(),
        conversationId,
        // Never before what it follows, even where the clock was put back in between.
        createdAt: Math.max(this.#file.now, parent?.createdAt ?? conversation.createdAt),
      };
      if (
        message.role === 'user' &&
        conversation.titleSource === 'auto' &&
        !this.#firstOfUser(conversationId)
      ) {
        this.#file.run(
          'UPDATE conversations SET title = ? WHERE id = ?',
          autoTitle([message]),
          conversationId,
        );
      }
      insertMessage(this.#file, message);
      this.#file.run(
        'UPDATE conversations SET updated_at = max(updated_at, ?) WHERE id = ?',
        message.createdAt,
        conversationId,
      );
      if (laneId !== undefined) this.#moveLane(conversationId, laneId, message.id);
      return message;
    });
  }

  setHead(conversationId: string, laneId: string, headId: string | null): void {
    this.#change(conversationId, () => {
      if (headId !== null) this.#message(headId, conversationId);
      this.#moveLane(conversationId, laneId, headId);
    });
  }

  setLanes(conversationId: string, lanes: readonly LaneState[]): void {
    this.#change(conversationId, (conversation) => {
      const heads = new Map(conversation.lanes.map(({ id, headId }) => [id, headId]));
      this.#file.run('DELETE FROM lanes WHERE conversation_id = ?', conversationId);
      const placed = lanes.map((lane) => ({
        ...lane,
        headId: heads.has(lane.id) ? (heads.get(lane.id) ?? null) : lane.headId,
      }));
      for (const { headId } of placed) if (headId !== null) this.#message(headId, conversationId);
      this.#insertLanes(conversationId, placed);
    });
  }

  rename(id: string, title: string): void {
    this.#change(id, () => {
      const written = title.trim();
      const first = this.#firstOfUser(id);
      this.#file.run(
        'UPDATE conversations SET title = ?, title_source = ? WHERE id = ?',
        written === '' ? autoTitle(first ? [first] : []) : written,
        written === '' ? 'auto' : 'user',
        id,
      );
    });
  }

  setSystem(id: string, system: string): void {
    this.#change(id, () =>
      this.#file.run('UPDATE conversations SET system = ? WHERE id = ?', system.trim() || null, id),
    );
  }

  setFitting(id: string, fitting: Fitting): void {
    this.#change(id, () =>
      this.#file.run('UPDATE conversations SET fitting = ? WHERE id = ?', JSON.stringify(fitting), id),
    );
  }

  setPinned(id: string, pinned: boolean): void {
    this.#change(id, () =>
      this.#file.run('UPDATE conversations SET pinned = ? WHERE id = ?', Number(pinned), id),
    );
  }

  setArchived(id: string, archived: boolean): void {
    this.#change(id, () =>
      this.#file.run('UPDATE conversations SET archived = ? WHERE id = ?', Number(archived), id),
    );
  }

  delete(id: string): void {
    this.#change(id, () =>
      this.#file.run('UPDATE conversations SET deleted_at = ? WHERE id = ?', this.#file.now, id),
    );
  }

  restore(id: string): void {
    this.#file.transaction(() => {
      if (this.#file.run('UPDATE conversations SET deleted_at = NULL WHERE id = ?', id) === 0) {
        throw new ConversationError('The conversation cannot be restored any more.');
      }
      this.#countChange(id);
    });
  }

  nameBranch(messageId: string, name: string): void {
    this.#changeOf(messageId, () =>
      this.#file.run('UPDATE messages SET name = ? WHERE id = ?', name.trim() || null, messageId),
    );
  }

  setFavourite(messageId: string, favourite: boolean): void {
    this.#changeOf(messageId, () =>
      this.#file.run('UPDATE messages SET favourite = ? WHERE id = ?', Number(favourite), messageId),
    );
  }

  setSummary(messageId: string, summary: Summary | null): void {
    const json = summary && JSON.stringify(summary);
    this.#changeOf(messageId, () =>
      this.#file.run('UPDATE messages SET summary = ? WHERE id = ?', json, messageId),
    );
  }

  deleteBranch(messageId: string): DeletedBranch {
    return this.#changeOf(messageId, (message) => deleteBranch(this.#file, message));
  }

  restoreBranch(deleted: DeletedBranch): void {
    this.#file.transaction(() => this.#countChange(restoreBranch(this.#file, deleted)));
  }

  list(page: ListPage, filter: HistoryFilter = {}): HistoryList {
    return listHistory(this.#file, page, filter);
  }

  facets(): HistoryFacets {
    return historyFacets(this.#file);
  }

  count(filter: HistoryFilter = {}): number {
    return countHistory(this.#file, filter);
  }

  search(words: string, page: SearchPage): SearchList {
    return searchTexts(this.#file, words, page);
  }

  changesSince(cursor: number | null): Changes {
    const now = Number(this.#file.first('SELECT value FROM change_counter')?.['value']);
    if (cursor === null || cursor === now) return { cursor: now, conversationIds: [], runIds: [] };
    const idsOf = (sql: string): readonly string[] =>
      this.#file.all(`${sql} AND change <= ?`, cursor, now).map(({ id }) => String(id));
    return {
      cursor: now,
      conversationIds: idsOf('SELECT id FROM conversations WHERE change > ?'),
      runIds: idsOf('SELECT id FROM runs WHERE conversation_id IS NULL AND change > ?'),
    };
  }

  openRun(runId: string): Conversation | undefined {
    return this.#file.transaction(() => {
      const row = this.#file.first(`SELECT conversation_id, ${runColumns} FROM runs WHERE id = ?`, runId);
      if (!row) return undefined;
      if (row['conversation_id'] !== null) return this.#conversation(String(row['conversation_id']));
      const { conversation, messages } = conversationOfRun(runOf(this.#file, row), randomUUID);
      this.#insert(conversation);
      for (const message of messages) insertMessage(this.#file, message);
      return conversation;
    });
  }

  import(imported: ImportedConversation): Conversation {
    return this.#file.transaction(() => {
      const isTaken = (table: 'conversations' | 'messages' | 'runs') => (id: string) =>
        this.#file.first(`SELECT 1 FROM ${table} WHERE id = ?`, id) !== undefined;
      const { conversation, messages, runs } = withFreshIds(
        imported,
        {
          conversation: isTaken('conversations'),
          message: isTaken('messages'),
          run: isTaken('runs'),
        },
        randomUUID,
      );
      for (const run of runs) {
        insertRun(this.#file, run, this.#owner);
        updateRun(this.#file, run.id, run);
      }
      // A day that has not come would stay on top of every list.
      const updatedAt = Math.min(conversation.updatedAt, this.#file.now);
      this.#insert({ ...conversation, updatedAt });
      for (const message of messages) insertMessage(this.#file, message);
      return { ...conversation, updatedAt };
    });
  }

  runs(conversationId: string): readonly Run[] {
    const sql = `SELECT ${runColumns} FROM runs WHERE conversation_id = ? ORDER BY started_at, rowid`;
    return this.#file.all(sql, conversationId).map((row) => runOf(this.#file, row));
  }

  /** Changes a conversation that is there, and counts the change. */
  #change<Result>(id: string, action: (conversation: Conversation) => Result): Result {
    return this.#file.transaction(() => {
      const conversation = this.#conversation(id);
      if (!conversation) throw new ConversationError('The conversation is not there any more.');
      const result = action(conversation);
      this.#countChange(id);
      return result;
    });
  }

  #changeOf<Result>(messageId: string, action: (message: ConversationMessage) => Result): Result {
    return this.#file.transaction(() => {
      const message = this.#message(messageId);
      return this.#change(message.conversationId, () => action(message));
    });
  }

  #countChange(id: string): void {
    this.#file.run('UPDATE change_counter SET value = value + 1');
    this.#file.run('UPDATE conversations SET change = (SELECT value FROM change_counter) WHERE id = ?', id);
  }

  #conversation(id: string): Conversation | undefined {
    const row = this.#file.first(
      `SELECT ${conversationColumns} FROM conversations WHERE id = ? AND deleted_at IS NULL`,
      id,
    );
    if (!row) return undefined;
    const lanes = this.#file.all('SELECT * FROM lanes WHERE conversation_id = ? ORDER BY position', id);
    return { ...summaryOf(row), lanes: lanes.map(laneOf) };
  }

  #message(id: string, conversationId?: string): ConversationMessage {
    const row = this.#file.first('SELECT * FROM messages WHERE id = ? AND deleted_at IS NULL', id);
    if (!row || (conversationId !== undefined && row['conversation_id'] !== conversationId)) {
      throw new ConversationError('The message is not in the conversation any more.');
    }
    return messageOf(row);
  }

  #firstOfUser(conversationId: string): ConversationMessage | undefined {
    const row: Row | undefined = this.#file.first(
      `SELECT * FROM messages WHERE conversation_id = ? AND deleted_at IS NULL AND role = 'user' ORDER BY seq`,
      conversationId,
    );
    return row && messageOf(row);
  }

  #requireFree(runId: string, conversationId: string): void {
    const row = this.#file.first('SELECT conversation_id FROM messages WHERE run_id = ?', runId);
    if (row && row['conversation_id'] !== conversationId) {
      throw new ConversationError('The run belongs to another conversation.');
    }
  }

  #moveLane(conversationId: string, laneId: string, headId: string | null): void {
    const moved = this.#file.run(
      'UPDATE lanes SET head_id = ? WHERE conversation_id = ? AND id = ?',
      headId,
      conversationId,
      laneId,
    );
    if (moved === 0) throw new ConversationError('The lane is not in the conversation any more.');
  }

  #insert(conversation: Conversation): Conversation {
    return this.#file.transaction(() => {
      this.#file.run(
        `INSERT INTO conversations
           (id, title, title_source, created_at, updated_at, pinned, archived, prompt_uri, system, fitting)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        conversation.id,
        conversation.title,
        conversation.titleSource,
        conversation.createdAt,
        conversation.updatedAt,
        Number(conversation.pinned),
        Number(conversation.archived),
        conversation.promptUri === undefined ? null : promptIdAt(this.#file, conversation.promptUri),
        conversation.system ?? null,
        conversation.fitting ? JSON.stringify(conversation.fitting) : null,
      );
      this.#insertLanes(conversation.id, conversation.lanes);
      this.#countChange(conversation.id);
      return conversation;
    });
  }

  #insertLanes(conversationId: string, lanes: readonly LaneState[]): void {
    if (lanes.length === 0) throw new ConversationError('A conversation has at least one lane.');
    for (const [position, { id, modelId, settings, headId }] of lanes.entries()) {
      this.#file.run(
        'INSERT INTO lanes (conversation_id, id, position, model_id, settings, head_id) VALUES (?, ?, ?, ?, ?, ?)',
        conversationId,
        id,
        position,
        modelId,
        JSON.stringify(settings),
        headId,
      );
    }
  }
}
