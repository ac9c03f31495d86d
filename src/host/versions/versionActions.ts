import { commands, Range, type Uri, window, workspace, WorkspaceEdit } from 'vscode';
import type { PromptVersion } from '../../core/prompt/versionList.ts';
import { nameOf } from '../promptSource.ts';
import type { PromptVersions } from './promptVersions.ts';
import { pickVersion } from './pickVersion.ts';
import { runText } from './runText.ts';
import { nameOfVersion } from './versionItem.ts';
import type { VersionRow } from './versionsView.ts';
import { versionUri } from './versionUri.ts';

/** A row that stands for a version. */
type Row = Extract<VersionRow, { type: 'version' }>;

/** Runs versions of a prompt, each in a lane; `null` is the file as it is. */
export type RunVersions = (uri: Uri, versions: readonly (string | null)[]) => Promise<void>;

/** What can be done with one version. Each throws an Error in words for the user. */
export class VersionActions {
  readonly #versions: PromptVersions;
  readonly #runLanes: RunVersions;

  constructor(versions: PromptVersions, runLanes: RunVersions) {
    this.#versions = versions;
    this.#runLanes = runLanes;
  }

  /** Opens the version to be read, the working copy to be written. */
  async open(row: Row): Promise<void> {
    await window.showTextDocument(documentOf(row), { preview: true });
  }

  async compare(row: Row): Promise<void> {
    await showDiff(row, documentOf(row), row.uri, `${nameOfVersion(row.entry)} ↔ working copy`);
  }

  /** Asks for the other version and shows what changed from the older to the newer. */
  async compareWithAnother(row: Row): Promise<void> {
    const title = `Compare ${nameOfVersion(row.entry)} with…`;
    const entry = await pickVersion(this.#versions, row.uri, { title, other: row.entry.version });
    if (!entry) return;
    const [older, newer] = this.#inOrder(row, { ...row, entry });
    await showDiff(
      row,
      documentOf(older),
      documentOf(newer),
      `${nameOfVersion(older.entry)} ↔ ${nameOfVersion(newer.entry)}`,
    );
  }

  /** Opens the version and runs it; the runs count for the version. */
  async run(row: Row): Promise<void> {
    await this.open(row);
    await runText(documentOf(row));
  }

  /** Asks for the other version and runs both on the same variables, the older one in the left lane. */
  async runBeside(row: Row): Promise<void> {
    const title = `Run ${nameOfVersion(row.entry)} Side by Side with…`;
    const entry = await pickVersion(this.#versions, row.uri, { title, other: row.entry.version });
    if (!entry) return;
    const both = this.#inOrder(row, { ...row, entry });
    await this.#runLanes(row.uri, both.map(({ entry: { isWorkingCopy, version } }) => (isWorkingCopy ? null : version))); // prettier-ignore
  }

  /** Puts the version's text into the editor, as a change that can be undone and is not saved yet. */
  async restore({ uri, entry }: Row): Promise<void> {
    const text = await this.#versions.textOf(uri, entry.version);
    const edit = new WorkspaceEdit();
    const document = await workspace.openTextDocument(uri).then(
      (opened) => opened,
      () => undefined,
    );
    if (document) edit.replace(uri, new Range(0, 0, document.lineCount, 0), text);
    else edit.createFile(uri, { contents: new TextEncoder().encode(text) });
    if (!(await workspace.applyEdit(edit))) throw new Error(`${nameOf(uri)} cannot be changed.`);
    await window.showTextDocument(uri);
    window.setStatusBarMessage(
      `${nameOf(uri)} is as it was in ${nameOfVersion(entry)}. Save to keep it.`,
      8000,
    );
  }

  /** Gives the version a name of the user's own; nothing of it leaves this machine. */
  async tag({ uri, entry }: Row): Promise<void> {
    const taken = new Map(
      (this.#versions.listOf(uri)?.versions ?? [])
        .filter(({ version }) => version !== entry.version)
        .flatMap((other) =>
          other.names.filter(({ kind }) => kind === 'tag').map(({ name }) => [name, other]),
        ),
    );
    const name = await window.showInputBox({
      title: `Tag ${nameOfVersion(entry)}`,
      prompt: 'A name for this version. It stays on this machine and is no tag of git.',
      placeHolder: 'Such as: best so far',
      validateInput: (input) => {
        if (input.trim() === '') return 'Type a name.';
        return taken.has(input.trim()) ? 'Another version of this prompt has this name.' : undefined;
      },
    });
    if (name === undefined) return;
    const note = await window.showInputBox({
      title: `Tag ${name.trim()}`,
      prompt: 'A note, if you like; Enter leaves it empty.',
    });
    if (note === undefined) return;
    const text = await this.#textOf(uri, entry);
    this.#versions.store.tag(uri.toString(), entry.version, text, {
      name: name.trim(),
      note: note.trim(),
    });
    this.#versions.rereadRuns();
  }

  /** Takes one of the user's own names away, after asking which where there are several. */
  async untag({ entry }: Row): Promise<void> {
    const names = entry.names.filter(({ kind }) => kind === 'tag').map(({ name }) => name);
    const name =
      names.length > 1 ? await window.showQuickPick(names, { title: 'Remove which tag?' }) : names[0];
    if (name === undefined) return;
    this.#versions.store.untag(entry.version, name);
    this.#versions.rereadRuns();
  }

  /** The older version first. */
  #inOrder(one: Row, other: Row): readonly [Row, Row] {
    const { versions = [] } = this.#versions.listOf(one.uri) ?? {};
    const place = ({ entry }: Row): number => versions.findIndex(({ version }) => version === entry.version);
    return place(one) > place(other) ? [one, other] : [other, one];
  }

  async #textOf(uri: Uri, entry: PromptVersion): Promise<string> {
    if (entry.isWorkingCopy) return (await workspace.openTextDocument(uri)).getText();
    return this.#versions.textOf(uri, entry.version);
  }
}

/** Where the row's text is: the file itself for the working copy. */
function documentOf({ uri, entry }: Row): Uri {
  return entry.isWorkingCopy ? uri : versionUri({ prompt: uri, version: entry.version });
}

async function showDiff({ uri }: Row, left: Uri, right: Uri, title: string): Promise<void> {
  await commands.executeCommand('vscode.diff', left, right, `${nameOf(uri)}: ${title}`);
}
