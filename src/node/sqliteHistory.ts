import type { SQLInputValue } from 'node:sqlite';
import type {
  HistoryEntry,
  HistoryFacets,
  HistoryFilter,
  HistoryList,
  ListPage,
} from '../core/conversation/store.ts';
import type { Outcome } from '../core/store.ts';
import type { Row, SqliteFile } from './sqliteFile.ts';
import { conversationColumns, summaryOf } from './sqliteRows.ts';
import { answerColumns, answerOf } from './sqliteRuns.ts';
import { promptIdsOf, promptUriNow } from './sqlitePromptNames.ts';
import { documentsWith, likePattern, type Query } from './sqliteSearch.ts';

/** A page of the history: conversations and loose runs, each read by an index and then put in one order. */
export function listHistory(
  file: SqliteFile,
  { limit, after }: ListPage,
  filter: HistoryFilter,
): HistoryList {
  const place = after === undefined ? undefined : placeOf(after);
  // One more than asked for tells whether there is another page.
  const rows = queriesOf(file, filter)
    .flatMap(({ kind, columns, time, query }) =>
      file
        .all(
          `SELECT ${columns}, ${time} AS at FROM ${query.sql} ${place ? `AND (${time}, id) < (?, ?)` : ''}
           ORDER BY ${time} DESC, id DESC LIMIT ?`,
          ...query.values,
          ...(place ?? []),
          limit + 1,
        )
        .map((row) => ({ kind, row })),
    )
    .sort(
      (a, b) =>
        Number(b.row['at']) - Number(a.row['at']) || (String(a.row['id']) < String(b.row['id']) ? 1 : -1),
    );
  const page = rows.slice(0, limit);
  const last = page.at(-1)?.row;
  return {
    entries: page.map(({ kind, row }) =>
      kind === 'run' ? { kind, run: answerOf(row) } : conversationEntry(row),
    ),
    ...(rows.length > limit && last ? { next: `${Number(last['at'])} ${String(last['id'])}` } : {}),
  };
}

/** How many entries the history has. */
export function countHistory(file: SqliteFile, filter: HistoryFilter): number {
  return queriesOf(file, filter)
    .map(({ query }) =>
      Number(file.first(`SELECT count(*) AS count FROM ${query.sql}`, ...query.values)?.['count']),
    )
    .reduce((sum, count) => sum + count, 0);
}

/** What the entries of the history can be told apart by. */
export function historyFacets(file: SqliteFile): HistoryFacets {
  const valuesOf = (sql: string): readonly string[] => file.all(sql).map(({ value }) => String(value));
  return {
    modelIds: valuesOf('SELECT DISTINCT model_id AS value FROM runs ORDER BY 1'),
    promptUris: valuesOf(
      `WITH ids AS (
         SELECT prompt_uri FROM runs WHERE prompt_uri IS NOT NULL
         UNION SELECT prompt_uri FROM conversations WHERE prompt_uri IS NOT NULL AND deleted_at IS NULL
       ) SELECT DISTINCT ${promptUriNow} AS value FROM ids ORDER BY 1`,
    ),
  };
}

interface KindOfEntry {
  readonly kind: HistoryEntry['kind'];
  readonly columns: string;
  /** The column of the time that the history is ordered by. */
  readonly time: string;
  /** What follows FROM, up to the conditions. */
  readonly query: Query;
}

function queriesOf(file: SqliteFile, filter: HistoryFilter): readonly KindOfEntry[] {
  const ofPrompt = promptCondition(file, filter);
  const conversations: KindOfEntry = {
    kind: 'conversation',
    columns: `${conversationColumns}, ${countColumn}, ${modelsColumn}, ${outcomeColumn}`,
    time: 'updated_at',
    query: conversationsQuery(filter, ofPrompt),
  };
  if (filter.pinned || filter.archived) return [conversations];
  return [
    conversations,
    { kind: 'run', columns: answerColumns, time: 'started_at', query: runsQuery(filter, ofPrompt) },
  ];
}

const countColumn = `(
  SELECT count(*) FROM messages WHERE messages.conversation_id = conversations.id AND messages.deleted_at IS NULL
) AS message_count`;
const modelsColumn = `(
  SELECT json_group_array(DISTINCT model_id ORDER BY model_id) FROM runs WHERE runs.conversation_id = conversations.id
) AS model_ids`;
// The row is found by an index alone; only then is the outcome read out of its details.
const outcomeColumn = `(
  SELECT CASE status WHEN 'interrupted' THEN '{"status":"interrupted"}' ELSE details -> '$.outcome' END FROM runs
  WHERE rowid = (
    SELECT rowid FROM runs WHERE conversation_id = conversations.id ORDER BY started_at DESC, rowid DESC LIMIT 1
  )
) AS outcome`;

function conversationsQuery(
  { modelId, text, pinned, archived }: HistoryFilter,
  ofPrompt: Query | undefined,
): Query {
  const documents = documentsWith(text ?? '');
  return joined('conversations WHERE deleted_at IS NULL', [
    // Written out where an index covers one value alone.
    { sql: `archived = ${Number(archived ?? false)}`, values: [] },
    pinned !== undefined && { sql: `pinned = ${Number(pinned)}`, values: [] },
    ofPrompt,
    modelId !== undefined && {
      sql: 'EXISTS (SELECT 1 FROM runs WHERE runs.conversation_id = conversations.id AND model_id = ?)',
      values: [modelId],
    },
    documents && {
      sql: `(title LIKE ? ESCAPE '\\' OR id IN (
        WITH found AS (${documents.sql})
        SELECT conversation_id FROM found JOIN search_documents USING (id)
          JOIN messages ON messages.id = message_id WHERE deleted_at IS NULL
        UNION
        SELECT conversation_id FROM found JOIN search_documents USING (id)
          JOIN messages ON messages.run_id = search_documents.run_id WHERE deleted_at IS NULL
      ))`,
      values: [likePattern((text ?? '').trim()), ...documents.values],
    },
  ]);
}

function runsQuery({ modelId, text }: HistoryFilter, ofPrompt: Query | undefined): Query {
  const documents = documentsWith(text ?? '');
  return joined('runs WHERE conversation_id IS NULL', [
    ofPrompt,
    modelId !== undefined && { sql: 'model_id = ?', values: [modelId] },
    documents && {
      sql: `id IN (SELECT run_id FROM search_documents WHERE id IN (${documents.sql}))`,
      values: documents.values,
    },
  ]);
}

/** Of one prompt; written out for each id, for where there is one its index has the order as well. */
function promptCondition(file: SqliteFile, { promptUri }: HistoryFilter): Query | undefined {
  if (promptUri === undefined) return undefined;
  const ids = promptIdsOf(file, [promptUri]);
  return { sql: `prompt_uri IN (${ids.map(() => '?').join(', ')})`, values: ids };
}

function joined(from: string, conditions: readonly (Query | false | undefined)[]): Query {
  const given = conditions.filter((condition) => typeof condition === 'object');
  return {
    sql: [from, ...given.map(({ sql }) => sql)].join(' AND '),
    values: given.flatMap(({ values }) => values),
  };
}

function conversationEntry(row: Row): HistoryEntry {
  return {
    kind: 'conversation',
    conversation: summaryOf(row),
    messageCount: Number(row['message_count']),
    modelIds: JSON.parse(String(row['model_ids'])) as string[],
    ...(row['outcome'] == null ? {} : { outcome: JSON.parse(String(row['outcome'])) as Outcome }),
  };
}

function placeOf(after: string): readonly SQLInputValue[] {
  const [at = '', id = ''] = after.split(' ');
  return [Number(at), id];
}
