import type { Part, Role } from '../core/chat.ts';
import { fittingOf } from '../core/context/fittingFormat.ts';
import type { Summary } from '../core/context/summary.ts';
import type { Conversation, ConversationMessage, LaneState } from '../core/conversation/conversation.ts';
import type { SettingOverrides } from '../core/run/overrides.ts';
import type { Row, SqliteFile } from './sqliteFile.ts';
import { promptUriNow } from './sqlitePromptNames.ts';

/** The columns that {@link summaryOf} reads. */
export const conversationColumns = `id, title, title_source, created_at, updated_at, pinned, archived, system, fitting,
  ${promptUriNow} AS prompt_uri`;

/** The conversation of a row, without its lanes. */
export function summaryOf(row: Row): Omit<Conversation, 'lanes'> {
  const fitting = row['fitting'] == null ? undefined : fittingOf(String(row['fitting']));
  return {
    id: String(row['id']),
    title: String(row['title']),
    titleSource: row['title_source'] === 'user' ? 'user' : 'auto',
    createdAt: Number(row['created_at']),
    updatedAt: Number(row['updated_at']),
    pinned: row['pinned'] === 1,
    archived: row['archived'] === 1,
    ...(row['prompt_uri'] == null ? {} : { promptUri: String(row['prompt_uri']) }),
    ...(row['system'] == null ? {} : { system: String(row['system']) }),
    ...(fitting ? { fitting } : {}),
  };
}

export function laneOf(row: Row): LaneState {
  return {
    id: String(row['id']),
    modelId: textOrNull(row['model_id']),
    settings: JSON.parse(String(row['settings'])) as SettingOverrides,
    headId: textOrNull(row['head_id']),
  };
}

export function messageOf(row: Row): ConversationMessage {
  return {
    id: String(row['id']),
    conversationId: String(row['conversation_id']),
    parentId: textOrNull(row['parent_id']),
    role: String(row['role']) as Role,
    content: contentOf(row),
    createdAt: Number(row['created_at']),
    ...(row['run_id'] == null ? {} : { runId: String(row['run_id']) }),
    ...(row['name'] == null ? {} : { name: String(row['name']) }),
    ...(row['favourite'] === 1 ? { favourite: true } : {}),
    ...(row['summary'] == null ? {} : { summary: JSON.parse(String(row['summary'])) as Summary }),
  };
}

export function insertMessage(file: SqliteFile, message: ConversationMessage): void {
  const { text, parts } = contentColumns(message.content);
  file.run(
    `INSERT INTO messages
       (id, conversation_id, parent_id, role, text, parts, created_at, run_id, name, favourite, summary)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    message.id,
    message.conversationId,
    message.parentId,
    message.role,
    text,
    parts,
    message.createdAt,
    message.runId ?? null,
    message.name ?? null,
    Number(message.favourite ?? false),
    message.summary ? JSON.stringify(message.summary) : null,
  );
}

/** A message's content as columns: its text for the search, and all parts where it is more than one text. */
function contentColumns(content: readonly Part[]): {
  readonly text: string;
  readonly parts: string | null;
} {
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const [first] = content;
  const isText = content.length === 1 && first?.type === 'text' && !first.attachment && text !== '';
  return { text, parts: isText || content.length === 0 ? null : JSON.stringify(content) };
}

function contentOf(row: Row): readonly Part[] {
  if (row['parts'] != null) return JSON.parse(String(row['parts'])) as readonly Part[];
  return row['text'] === '' ? [] : [{ type: 'text', text: String(row['text']) }];
}

function textOrNull(value: Row[string] | undefined): string | null {
  return value == null ? null : String(value);
}
