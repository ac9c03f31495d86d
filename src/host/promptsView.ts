import {
  commands,
  Disposable,
  type Event,
  EventEmitter,
  FileType,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { LastRun, VersionStore } from '../core/prompt/versionStore.ts';
import type { ComparisonStore, NamedComparison } from '../core/run/namedComparison.ts';
import { messageOf } from '../core/errors.ts';
import { comparisonItem } from './comparisonItem.ts';
import { promptFacts, type PromptFacts } from './promptFacts.ts';
import { libraryItem, promptItem } from './promptItem.ts';

/** One row of the Prompts view. */
export type PromptsRow =
  | { readonly type: 'folder'; readonly uri: Uri; readonly prompts: readonly Uri[] }
  | { readonly type: 'prompt'; readonly uri: Uri }
  | { readonly type: 'comparison'; readonly comparison: NamedComparison }
  | { readonly type: 'none' }
  | { readonly type: 'library' }
  | { readonly type: 'library-prompt'; readonly uri: Uri };

/** What the history knows of prompts. */
export interface PromptsHistory {
  readonly versions: Pick<VersionStore, 'lastRuns'>;
  readonly comparisons: Pick<ComparisonStore, 'list'>;
}

/** More are not listed. */
const mostPrompts = 5_000;
/** Changes that come together make one list, in ms. */
const restMs = 200;

/**
 * The prompt files of the workspace by folder, and those that ship with the extension. The list comes at once; what is in
 * the files is read after that, of the folders that are open.
 */
export class PromptsView implements TreeDataProvider<PromptsRow>, Disposable {
  readonly #library: Uri;
  readonly #store: PromptsHistory;
  readonly #changed = new EventEmitter<undefined>();
  readonly #view: TreeView<PromptsRow>;
  readonly #registrations: Disposable;
  readonly #facts = new Map<string, PromptFacts>();
  /** Those whose facts are being read. */
  readonly #reading = new Set<string>();
  #prompts: Promise<readonly Uri[]> | undefined;
  #lastRuns: ReadonlyMap<string, LastRun> = new Map();
  #comparisons: ReadonlyMap<string, readonly NamedComparison[]> = new Map();
  #filter = '';
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData: Event<undefined> = this.#changed.event;

  constructor(extensionUri: Uri, store: PromptsHistory) {
    this.#library = Uri.joinPath(extensionUri, 'prompts');
    this.#store = store;
    this.#view = window.createTreeView('llmPlayground.prompts', {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    const watcher = workspace.createFileSystemWatcher('**/*.prompt');
    const listAgain = (): void => {
      this.#prompts = undefined;
      this.#changeSoon();
    };
    this.#registrations = Disposable.from(
      this.#changed,
      this.#view,
      watcher,
      watcher.onDidCreate(listAgain),
      watcher.onDidDelete(listAgain),
      watcher.onDidChange((uri) => {
        this.#facts.delete(uri.toString());
        this.#changeSoon();
      }),
      workspace.onDidChangeWorkspaceFolders(listAgain),
      new Disposable(() => clearTimeout(this.#timer)),
    );
  }

  /** Takes over what the history of runs says now. */
  rereadRuns(): void {
    if (this.#view.visible) this.#changeSoon();
  }

  /** Shows what the history says now. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  /** Asks which prompts to show, by their path or model. */
  async filter(): Promise<void> {
    const filter = await window.showInputBox({
      title: 'Filter Prompts',
      prompt: 'Part of a path or of a model. Empty shows all.',
      value: this.#filter,
    });
    if (filter !== undefined) this.#setFilter(filter.trim());
  }

  clearFilter(): void {
    this.#setFilter('');
  }

  async getChildren(row?: PromptsRow): Promise<PromptsRow[]> {
    if (!row) return this.#roots();
    switch (row.type) {
      case 'folder':
        return this.#rowsOf(row.prompts);
      case 'library':
        return this.#libraryRows();
      case 'prompt':
        return this.#comparisonsOf(row.uri).map((comparison) => ({ type: 'comparison', comparison }));
      case 'comparison':
      case 'library-prompt':
      case 'none':
        return [];
      default:
        return row satisfies never;
    }
  }

  getTreeItem(row: PromptsRow): TreeItem {
    switch (row.type) {
      case 'folder': {
        const item = new TreeItem(workspace.asRelativePath(row.uri), TreeItemCollapsibleState.Expanded);
        item.id = row.uri.toString();
        item.iconPath = ThemeIcon.Folder;
        return item;
      }
      case 'prompt': {
        const key = row.uri.toString();
        const item = promptItem(row.uri, this.#facts.get(key), this.#lastRuns.get(key));
        if (this.#comparisonsOf(row.uri).length > 0)
          item.collapsibleState = TreeItemCollapsibleState.Collapsed;
        return item;
      }
      case 'comparison':
        return comparisonItem(row.comparison);
      case 'none': {
        const item = new TreeItem(
          this.#filter === '' ? 'New Prompt…' : 'No prompt has this in its path or model',
        );
        item.iconPath = new ThemeIcon(this.#filter === '' ? 'new-file' : 'info');
        if (this.#filter === '') item.command = { command: 'llmPlayground.newPrompt', title: 'New Prompt…' };
        return item;
      }
      case 'library': {
        const item = new TreeItem('Library', TreeItemCollapsibleState.Collapsed);
        item.id = 'library';
        item.iconPath = new ThemeIcon('library');
        item.tooltip = 'Prompts that ship with the extension, to try and to copy.';
        return item;
      }
      case 'library-prompt': {
        const item = libraryItem(row.uri, this.#facts.get(row.uri.toString()));
        item.command = { command: 'llmPlayground.openLibraryPrompt', title: 'Open a Copy', arguments: [row] };
        return item;
      }
      default:
        return row satisfies never;
    }
  }

  dispose(): void {
    this.#registrations.dispose();
  }

  async #roots(): Promise<PromptsRow[]> {
    const found = await (this.#prompts ??= findPrompts());
    this.#view.message =
      found.length < mostPrompts
        ? ''
        : `Only ${mostPrompts} prompts are listed. Exclude folders in "files.exclude".`;
    try {
      this.#lastRuns = this.#store.versions.lastRuns();
      this.#comparisons = Map.groupBy(this.#store.comparisons.list(), ({ promptUri }) => promptUri);
    } catch (error) {
      this.#view.message = messageOf(error);
    }
    // Filtering by model needs to know the models.
    if (this.#filter !== '') await this.#read(found);
    const shown = found.filter((uri) => this.#isShown(uri));
    const byFolder = Map.groupBy(shown, (uri) => Uri.joinPath(uri, '..').toString());
    const rows: PromptsRow[] = [];
    for (const [folder, prompts] of byFolder) {
      const uri = Uri.parse(folder, true);
      const isRoot =
        workspace.workspaceFolders?.length === 1 && workspace.workspaceFolders[0]?.uri.toString() === folder;
      if (isRoot) rows.unshift(...this.#rowsOf(prompts));
      else rows.push({ type: 'folder', uri, prompts });
    }
    return [...(rows.length > 0 ? rows : [{ type: 'none' as const }]), { type: 'library' }];
  }

  #rowsOf(prompts: readonly Uri[]): PromptsRow[] {
    void this.#read(prompts).then((news) => {
      if (news) this.#changed.fire(undefined);
    });
    return prompts.map((uri) => ({ type: 'prompt', uri }));
  }

  async #libraryRows(): Promise<PromptsRow[]> {
    const uris = await promptsIn(this.#library);
    await this.#read(uris);
    return uris.map((uri) => ({ type: 'library-prompt', uri }));
  }

  /** Finds out what is in those files that were not read yet, and answers with whether there were any. */
  async #read(uris: readonly Uri[]): Promise<boolean> {
    const isNew = (uri: Uri): boolean => {
      const key = uri.toString();
      return !this.#facts.has(key) && !this.#reading.has(key);
    };
    const news = uris.filter(isNew);
    for (const uri of news) this.#reading.add(uri.toString());
    // One after another: nobody waits for the last one, and others want the thread as well.
    for (const uri of news) {
      const facts = await promptFacts(uri);
      if (this.#reading.delete(uri.toString())) this.#facts.set(uri.toString(), facts);
    }
    return news.length > 0;
  }

  #comparisonsOf(uri: Uri): readonly NamedComparison[] {
    return this.#comparisons.get(uri.toString()) ?? [];
  }

  #isShown(uri: Uri): boolean {
    if (this.#filter === '') return true;
    const { model = '' } = this.#facts.get(uri.toString()) ?? {};
    return `${workspace.asRelativePath(uri)}\n${model}`.toLowerCase().includes(this.#filter.toLowerCase());
  }

  #setFilter(filter: string): void {
    this.#filter = filter;
    this.#view.description = filter === '' ? '' : `“${filter}”`;
    void commands.executeCommand('setContext', 'llmPlayground.promptsFiltered', filter !== '');
    this.#changed.fire(undefined);
  }

  #changeSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#changed.fire(undefined), restMs);
  }
}

/** The prompt files of the workspace that the user has not excluded, by path. */
async function findPrompts(): Promise<readonly Uri[]> {
  const excluded = ['files.exclude', 'search.exclude'].flatMap((setting) =>
    Object.entries(workspace.getConfiguration().get<Record<string, unknown>>(setting) ?? {})
      .filter(([, isExcluded]) => isExcluded === true)
      .map(([pattern]) => pattern),
  );
  const patterns = [...new Set([...excluded, '**/node_modules'])];
  const found = await workspace.findFiles('**/*.prompt', `{${patterns.join(',')}}`, mostPrompts);
  return found.sort((one, other) => one.path.localeCompare(other.path, 'en'));
}

/** Those of the extension, those of a folder before those of the folders in it. */
async function promptsIn(folder: Uri): Promise<readonly Uri[]> {
  const entries = await workspace.fs.readDirectory(folder);
  const below = entries
    .filter(([, type]) => type === FileType.Directory)
    .map(([name]) => Uri.joinPath(folder, name));
  return [
    ...entries.filter(([name]) => name.endsWith('.prompt')).map(([name]) => Uri.joinPath(folder, name)),
    ...(await Promise.all(below.map(promptsIn))).flat(),
  ];
}
