import { MarkdownString, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { formatCount } from '../core/format.ts';
import { formatRates } from '../core/pricing.ts';
import type { ModelCapabilities } from '../core/provider.ts';
import type { ModelsRow, ProviderState } from './modelsRow.ts';
import { loadedDetails, loadedSummary } from './ollamaRows.ts';
import type { CatalogEntry } from './providerCatalog.ts';
import type { KeySource } from './secrets.ts';

/** A provider: whether it can be called, and with what. */
export function providerItem(
  { provider, kind, connection, ollama }: CatalogEntry,
  state: ProviderState,
): TreeItem {
  const item = new TreeItem(provider.name, TreeItemCollapsibleState.Collapsed);
  const { keySource, models } = state;
  const runs = Array.isArray(models);
  // A new id closes the row, so that it is asked again when it is opened with another key or a server that now runs.
  item.id = `${provider.id} ${keySource?.type ?? ''} ${runs}`;
  item.description = describe(kind, state);
  item.iconPath = iconOf(kind, keySource, runs);
  // What its menu depends on, and nothing that a user can choose: an endpoint's id can be any word.
  const what = ollama ? 'ollama' : kind === 'built-in' ? provider.id : 'other';
  item.contextValue = `provider ${kind} ${keySource?.type ?? 'no-key'} ${what}`;
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

/** A model: what it holds, costs and takes, and whether it is in memory. */
export function modelItem(
  { modelId, info, price, at, loaded }: Extract<ModelsRow, { type: 'model' }>,
  defaultModel: string,
): TreeItem {
  const item = new TreeItem(info.name);
  item.id = modelId;
  const window = info.contextWindow === undefined ? '' : `${formatCount(info.contextWindow)} context`;
  const isDefault = modelId === defaultModel;
  item.description = [isDefault ? 'default' : '', window, formatRates(price), loaded && loadedSummary(loaded)]
    .filter(Boolean)
    .join(' · ');
  item.iconPath = new ThemeIcon(isDefault ? 'star-full' : 'symbol-misc');
  item.contextValue = `model ${at}${loaded ? ' loaded' : ''}`;
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
      `Price: ${formatRates(price) || 'unknown'}`,
      `Takes: ${takes.join(', ')}`,
      loaded ? loadedDetails(loaded) : '',
    ]
      .filter(Boolean)
      .join('\n\n'),
  );
  return item;
}

/** Why a provider has no models. */
export function problemItem(row: Extract<ModelsRow, { type: 'problem' }>): TreeItem {
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
  xtc: 'XTC',
  dry: 'DRY',
  gbnf: 'grammar',
  stop: 'stop sequences',
  logitBias: 'logit bias',
  contextSize: 'context size',
  keepAlive: 'keep-alive',
};
