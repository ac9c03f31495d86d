import { keepDeletedMs } from '../core/conversation/store.ts';
import { isBusy } from './sqliteFaults.ts';
import type { SqliteFile } from './sqliteFile.ts';

/**
 * Removes what was deleted longer ago than it can be restored, with its runs and what they had sent. While another program
 * is at work in the file it is left for the next time.
 */
export function purgeDeleted(file: SqliteFile): void {
  try {
    purge(file, file.now - keepDeletedMs);
  } catch (error) {
    if (!(error instanceof Error) || !isBusy(error.cause)) throw error;
  }
}

function purge(file: SqliteFile, before: number): void {
  const isDue =
    file.first('SELECT 1 FROM conversations WHERE deleted_at < ?', before) ??
    file.first('SELECT 1 FROM messages WHERE deleted_at < ?', before) ??
    file.first('SELECT 1 FROM named_comparisons WHERE deleted_at < ?', before);
  if (!isDue) return;
  file.transaction(() => {
    file.run(
      `DELETE FROM runs WHERE id IN (SELECT run_id FROM messages WHERE deleted_at < ?)
         OR conversation_id IN (SELECT id FROM conversations WHERE deleted_at < ?)`,
      before,
      before,
    );
    file.run('DELETE FROM messages WHERE deleted_at < ?', before);
    file.run('DELETE FROM named_comparisons WHERE deleted_at < ?', before);
    // Its messages and lanes go with it.
    file.run('DELETE FROM conversations WHERE deleted_at < ?', before);
    file.run(
      `DELETE FROM sent_messages
       WHERE id NOT IN (SELECT sent.value FROM runs, json_each(runs.sent) AS sent WHERE runs.sent IS NOT NULL)`,
    );
    file.run(
      `DELETE FROM prompt_versions
       WHERE hash NOT IN (SELECT prompt_version FROM runs WHERE prompt_version IS NOT NULL)
         AND hash NOT IN (SELECT hash FROM version_tags)
         AND hash NOT IN (
           SELECT coalesce(lane.value ->> 'promptVersion', '') FROM named_comparisons, json_each(lanes) AS lane
         )`,
    );
  });
}
