import { type Uri, window } from 'vscode';
import type { PromptVersion } from '../../core/prompt/versionList.ts';
import type { PromptVersions } from './promptVersions.ts';
import { detailsOfVersion, labelOfVersion } from './versionItem.ts';

/**
 * Asks for a version of a prompt, by the names that the Versions view has for them.
 * @param other The version that makes no sense here; all can be chosen where none is given.
 * @returns `undefined` when the user turns away
 */
export async function pickVersion(
  versions: PromptVersions,
  uri: Uri,
  { title, other }: { readonly title: string; readonly other?: string },
): Promise<PromptVersion | undefined> {
  const items = versions.read(uri).then((list) => {
    const { versions: entries = [], hasGit = false } = list ?? {};
    return entries
      .filter(({ version }) => version !== other)
      .map((entry) => ({
        label: labelOfVersion(entry),
        description: detailsOfVersion(entry, hasGit, Date.now()),
        entry,
      }));
  });
  const picked = await window.showQuickPick(items, {
    title,
    placeHolder: 'Which version?',
    matchOnDescription: true,
  });
  return picked?.entry;
}
