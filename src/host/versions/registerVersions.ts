import { Disposable, workspace } from 'vscode';
import type { PromptVersions } from './promptVersions.ts';
import type { RunVersions } from './versionActions.ts';
import { registerVersionCommands } from './versionCommands.ts';
import { VersionDocuments } from './versionDocuments.ts';
import { versionScheme } from './versionUri.ts';
import { VersionsView } from './versionsView.ts';

/** The Versions view, its commands, and the documents that it opens. */
export function registerVersions(versions: PromptVersions, runLanes: RunVersions): Disposable {
  const view = new VersionsView(versions);
  return Disposable.from(
    view,
    registerVersionCommands(versions, view, runLanes),
    workspace.registerTextDocumentContentProvider(versionScheme, new VersionDocuments(versions)),
  );
}
