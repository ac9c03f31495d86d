import {
  type CancellationToken,
  Disposable,
  type Event,
  EventEmitter,
  MarkdownString,
  ThemeIcon,
  type TreeDataProvider,
  type TreeDragAndDropController,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from 'vscode';
import { asLlmError, LlmError } from '../core/errors.ts';
import { formatBytes } from '../core/format.ts';
import type { ModelPrice } from '../core/pricing.ts';
import type { ModelInfo } from '../core/provider.ts';
import type { Downloads } from '../node/downloads.ts';
import type { LocalRuntime } from '../node/localRuntime.ts';
import type { LoadedModel } from '../providers/ollama/ollama.ts';
import type { LocalPlans } from './localPlans.ts';
import { downloadItem, loadedDetails, loadedSummary, runtimeDetails, runtimeSummary } from './localRows.ts';
import { modelItem, problemItem, providerItem } from './modelItems.ts';
import type { ModelsRow, ProviderState } from './modelsRow.ts';
import type { CatalogEntry, ProviderCatalog } from './providerCatalog.ts';
import type { Keys } from './secrets.ts';

export interface ModelsViewSurroundings {
  readonly catalog: ProviderCatalog;
  readonly keys: Keys;
  readonly priceOf: (modelId: string) => Promise<ModelPrice | undefined>;
  readonly defaultModel: () => string;
  readonly downloads: Pick<Downloads, 'list'>;
  readonly localRuntime: Pick<LocalRuntime, 'state' | 'fileOf' | 'askState'>;
  readonly localPlans: Pick<LocalPlans, 'summaryOf' | 'detailsOf'>;
  /** How large a local model's file is, in bytes; `undefined` when it is not known. */
  readonly fileBytesOf: (path: string) => number | undefined;
}

/** What is on this machine answers in no time or not at all. */
const nearTimeoutMs = 1_000;
const serviceTimeoutMs = 15_000;

/** The provider under which downloads stand. */
const localId = 'local';

const downloadMs = 500;

/**
 * Every provider and its models. Servers on this machine are looked for when the view is opened and at no other time;
 * services are asked when their row is opened.
 */
export class ModelsView implements TreeDataProvider<ModelsRow>, Disposable {
  readonly #surroundings: ModelsViewSurroundings;
  readonly #changed = new EventEmitter<ModelsRow | undefined>();
  readonly #registration: Disposable;
  readonly #downloadRows = new Map<string, ModelsRow & { type: 'download' }>();
  #downloadTimer: NodeJS.Timeout | undefined;
  #localRow: ModelsRow | undefined;
  #ollamaRows: readonly ModelsRow[] = [];

  readonly onDidChangeTreeData: Event<ModelsRow | undefined> = this.#changed.event;

  constructor(surroundings: ModelsViewSurroundings) {
    this.#surroundings = surroundings;
    this.#registration = surroundings.catalog.onDidChange(() => this.refresh());
  }

  /** Draws everything again, and asks whoever has not answered. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  /** Asks one provider again, or everybody. */
  reload(providerId?: string): void {
    this.#surroundings.catalog.forgetModels(providerId);
    this.refresh();
  }

  /** Draws the row of the local runtime and its models again; nothing is asked for it. */
  localStateChanged(): void {
    if (this.#localRow) this.#changed.fire(this.#localRow);
  }

  /** Draws the rows of downloads again, soon: they change many times a second. */
  downloadsChanged(): void {
    this.#downloadTimer ??= setTimeout(() => {
      this.#downloadTimer = undefined;
      void this.#drawDownloads();
    }, downloadMs);
  }

  /** Puts it into the side bar. What lies in the memory of a server is asked for again whenever it comes into sight. */
  open(drop: TreeDragAndDropController<ModelsRow>): Disposable {
    const view = window.createTreeView('llmPlayground.models', {
      treeDataProvider: this,
      dragAndDropController: drop,
      canSelectMany: true,
    });
    const shown = view.onDidChangeVisibility(({ visible }) => {
      if (visible) for (const row of this.#ollamaRows) this.#changed.fire(row);
    });
    return Disposable.from(view, shown);
  }

  dispose(): void {
    clearTimeout(this.#downloadTimer);
    this.#registration.dispose();
    this.#changed.dispose();
  }

  async getChildren(row?: ModelsRow): Promise<ModelsRow[]> {
    if (!row) return this.#roots();
    switch (row.type) {
      case 'provider':
        return this.#modelsOf(row.entry, row.state);
      case 'more':
        return [...row.rows];
      case 'model':
      case 'problem':
      case 'download':
        return [];
      default:
        return row satisfies never;
    }
  }

  getTreeItem(row: ModelsRow): TreeItem {
    switch (row.type) {
      case 'provider':
        return this.#providerItem(row);
      case 'model':
        return this.#modelItem(row);
      case 'problem':
        return problemItem(row);
      case 'download':
        return downloadItem(row.download);
      case 'more': {
        const item = new TreeItem('Not set up', TreeItemCollapsibleState.Collapsed);
        item.id = 'more';
        item.tooltip = 'Services without a key, and servers that do not run on this machine.';
        return item;
      }
      default:
        return row satisfies never;
    }
  }

  /** What a local model would take is asked for when somebody points at it. */
  async resolveTreeItem(item: TreeItem, row: ModelsRow, token: CancellationToken): Promise<TreeItem> {
    const isLoaded = item.contextValue?.endsWith(' loaded');
    if (row.type !== 'model' || !row.modelId.startsWith(`${localId}/`) || isLoaded) return item;
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    const details = await this.#surroundings.localPlans.detailsOf(row.info.id, abort.signal);
    if (item.tooltip instanceof MarkdownString) item.tooltip.appendMarkdown(`\n\n${details}`);
    return item;
  }

  /** Those that can be called, then the rest behind one row. */
  async #roots(): Promise<ModelsRow[]> {
    const { catalog, keys } = this.#surroundings;
    const rows = await Promise.all(
      catalog.entries.map(async (entry): Promise<ModelsRow & { type: 'provider' }> => {
        const keySource = await keys.sourceOf(entry.provider.id);
        const isNear = entry.kind !== 'service';
        return {
          type: 'provider',
          entry,
          state: { keySource, ...(isNear ? { models: await this.#ask(entry) } : {}) },
        };
      }),
    );
    const isSetUp = ({ entry, state }: (typeof rows)[number]): boolean => {
      if (entry.isConfigured) return true;
      if (entry.kind === 'service') return state.keySource !== undefined;
      return Array.isArray(state.models) && (state.models.length > 0 || entry.kind === 'server');
    };
    this.#localRow = rows.find(({ entry }) => entry.provider.id === localId);
    this.#ollamaRows = rows.filter(({ entry }) => entry.ollama);
    this.#surroundings.localRuntime.askState();
    const rest = rows.filter((row) => !isSetUp(row));
    return [...rows.filter(isSetUp), ...(rest.length > 0 ? [{ type: 'more' as const, rows: rest }] : [])];
  }

  async #modelsOf(entry: CatalogEntry, state: ProviderState): Promise<ModelsRow[]> {
    const { provider } = entry;
    const models = state.models ?? (await this.#ask(entry));
    if (models instanceof LlmError) return [{ type: 'problem', error: models, providerId: provider.id }];
    const { priceOf } = this.#surroundings;
    const downloads = provider.id === localId ? await this.#downloads() : [];
    const loaded = await this.#loadedBy(entry);
    const at = provider.id === localId ? 'local' : entry.ollama ? 'ollama' : 'elsewhere';
    const rows = await Promise.all(
      models.map(async (info): Promise<ModelsRow> => {
        const modelId = `${provider.id}/${info.id}`;
        const inMemory = loaded.find(({ name }) => name === info.id);
        return {
          type: 'model',
          modelId,
          info,
          price: await priceOf(modelId),
          at,
          ...(inMemory ? { loaded: inMemory } : {}),
        };
      }),
    );
    return [...downloads, ...rows];
  }

  #providerItem({ entry, state }: Extract<ModelsRow, { type: 'provider' }>): TreeItem {
    const item = providerItem(entry, state);
    if (entry.provider.id !== localId) return item;
    const runtime = this.#surroundings.localRuntime.state;
    item.description = runtimeSummary(runtime);
    if (runtime?.fallback !== undefined) item.iconPath = new ThemeIcon('warning');
    if (item.tooltip instanceof MarkdownString) {
      item.tooltip.supportThemeIcons = true;
      item.tooltip.appendMarkdown(
        runtimeDetails(runtime)
          .map((line) => `\n\n${line}`)
          .join(''),
      );
    }
    return item;
  }

  #modelItem(row: Extract<ModelsRow, { type: 'model' }>): TreeItem {
    const { defaultModel, localRuntime, localPlans, fileBytesOf } = this.#surroundings;
    const item = modelItem(row, defaultModel());
    if (!row.modelId.startsWith(`${localId}/`)) return item;
    const path = localRuntime.fileOf(row.info.id);
    const loaded = localRuntime.state?.models.find((model) => model.path === path);
    const bytes = fileBytesOf(path);
    const size = bytes === undefined ? '' : formatBytes(bytes);
    const memory = loaded ? loadedSummary(loaded) : localPlans.summaryOf(row.info.id);
    item.description = [item.description, size, memory].filter(Boolean).join(' · ');
    if (!loaded) return item;
    item.contextValue = 'model local loaded';
    if (item.tooltip instanceof MarkdownString) item.tooltip.appendMarkdown(`\n\n${loadedDetails(loaded)}`);
    return item;
  }

  async #downloads(): Promise<ModelsRow[]> {
    const downloads = await this.#surroundings.downloads.list();
    this.#downloadRows.clear();
    for (const download of downloads) this.#downloadRows.set(download.id, { type: 'download', download });
    return [...this.#downloadRows.values()];
  }

  /** Only a download that came or went changes the list; the others are drawn in their place. */
  async #drawDownloads(): Promise<void> {
    const downloads = await this.#surroundings.downloads.list();
    const isSame =
      downloads.length === this.#downloadRows.size && downloads.every(({ id }) => this.#downloadRows.has(id));
    if (!isSame) {
      this.localStateChanged();
      return;
    }
    for (const download of downloads) {
      const row = this.#downloadRows.get(download.id);
      if (!row) continue;
      row.download = download;
      this.#changed.fire(row);
    }
  }

  /** What lies in the memory of an Ollama; a version that cannot tell has nothing there as far as is known. */
  async #loadedBy({ ollama }: CatalogEntry): Promise<readonly LoadedModel[]> {
    if (!ollama) return [];
    return (await ollama()).loaded(AbortSignal.timeout(nearTimeoutMs)).catch(() => []);
  }

  #ask({ provider, kind }: CatalogEntry): Promise<readonly ModelInfo[] | LlmError> {
    const signal = AbortSignal.timeout(kind === 'service' ? serviceTimeoutMs : nearTimeoutMs);
    return provider.models(signal).catch(asLlmError);
  }
}
