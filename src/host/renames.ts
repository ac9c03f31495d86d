import {
  type Disposable,
  FileSystemError,
  FileType,
  type LogOutputChannel,
  RelativePattern,
  TabInputText,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
} from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { Move, VersionStore } from '../core/prompt/versionStore.ts';
import type { Panels } from './panels.ts';
import { nameOf } from './promptSource.ts';
import type { PromptsView } from './promptsView.ts';
import type { SessionMemory } from './sessionMemory.ts';
import type { Sessions } from './sessions.ts';
import type { PromptVersions } from './versions/promptVersions.ts';
import { movedAddress, versionScheme } from './versions/versionUri.ts';

interface RenamesSurroundings {
  readonly store: VersionStore;
  readonly memory: Pick<SessionMemory, 'move'>;
  readonly sessions: Sessions;
  readonly panels: Pick<Panels, 'close'>;
  readonly versions: Pick<PromptVersions, 'moved'>;
  readonly prompts: Pick<PromptsView, 'rereadRuns'>;
  readonly log: LogOutputChannel;
}

/** Takes along what there is of prompts that are renamed or moved in this window, with or without their folder. */
export class Renames implements Disposable {
  readonly #surroundings: RenamesSurroundings;
  readonly #registration: Disposable;
  /** One after another, for the next one may take back the one before. */
  #last: Promise<void> = Promise.resolve();

  constructor(surroundings: RenamesSurroundings) {
    this.#surroundings = surroundings;
    this.#registration = workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) {
        this.#last = this.#last
          .then(() => this.#follow(oldUri, newUri))
          .catch((error: unknown) => surroundings.log.error(messageOf(error)));
      }
    });
  }

  dispose(): void {
    this.#registration.dispose();
  }

  async #follow(from: Uri, to: Uri): Promise<void> {
    const { store, memory, sessions, panels, versions, prompts, log } = this.#surroundings;
    const move = await moveOf(from, to);
    if (!move) return;
    try {
      store.move([move]);
    } catch (error) {
      log.error(messageOf(error));
      void window.showWarningMessage(
        `The runs and tags of ${nameOf(from)} stay under that name: ${messageOf(error)}`,
      );
      return;
    }
    memory.move((uri) => movedAddress(Uri.parse(uri, true), from, to)?.toString());
    for (const ended of sessions.move(from, to)) panels.close(ended);
    versions.moved(from, to);
    prompts.rereadRuns();
    await reopenVersions(from, to);
    if (!move.inFolder) await this.#followInputs(from, to);
  }

  /** The named sets of a prompt lie beside it; see `inputSetsFile.ts`. */
  async #followInputs(from: Uri, to: Uri): Promise<void> {
    const { inputSetsFileName } = await import('../core/prompt/inputSets.ts');
    const beside = (prompt: Uri): Uri => Uri.joinPath(prompt, '..', inputSetsFileName(nameOf(prompt)));
    try {
      await rename(beside(from), beside(to));
    } catch (error) {
      // There are none, or they were moved with the prompt.
      if (error instanceof FileSystemError && error.code === 'FileNotFound') return;
      this.#surroundings.log.warn(messageOf(error));
      void window.showWarningMessage(
        `${nameOf(beside(from))} stays where it is, because ${nameOf(beside(to))} cannot be written: ${messageOf(error)}`,
      );
    }
  }
}

/**
 * The address of a version has that of its prompt in it, by which its runs are recorded. One that is shown is shown again under
 * the new address; one behind other tabs is closed, because it can only be opened in front of them.
 */
async function reopenVersions(from: Uri, to: Uri): Promise<void> {
  for (const tab of window.tabGroups.all.flatMap(({ tabs }) => tabs)) {
    if (!(tab.input instanceof TabInputText) || tab.input.uri.scheme !== versionScheme) continue;
    const moved = movedAddress(tab.input.uri, from, to);
    if (!moved) continue;
    const { isActive, isPreview: preview, group } = tab;
    const preserveFocus = !(isActive && group.isActive);
    if (isActive) {
      await window.showTextDocument(moved, { viewColumn: group.viewColumn, preview, preserveFocus });
    }
    await window.tabGroups.close(tab, true);
  }
}

/** `undefined` for what is no prompt. */
async function moveOf(from: Uri, to: Uri): Promise<Move | undefined> {
  const move: Move = { from: from.toString(), to: to.toString() };
  if (isPrompt(from) || isPrompt(to)) return move;
  const { type } = await workspace.fs.stat(to);
  if (!(type & FileType.Directory)) return undefined;
  const found = await workspace.findFiles(new RelativePattern(to, '**/*.prompt'), null);
  return { ...move, inFolder: found.map((uri) => move.from + uri.toString().slice(move.to.length)) };
}

function isPrompt({ path }: Uri): boolean {
  return path.endsWith('.prompt');
}

/** Never over another file. Where it is open, its editor goes along. */
async function rename(from: Uri, to: Uri): Promise<void> {
  const isOpen = workspace.textDocuments.some(({ uri }) => uri.toString() === from.toString());
  if (!isOpen) return workspace.fs.rename(from, to, { overwrite: false });
  const edit = new WorkspaceEdit();
  edit.renameFile(from, to, { overwrite: false });
  if (!(await workspace.applyEdit(edit))) throw new Error('The editor could not rename it.');
}
