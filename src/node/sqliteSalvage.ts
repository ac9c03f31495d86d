import type { DatabaseSync } from 'node:sqlite';
import type { ChatRequest, Message, TextPart } from '../core/chat.ts';
import type { Conversation, ConversationMessage } from '../core/conversation/conversation.ts';
import { inTreeOrder } from '../core/conversation/tree.ts';
import { messageOf as reasonOf } from '../core/errors.ts';
import type { Run, RunOutput } from '../core/store.ts';
import type { Row } from './sqliteFile.ts';
import { laneOf, messageOf, summaryOf } from './sqliteRows.ts';
import { answerOf } from './sqliteRuns.ts';
import type { SqliteStore } from './sqliteStore.ts';

/** What came out of a damaged history. */
export interface Salvaged {
  readonly conversations: number;
  /** Runs, those within conversations among them. */
  readonly runs: number;
  /** Whether everything in the file could be read. */
  readonly isWhole: boolean;
}

/**
 * Takes all that can still be read out of a damaged history and adds it to another one. What that has already stays as it
 * is, so a second time adds nothing. An answer, a parent or a place of a lane that is lost leaves a gap and takes nothing
 * else with it.
 * @param path of the damaged file, which is not changed.
 * @throws Error when nothing of it can be read.
 */
export function salvage(path: string, into: SqliteStore): Salvaged {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const read = new DamagedFile(database, path);
    for (const row of read.rows('prompt_versions', 'rowid'))
      into.versions.keep(String(row['hash']), String(row['text']));
    const runs = runsIn(read);
    const inConversations = new Set<string>();
    let [conversations, added] = [0, 0];
    for (const conversation of conversationsIn(read, runs)) {
      for (const { id } of conversation.runs) inConversations.add(id);
      if (into.conversations.conversation(conversation.conversation.id)) continue;
      into.conversations.import(conversation);
      conversations++;
      added += conversation.runs.length;
    }
    for (const run of runs.values()) {
      if (inConversations.has(run.id) || into.get(run.id)) continue;
      into.insert(run);
      into.update(run.id, run);
      added++;
    }
    return { conversations, runs: added, isWhole: read.isWhole };
  } finally {
    database.close();
  }
}

/** Reads tables around their damaged pages. */
class DamagedFile {
  readonly #database: DatabaseSync;
  /** Whether nothing was unreadable so far. */
  isWhole = true;

  /** @throws Error when not even the list of its tables can be read. */
  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    try {
      database.prepare('SELECT count(*) FROM sqlite_master').get();
    } catch (error) {
      throw new Error(`Nothing of ${path} can be read: ${reasonOf(error)}.`, { cause: error });
    }
  }

  /**
   * The rows of a table up to its first damage from the front, and up to its last one from the back; none of a table that
   * the file does not have.
   * @param key a column by which the rows have an order.
   */
  rows(table: string, key: string): readonly Row[] {
    const front = this.#until(`SELECT ${key} AS place, * FROM ${table} ORDER BY ${key}`);
    if (front.isWhole) return front.rows;
    this.isWhole = false;
    const last = front.rows.at(-1)?.['place'];
    const back = this.#until(
      `SELECT ${key} AS place, * FROM ${table} ${last === undefined ? '' : `WHERE ${key} > ?`} ORDER BY ${key} DESC`,
      last === undefined ? [] : [last],
    );
    const seen = new Set(front.rows.map(({ place }) => place));
    return [...front.rows, ...back.rows.filter(({ place }) => !seen.has(place)).reverse()];
  }

  #until(
    sql: string,
    values: readonly Row[string][] = [],
  ): { readonly rows: Row[]; readonly isWhole: boolean } {
    const rows: Row[] = [];
    try {
      for (const row of this.#database.prepare(sql).iterate(...values)) rows.push(row);
      return { rows, isWhole: true };
    } catch {
      return { rows, isWhole: false };
    }
  }
}

