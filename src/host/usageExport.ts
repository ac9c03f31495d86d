import { type QuickPickItem, Uri, window, workspace } from 'vscode';
import type { UsageGrouping } from '../core/usage/usage.ts';
import type { SqliteUsage, UsageSpan } from '../node/sqliteUsage.ts';

interface GroupingItem extends QuickPickItem {
  readonly grouping: UsageGrouping;
}

const groupings: readonly GroupingItem[] = [
  { label: 'By day', grouping: 'day' },
  { label: 'By model', grouping: 'model' },
  { label: 'By prompt', grouping: 'prompt' },
];

/**
 * Asks how to add up and where to, and writes the usage of a span there as CSV.
 * @param spanName `Last 30 days`
 * @throws Error when the history cannot be read or the file not be written.
 */
export async function exportUsage(usage: SqliteUsage, span: UsageSpan, spanName: string): Promise<void> {
  const picked = await window.showQuickPick(groupings, {
    title: `Export the usage (${spanName.toLowerCase()})`,
    placeHolder: 'A line for each of what?',
  });
  if (!picked) return;
  const { usageCsv } = await import('../core/usage/csv.ts');
  const csv = usageCsv(picked.grouping, usage.by(picked.grouping, span));
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const name = `llm-usage-by-${picked.grouping}.csv`;
  const target = await window.showSaveDialog({
    filters: { CSV: ['csv'] },
    ...(folder ? { defaultUri: Uri.joinPath(folder, name) } : {}),
  });
  if (!target) return;
  await workspace.fs.writeFile(target, new TextEncoder().encode(csv));
  const answer = await window.showInformationMessage(`The usage was exported to ${target.fsPath}.`, 'Open');
  if (answer) await window.showTextDocument(target);
}
