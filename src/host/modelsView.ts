import {
  type Disposable,
  type Event,
  EventEmitter,
  MarkdownString,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from 'vscode';
import { asLlmError, LlmError } from '../core/errors.ts';
import { formatBytes, formatCount, formatUsd } from '../core/format.ts';
import type { ModelPrice } from '../core/pricing.ts';
import type { ModelCapabilities, ModelInfo } from '../core/provider.ts';
import type { Download, Downloads } from '../node/downloads.ts';
import type { LocalRuntime } from '../node/localRuntime.ts';
import { downloadItem, loadedDetails, loadedSummary, runtimeDetails, runtimeSummary } from './localRows.ts';
import type { CatalogEntry, ProviderCatalog } from './providerCatalog.ts';
import type { Keys, KeySource } from './secrets.ts';

/** One row of the Models view. */
export type ModelsRow =
  | { readonly type: 'provider'; readonly entry: CatalogEntry; readonly state: ProviderState }
  | {
      readonly type: 'model';
      readonly modelId: string;
      readonly info: ModelInfo;
      readonly price: ModelPrice | undefined;
    }
  | { readonly type: 'problem'; readonly error: LlmError; readonly providerId: string }
  /** Its state changes while the row stays the same one. */
  | { readonly type: 'download'; download: Download }
  | { readonly type: 'more'; readonly rows: readonly ModelsRow[] };

interface ProviderState {
  readonly keySource: KeySource;
  /** Its models, or why they are not known; absent while nobody has asked. */
  readonly models?: readonly ModelInfo[] | LlmError;
}

export interface ModelsViewSurroundings {
  readonly catalog: ProviderCatalog;
  readonly keys: Keys;
  readonly priceOf: (modelId: string) => Promise<ModelPrice | undefined>;
  /** The context window of a model whose provider does not tell it, in tokens. */
  readonly contextWindowOf: (modelId: string) => Promise<number | undefined>;
  readonly defaultModel: () => string;
  readonly downloads: Downloads;
  readonly localRuntime: Pick<LocalRuntime, 'state' | 'fileOf' | 'askState'>;
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

  readonly onDidChangeTreeData: Event<ModelsRow | undefined> = this.#changed.event;

  constructor(surroundings: ModelsViewSurroundings) {
    this.#surroundings = surroundings;
    this.#registration = surroundings.catalog.onDidChange(() => this.refresh());
  }

  /** Asks everything again. */
  refresh(): void {
    this.#changed.fire(undefined);
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
    this.#surroundings.localRuntime.askState();
    const rest = rows.filter((row) => !isSetUp(row));
    return [...rows.filter(isSetUp), ...(rest.length > 0 ? [{ type: 'more' as const, rows: rest }] : [])];
  }

  async #modelsOf(entry: CatalogEntry, state: ProviderState): Promise<ModelsRow[]> {
    const { provider } = entry;
    const models = state.models ?? (await this.#ask(entry));
    if (models instanceof LlmError) return [{ type: 'problem', error: models, providerId: provider.id }];
    const { priceOf, contextWindowOf } = this.#surroundings;
    const downloads = provider.id === localId ? await this.#downloads() : [];
    const rows = await Promise.all(
      models.map(async (info): Promise<ModelsRow> => {
        const modelId = `${provider.id}/${info.id}`;
        const [price, contextWindow] = await Promise.all([
          priceOf(modelId),
          info.contextWindow ?? contextWindowOf(modelId),
        ]);
        return {
          type: 'model',
          modelId,
          info: { ...info, ...(contextWindow === undefined ? {} : { contextWindow }) },
          price,
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
    const { defaultModel, localRuntime, fileBytesOf } = this.#surroundings;
    const item = modelItem(row, defaultModel());
    if (!row.modelId.startsWith(`${localId}/`)) return item;
    const path = localRuntime.fileOf(row.info.id);
    const loaded = localRuntime.state?.models.find((model) => model.path === path);
    const bytes = fileBytesOf(path);
    const size = loaded ? loadedSummary(loaded) : bytes === undefined ? '' : formatBytes(bytes);
    item.description = [item.description, size].filter(Boolean).join(' · ');
    if (!loaded) return item;
    item.contextValue = `model ${localId} loaded`;
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

  #ask({ provider, kind }: CatalogEntry): Promise<readonly ModelInfo[] | LlmError> {
    const signal = AbortSignal.timeout(kind === 'service' ? serviceTimeoutMs : nearTimeoutMs);
    return provider.models(signal).catch(asLlmError);
  }
}

function providerItem({ provider, kind, connection }: CatalogEntry, state: ProviderState): TreeItem {
  const item = new TreeItem(provider.name, TreeItemCollapsibleState.Collapsed);
  const { keySource, models } = state;
  const runs = Array.isArray(models);
  // A new id closes the row, so that it is asked again when it is opened with another key or a server that now runs.
  item.id = `${provider.id} ${keySource?.type ?? ''} ${runs}`;
  item.description = describe(kind, state);
  item.iconPath = iconOf(kind, keySource, runs);
  item.contextValue = `provider ${kind} ${keySource?.type ?? 'no-key'} ${provider.id}`;
  item.tooltip = new MarkdownString(
    [
      `**${provider.name}** — models are named \`${provider.id}/…\``,
      connection ? `Address: ${connection.baseUrl}` : '',
      keySource?.type === 'environment' ? `The key is read from \`${keySource.variable}\`.` : '',
      keySource?.type === 'stored' ? 'The key is in the secret storage of VS Code.' : '',
    ]
      .filter(Boolean)
      .join('\n\n'),
  );
  if (kind === 'built-in' || runs) item.collapsibleState = TreeItemCollapsibleState.Expanded;
  return item;
}

function describe(kind: CatalogEntry['kind'], { keySource, models }: ProviderState): string {
  if (keySource?.type === 'environment') return `key from ${keySource.variable}`;
  if (keySource) return 'key set';
  if (kind === 'service') return 'no key';
  if (Array.isArray(models)) return models.length === 0 ? 'no models' : '';
  return kind === 'server' ? 'not running' : 'not available';
}

function iconOf(kind: CatalogEntry['kind'], keySource: KeySource, runs: boolean): ThemeIcon {
  if (kind === 'built-in') return new ThemeIcon('chip');
  if (kind === 'server') return new ThemeIcon(runs ? 'server-process' : 'server');
  return new ThemeIcon(keySource ? 'cloud' : 'key');
}

function modelItem(
  { modelId, info, price }: Extract<ModelsRow, { type: 'model' }>,
  defaultModel: string,
): TreeItem {
  const item = new TreeItem(info.name);
  item.id = modelId;
  const window = info.contextWindow === undefined ? '' : `${formatCount(info.contextWindow)} context`;
  const isDefault = modelId === defaultModel;
  item.description = [isDefault ? 'default' : '', window, rate(price)].filter(Boolean).join(' · ');
  item.iconPath = new ThemeIcon(isDefault ? 'star-full' : 'symbol-misc');
  item.contextValue = `model ${modelId.slice(0, modelId.indexOf('/'))}`;
  const takes = Object.entries(info.capabilities)
    .filter(([, does]) => does === true)
    .map(([name]) => words[name as keyof ModelCapabilities]);
  item.tooltip = new MarkdownString(
    [
      `**${info.name}** \`${modelId}\``,
      info.description ?? '',
      window === ''
        ? 'Context window unknown'
        : `Context window: ${info.contextWindow?.toLocaleString('en')} tokens`,
      info.maxOutputTokens === undefined
        ? ''
        : `Longest answer: ${info.maxOutputTokens.toLocaleString('en')} tokens`,
      `Price: ${rate(price) || 'unknown'}`,
      `Takes: ${takes.join(', ')}`,
    ]
      .filter(Boolean)
      .join('\n\n'),
  );
  return item;
}

/** `$1.25 in, $10 out` a million tokens; `free` on the user's machine; empty when unknown. */
function rate(price: ModelPrice | undefined): string {
  if (!price) return '';
  if (price.source.kind === 'local') return 'free';
  return `${formatUsd(price.input)} in, ${formatUsd(price.output)} out / 1M`;
}

function problemItem(row: Extract<ModelsRow, { type: 'problem' }>): TreeItem {
  const { error } = row;
  const item = new TreeItem(error.message);
  item.iconPath = new ThemeIcon('warning');
  item.tooltip = error.message;
  if (error.kind === 'auth') {
    item.command = { command: 'llmPlayground.setApiKey', title: 'Set API Key', arguments: [row] };
  }
  return item;
}

const words: { readonly [K in keyof ModelCapabilities]: string } = {
  logprobs: 'log-probabilities',
  tools: 'tools',
  images: 'images',
  reasoning: 'reasoning',
  reasoningEffort: 'reasoning effort',
  jsonSchema: 'JSON schema',
  temperature: 'temperature',
  topP: 'top-p',
  topK: 'top-k',
  minP: 'min-p',
  seed: 'seed',
  penalties: 'penalties',
  repeatPenalty: 'repeat penalty',
  stop: 'stop sequences',
  logitBias: 'logit bias',
  contextSize: 'context size',
  keepAlive: 'keep-alive',
};
