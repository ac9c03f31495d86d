import { ConversationError, type ConversationMessage } from '../core/conversation/conversation.ts';
import type { DeletedBranch } from '../core/conversation/store.ts';
import type { SqliteFile } from './sqliteFile.ts';

/** Marks a message and all below it as deleted, and takes lanes that stand there to the message above. */
export function deleteBranch(
  file: SqliteFile,
  { id: messageId, conversationId, parentId }: ConversationMessage,
): DeletedBranch {
  const count = file.run(
    `WITH RECURSIVE branch (id) AS (
       VALUES (?)
       UNION
       SELECT messages.id FROM branch
         JOIN messages ON messages.conversation_id = ? AND messages.parent_id = branch.id
     )
     UPDATE messages SET deleted_at = ?, deleted_with = ? WHERE id IN branch AND deleted_at IS NULL`,
    messageId,
    conversationId,
    file.now,
    messageId,
  );
  const heads = file.all(
    `SELECT lanes.id, head_id FROM lanes JOIN messages ON messages.id = head_id
     WHERE lanes.conversation_id = ? AND deleted_with = ? ORDER BY position`,
    conversationId,
    messageId,
  );
  for (const { id } of heads) {
    file.run(
      'UPDATE lanes SET head_id = ? WHERE conversation_id = ? AND id = ?',
      parentId,
      conversationId,
      id ?? null,
    );
  }
  return {
    messageId,
    count,
    heads: heads.map(({ id, head_id }) => ({ laneId: String(id), headId: String(head_id) })),
  };
}

/**
 * Brings a branch back and answers with its conversation's id. A branch within another one that has been deleted since
 * comes back with that one.
 * @throws ConversationError when the branch is not there any more.
 */
export function restoreBranch(file: SqliteFile, { messageId, heads }: DeletedBranch): string {
  const root = file.first(
    `SELECT message.conversation_id, message.parent_id, parent.deleted_at, parent.deleted_with
     FROM messages AS message LEFT JOIN messages AS parent ON parent.id = message.parent_id
     WHERE message.id = ? AND message.deleted_with = ?`,
    messageId,
    messageId,
  );
  if (!root) throw new ConversationError('The branch cannot be restored any more.');
  const { conversation_id = null, parent_id = null, deleted_at = null, deleted_with = null } = root;
  file.run(
    'UPDATE messages SET deleted_at = ?, deleted_with = ? WHERE conversation_id = ? AND deleted_with = ?',
    deleted_at,
    deleted_with,
    conversation_id,
    messageId,
  );
  if (deleted_at !== null) return String(conversation_id);
  for (const { laneId, headId } of heads) {
    file.run(
      'UPDATE lanes SET head_id = ? WHERE conversation_id = ? AND id = ? AND head_id IS ?',
      headId,
      conversation_id,
      laneId,
      parent_id,
    );
  }
  return String(conversation_id);
}
