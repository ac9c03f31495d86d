import { ProgressLocation, window } from 'vscode';
import { messageOf } from '../core/errors.ts';
import { formatCount } from '../core/format.ts';
import type { SqliteStore } from '../node/sqliteStore.ts';

const recover = 'Recover What Can Be Read';

/** Tells what became of the history's file, and offers to take over what a damaged one still holds. */
export async function tellOfHistory(
  notice: string,
  damaged: string | undefined,
  store: SqliteStore,
): Promise<void> {
  const buttons = damaged === undefined ? [] : [recover];
  if ((await window.showWarningMessage(notice, ...buttons)) !== recover || damaged === undefined) return;
  try {
    const { salvage } = await import('../node/sqliteSalvage.ts');
    const { conversations, runs, isWhole } = await window.withProgress(
      { location: ProgressLocation.Notification, title: 'Reading the damaged history…' },
      () => Promise.resolve(salvage(damaged, store)),
    );
    const missing = isWhole ? '' : ' Some of it could not be read.';
    void window.showInformationMessage(
      `Recovered: ${formatCount(conversations)} conversations and ${formatCount(runs)} runs.${missing}`,
    );
  } catch (error) {
    void window.showErrorMessage(messageOf(error));
  }
}
