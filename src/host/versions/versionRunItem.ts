import { TreeItem } from 'vscode';
import { formatAge, formatUsd } from '../../core/format.ts';
import type { VersionRun } from '../../core/prompt/versionStore.ts';
import type { EntryId } from '../conversations/entry.ts';
import { runIcon } from '../runIcon.ts';

/** How a run looks below its version. A click opens it in a panel, where it can be gone on with. */
export function versionRunItem({ id, modelId, status, cost, startedAt }: VersionRun, now: number): TreeItem {
  const item = new TreeItem(modelId);
  item.id = `run ${id}`;
  item.iconPath = runIcon(status);
  item.description = [
    status === 'finished' ? '' : status,
    cost === undefined ? 'cost unknown' : formatUsd(cost),
    formatAge(startedAt, now),
  ]
    .filter(Boolean)
    .join(' · ');
  item.tooltip = new Date(startedAt).toLocaleString();
  item.contextValue = 'run';
  const entry: EntryId = { kind: 'run', id };
  item.command = { command: 'llmPlayground.openConversation', title: 'Open', arguments: [entry] };
  return item;
}
