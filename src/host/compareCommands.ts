import { commands, Disposable } from 'vscode';
import { focusedSession, offerSample } from './focusedSession.ts';
import { addModels } from './laneActions.ts';
import type { ModelsRow } from './modelsRow.ts';
import type { Panels } from './panels.ts';
import type { Sessions } from './sessions.ts';

/** The commands about comparisons that are called from somewhere else than their panel. */
export type CompareCommandId = 'llmPlayground.compareModel';

export interface CompareSurroundings {
  readonly sessions: Sessions;
  readonly panels: Panels;
}

export function registerCompareCommands(surroundings: CompareSurroundings): Disposable {
  const handlers: Record<CompareCommandId, (...given: never[]) => unknown> = {
    'llmPlayground.compareModel': (row?: ModelsRow, rows?: readonly ModelsRow[]) =>
      compareModels(surroundings, rows ?? (row ? [row] : [])),
  };
  return Disposable.from(
    ...Object.entries(handlers).map(([id, handler]) => commands.registerCommand(id, handler)),
  );
}

/** Opens a lane for each model among some rows, in the panel of the prompt that the user works on. */
async function compareModels(surroundings: CompareSurroundings, rows: readonly ModelsRow[]): Promise<void> {
  const modelIds = rows.flatMap((row) => (row.type === 'model' ? row.modelId : []));
  if (modelIds.length === 0) return;
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
