import { type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import type { HistoryFilter } from '../../core/conversation/store.ts';
import { fileNameOf } from '../../core/prompt/fileName.ts';
import type { History } from './entry.ts';

/** Which entries the view shows; all that are not archived where nothing is set. */
export type ViewFilter = Pick<HistoryFilter, 'promptUri' | 'modelId' | 'archived'>;

interface FilterItem extends QuickPickItem {
  readonly filter?: ViewFilter;
}

/** Asks which entries to show. `undefined` when the user turns away. */
export async function askForFilter({ conversations }: History): Promise<ViewFilter | undefined> {
  const { modelIds, promptUris } = conversations.facets();
  const header = (label: string): FilterItem => ({ label, kind: QuickPickItemKind.Separator });
  const items: readonly FilterItem[] = [
    { label: '$(list-unordered) All conversations', filter: {} },
    { label: '$(archive) Archived conversations', filter: { archived: true } },
    header('With a model'),
    ...modelIds.map((modelId) => ({ label: modelId, filter: { modelId } })),
    header('Of a prompt'),
    ...promptUris.map((promptUri) => ({
      label: fileNameOf(promptUri),
      description: promptUri,
      filter: { promptUri },
    })),
  ];
  const picked = await window.showQuickPick(items, {
    title: 'Filter Conversations',
    placeHolder: 'Show which conversations?',
    matchOnDescription: true,
  });
  return picked?.filter;
}

/** What the view says beside its name; nothing where it shows all. */
export function filterLabel({ promptUri, modelId, archived }: ViewFilter): string {
  return [archived ? 'archived' : '', modelId ?? '', promptUri === undefined ? '' : fileNameOf(promptUri)]
    .filter(Boolean)
    .join(' · ');
}
