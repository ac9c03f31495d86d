import {
  Disposable,
  type Event,
  EventEmitter,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  type TreeView,
  type Uri,
  window,
} from 'vscode';
import type { PromptVersion } from '../../core/prompt/versionList.ts';
import type { VersionRun } from '../../core/prompt/versionStore.ts';
import { messageOf } from '../../core/errors.ts';
import { nameOf } from '../promptSource.ts';
import { ActivePrompt } from './activePrompt.ts';
import type { PromptVersions } from './promptVersions.ts';
import { versionItem } from './versionItem.ts';
import { versionRunItem } from './versionRunItem.ts';

/** One row of the Versions view. */
export type VersionRow =
  | { readonly type: 'version'; readonly uri: Uri; readonly entry: PromptVersion; readonly hasGit: boolean }
  | { readonly type: 'run'; readonly run: VersionRun }
  /** What there is to say in place of further rows. */
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'more'; readonly uri: Uri };

/** So many runs are listed below a version. */
const shownRuns = 100;

/** The versions of the prompt that the user works on, newest first, and below each its runs. */
export class VersionsView implements TreeDataProvider<VersionRow>, Disposable {
  readonly #versions: PromptVersions;
  readonly #active = new ActivePrompt();
  readonly #changed = new EventEmitter<undefined>();
  readonly #view: TreeView<VersionRow>;
  readonly #registrations: Disposable;

  readonly onDidChangeTreeData: Event<undefined> = this.#changed.event;

  constructor(versions: PromptVersions) {
    this.#versions = versions;
    this.#view = window.createTreeView('llmPlayground.versions', { treeDataProvider: this });
    this.#registrations = Disposable.from(
      this.#active,
      this.#changed,
      this.#view,
      this.#active.onDidChange(() => this.#changed.fire(undefined)),
      versions.onDidChange((uri) => {
        if (uri.toString() === this.#active.uri?.toString()) this.#changed.fire(undefined);
      }),
    );
  }

  /** The prompt whose versions are shown. */
  get uri(): Uri | undefined {
    return this.#active.uri;
  }

  getChildren(row?: VersionRow): VersionRow[] | Promise<VersionRow[]> {
    if (row) return row.type === 'version' ? this.#runsOf(row) : [];
    const { uri } = this;
    if (!uri) return [];
    const list = this.#versions.listOf(uri);
    this.#view.description = nameOf(uri);
    this.#view.message = list?.note ?? '';
    if (!list) return [];
    const { versions, hasGit, hasMore } = list;
    const rows = versions.map((entry): VersionRow => ({ type: 'version', uri, entry, hasGit }));
    return hasMore ? [...rows, { type: 'more', uri }] : rows;
  }

  getTreeItem(row: VersionRow): TreeItem {
    switch (row.type) {
      case 'version': {
        const item = versionItem(row.entry, row.hasGit, Date.now());
        item.command = { command: 'llmPlayground.openVersion', title: 'Open', arguments: [row] };
        return item;
      }
      case 'run':
        return versionRunItem(row.run, Date.now());
      case 'note':
        return new TreeItem(row.text);
      case 'more': {
        const item = new TreeItem('Show older commits');
        item.id = 'more';
        item.iconPath = new ThemeIcon('ellipsis');
        item.command = { command: 'llmPlayground.moreVersions', title: 'Show older commits' };
        return item;
      }
      default:
        return row satisfies never;
    }
  }

  dispose(): void {
    this.#registrations.dispose();
  }

  async #runsOf({ uri, entry }: Extract<VersionRow, { type: 'version' }>): Promise<VersionRow[]> {
    try {
      const runs = await this.#versions.runsOf(uri, entry.version, shownRuns);
      const rows = runs.map((run): VersionRow => ({ type: 'run', run }));
      const isAll = (entry.runs?.count ?? 0) <= runs.length;
      return isAll ? rows : [...rows, { type: 'note', text: 'Older runs are in the Conversations view' }];
    } catch (error) {
      return [{ type: 'note', text: messageOf(error) }];
    }
  }
}
