import type { Disposable, Uri } from 'vscode';
import type { NamedComparison } from '../core/run/namedComparison.ts';
import type { VariableValues } from '../core/store.ts';
import type { Comparisons, ComparisonsSurroundings } from './comparisons.ts';
import { focusedSession, offerSample } from './focusedSession.ts';
import { addModels } from './laneActions.ts';
import type { ModelsRow } from './modelsRow.ts';
import type { PromptsRow } from './promptsView.ts';
import { registerHandlers } from './registerHandlers.ts';
import { tellRowIsGone } from './rowIsGone.ts';

/** The commands about comparisons that are called from somewhere else than their panel. */
export type CompareCommandId =
  | 'llmPlayground.compareModel'
  | 'llmPlayground.saveComparison'
  | 'llmPlayground.runComparison'
  | 'llmPlayground.openComparison'
  | 'llmPlayground.renameComparison'
  | 'llmPlayground.deleteComparison';

export function registerCompareCommands(surroundings: ComparisonsSurroundings): Disposable {
  const comparisons = async (): Promise<Comparisons> =>
    new (await import('./comparisons.ts')).Comparisons(surroundings);
  const onComparison =
    (action: (all: Comparisons, comparison: NamedComparison) => Promise<void>) =>
    async (row?: PromptsRow): Promise<void> => {
      if (row?.type === 'comparison') await action(await comparisons(), row.comparison);
      else tellRowIsGone();
    };
  const handlers: Record<CompareCommandId, (...given: never[]) => unknown> = {
    'llmPlayground.compareModel': (row?: ModelsRow, rows?: readonly ModelsRow[]) =>
      compareModels(surroundings, rows ?? (row ? [row] : [])),
    'llmPlayground.saveComparison': async (uri?: Uri, values?: VariableValues) => {
      const session = focusedSession(surroundings, uri) ?? surroundings.panels.visible;
      if (session) await (await comparisons()).save(session, values);
      else await offerSample('Open the panel of a prompt first, whose lanes can be kept under a name.');
    },
    'llmPlayground.runComparison': async (row?: PromptsRow) => {
      const all = await comparisons();
      if (row?.type === 'comparison') await all.run(row.comparison);
      else await all.pick(row?.type === 'prompt' ? row.uri : undefined);
    },
    'llmPlayground.openComparison': onComparison((all, comparison) => all.open(comparison)),
    'llmPlayground.renameComparison': onComparison((all, comparison) => all.rename(comparison)),
    'llmPlayground.deleteComparison': onComparison((all, comparison) => all.delete(comparison)),
  };
  return registerHandlers(handlers);
}

/** Opens a lane for each model among some rows, in the panel of the prompt that the user works on. */
async function compareModels(
  surroundings: Pick<ComparisonsSurroundings, 'sessions' | 'panels'>,
  rows: readonly ModelsRow[],
): Promise<void> {
  const modelIds = rows.flatMap((row) => (row.type === 'model' ? row.modelId : []));
  if (modelIds.length === 0) {
    tellRowIsGone();
    return;
  }
  const { panels } = surroundings;
  const session = focusedSession(surroundings) ?? panels.visible;
  if (!session) {
    await offerSample('Open a .prompt file first, which the models can answer.');
    return;
  }
  panels.reveal(session);
  await session.show();
  addModels(session, modelIds);
}
