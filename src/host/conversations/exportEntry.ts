import { exportHtml } from '../../core/conversation/exportHtml.ts';
import { exportJson } from '../../core/conversation/exportJson.ts';
import { exportMarkdown } from '../../core/conversation/exportMarkdown.ts';
import { type EntryId, type History, recordOf, transcriptOf } from './entry.ts';

/** By the extension of the file. */
export type ExportFormat = 'json' | 'md' | 'html';

/**
 * An entry as the text of a file. JSON has all branches and log-probabilities; the others the path of the first lane.
 * @throws Error when it is not there, or when the history cannot be read.
 */
export function exportEntry(history: History, entry: EntryId, format: ExportFormat): string {
  const record = recordOf(history, entry);
  switch (format) {
    case 'json':
      return exportJson(record, record.runs, { logprobs: true });
    case 'md':
      return exportMarkdown(transcriptOf(record));
    case 'html':
      return exportHtml(transcriptOf(record));
    default:
      return format satisfies never;
  }
}
