import { commands, type Disposable, env, Uri, window } from 'vscode';
import { messageOf } from '../../core/errors.ts';
import { registerHandlers } from '../registerHandlers.ts';
import { tellRowIsGone } from '../rowIsGone.ts';
import type { PromptVersions } from './promptVersions.ts';
import type { RunVersions, VersionActions } from './versionActions.ts';
import type { VersionRow, VersionsView } from './versionsView.ts';

/** The commands about versions of prompts. */
export type VersionCommandId =
  | 'llmPlayground.showVersions'
  | 'llmPlayground.refreshVersions'
  | 'llmPlayground.moreVersions'
  | 'llmPlayground.openVersion'
  | 'llmPlayground.compareVersion'
  | 'llmPlayground.compareVersions'
  | 'llmPlayground.runVersion'
  | 'llmPlayground.runVersionBeside'
  | 'llmPlayground.restoreVersion'
  | 'llmPlayground.tagVersion'
  | 'llmPlayground.untagVersion'
  | 'llmPlayground.copyVersionId'
  | 'llmPlayground.copyCommitId';

type Row = Extract<VersionRow, { type: 'version' }>;

/** Registers them. Those about one version take its row of the Versions view. */
export function registerVersionCommands(
  versions: PromptVersions,
  view: VersionsView,
  runLanes: RunVersions,
): Disposable {
  const onRow =
    (action: (row: Row, actions: VersionActions) => Promise<unknown>) =>
    async (row?: VersionRow): Promise<void> => {
      if (row?.type !== 'version') {
        tellRowIsGone();
        return;
      }
      try {
        const { VersionActions: Made } = await import('./versionActions.ts');
        await action(row, new Made(versions, runLanes));
      } catch (error) {
        void window.showErrorMessage(messageOf(error));
      }
    };
  const runBeside = onRow((row, actions) => actions.runBeside(row));
  const handlers: Record<VersionCommandId, (...given: [row?: VersionRow]) => unknown> = {
    'llmPlayground.showVersions': (row) => showVersions(row),
    'llmPlayground.refreshVersions': () => view.uri && versions.refresh(view.uri),
    'llmPlayground.moreVersions': () => view.uri && versions.showMore(view.uri),
    'llmPlayground.openVersion': onRow((row, actions) => actions.open(row)),
    'llmPlayground.compareVersion': onRow((row, actions) => actions.compare(row)),
    'llmPlayground.compareVersions': onRow((row, actions) => actions.compareWithAnother(row)),
    'llmPlayground.runVersion': onRow((row, actions) => actions.run(row)),
    'llmPlayground.runVersionBeside': async (...given) => {
      // From the palette it is called with nothing; a row that was read again while its button was pressed is `undefined`.
      if (given.length > 0) return runBeside(given[0]);
      const row = await workingCopy(view, versions);
      if (row) await runBeside(row);
      else void window.showInformationMessage('Open a .prompt file first.');
    },
    'llmPlayground.restoreVersion': onRow((row, actions) => actions.restore(row)),
    'llmPlayground.tagVersion': onRow((row, actions) => actions.tag(row)),
    'llmPlayground.untagVersion': onRow((row, actions) => actions.untag(row)),
    'llmPlayground.copyVersionId': onRow(({ entry }) => copy(entry.version)),
    'llmPlayground.copyCommitId': onRow(({ entry }) => copy(entry.commits[0]?.id)),
  };
  return registerHandlers(handlers);
}

/** The row of the prompt that the user works on; `undefined` where there is none. */
async function workingCopy(view: VersionsView, versions: PromptVersions): Promise<VersionRow | undefined> {
  const { uri } = view;
  const { versions: entries = [], hasGit = false } = (uri && (await versions.read(uri))) ?? {};
  const entry = entries.find(({ isWorkingCopy }) => isWorkingCopy);
  return uri && entry && { type: 'version', uri, entry, hasGit };
}

/** Brings the view up; called on a row of the Prompts view it opens that prompt first, whose versions are then shown. */
async function showVersions(row: unknown): Promise<void> {
  const { uri } = (row ?? {}) as { uri?: unknown };
  if (uri instanceof Uri) await window.showTextDocument(uri);
  await commands.executeCommand('llmPlayground.versions.focus');
}

async function copy(id: string | undefined): Promise<void> {
  if (id !== undefined) await env.clipboard.writeText(id);
}