function runsIn(read: DamagedFile): ReadonlyMap<string, Run> {
  const sent = new Map(read.rows('sent_messages', 'id').map((row) => [row['id'], row['message']]));
  const runs = new Map<string, Run>();
  for (const row of read.rows('runs', 'rowid')) {
    try {
      const input = JSON.parse(String(row['input'])) as {
        readonly request: ChatRequest;
        readonly prompt?: { uri: string };
      };
      const ids = row['sent'] == null ? [] : (JSON.parse(String(row['sent'])) as readonly number[]);
      const messages = ids.flatMap((id) => {
        const message = sent.get(id);
        return message === undefined ? [] : (JSON.parse(String(message)) as Message);
      });
      const run: Run = {
        ...answerOf({ ...row, prompt_now: input.prompt?.uri ?? null }),
        request: row['sent'] == null ? input.request : { ...input.request, messages },
        logprobs: JSON.parse(String(row['logprobs'] ?? '[]')) as RunOutput['logprobs'],
      };
      runs.set(
        run.id,
        run.outcome.status === 'running' ? { ...run, outcome: { status: 'interrupted' } } : run,
      );
    } catch {
      // A row whose JSON is torn says nothing.
      read.isWhole = false;
    }
  }
  return runs;
}

interface SalvagedConversation {
  readonly conversation: Conversation;
  readonly messages: readonly ConversationMessage[];
  readonly runs: readonly Run[];
}

function conversationsIn(read: DamagedFile, runs: ReadonlyMap<string, Run>): readonly SalvagedConversation[] {
  const lanes = Map.groupBy(read.rows('lanes', 'conversation_id'), (row) => String(row['conversation_id']));
  const messages = Map.groupBy(
    read.rows('messages', 'seq').filter((row) => row['deleted_at'] == null),
    (row) => String(row['conversation_id']),
  );
  const known = new Map(read.rows('conversations', 'rowid').map((row) => [String(row['id']), row]));
  // A conversation whose own row is lost is there again by its messages.
  const ids = new Set([...known.keys(), ...messages.keys()]);
  return [...ids].flatMap((id) => {
    const row = known.get(id);
    if (row && row['deleted_at'] != null) return [];
    const said = withoutGaps((messages.get(id) ?? []).map(messageOf), runs);
    const heads = new Set(said.map((message) => message.id));
    const stands = (lanes.get(id) ?? []).map(laneOf).map((lane) => ({
      ...lane,
      headId: lane.headId !== null && heads.has(lane.headId) ? lane.headId : (said.at(-1)?.id ?? null),
    }));
    const at = said.at(-1)?.createdAt ?? 0;
    const [first] = said;
    const conversation: Conversation = {
      ...(row
        ? summaryOf({ ...row, prompt_uri: null })
        : {
            id,
            title: 'Recovered conversation',
            titleSource: 'user',
            createdAt: first?.createdAt ?? at,
            updatedAt: at,
            pinned: false,
            archived: false,
          }),
      lanes:
        stands.length > 0
          ? stands
          : [{ id: '1', modelId: null, settings: {}, headId: said.at(-1)?.id ?? null }],
    };
    const own = said.flatMap(({ runId }) => (runId === undefined ? [] : (runs.get(runId) ?? [])));
    const [promptUri] = own.flatMap(({ prompt }) => prompt?.uri ?? []);
    return {
      conversation: promptUri === undefined ? conversation : { ...conversation, promptUri },
      messages: said,
      runs: own,
    };
  });
}

/** The messages in order, where what follows a lost one stands at the beginning, and a lost answer says that it is. */
function withoutGaps(
  messages: readonly ConversationMessage[],
  runs: ReadonlyMap<string, Run>,
): readonly ConversationMessage[] {
  const ids = new Set(messages.map(({ id }) => id));
  return inTreeOrder(
    messages.map(({ runId, ...message }) => ({
      ...message,
      parentId: message.parentId !== null && ids.has(message.parentId) ? message.parentId : null,
      ...(runId === undefined ? {} : runs.has(runId) ? { runId } : { content: [lostAnswer] }),
    })),
  );
}

const lostAnswer: TextPart = { type: 'text', text: '[This answer could not be recovered.]' };
