import { commands, ConfigurationTarget, Disposable, env, workspace } from 'vscode';
import { addEndpoint } from './addEndpoint.ts';
import { KeyCommands } from './keyCommands.ts';
import type { ModelsRow } from './modelsRow.ts';
import type { ModelsView } from './modelsView.ts';
import { OllamaCommands } from './ollamaCommands.ts';
import type { ProviderCatalog } from './providerCatalog.ts';
import type { Keys } from './secrets.ts';

/** The commands about models and keys. */
export type ModelCommandId =
  | 'llmPlayground.setApiKey'
  | 'llmPlayground.clearApiKey'
  | 'llmPlayground.testApiKey'
  | 'llmPlayground.addProvider'
  | 'llmPlayground.refreshModels'
  | 'llmPlayground.useAsDefaultModel'
  | 'llmPlayground.copyModelId'
  | 'llmPlayground.pullModel'
  | 'llmPlayground.unloadModel'
  | 'llmPlayground.removeModel';

/** Registers them. They take the row of the Models view that they were called on, or ask. */
export function registerModelCommands(catalog: ProviderCatalog, view: ModelsView, keys: Keys): Disposable {
  const keyCommands = new KeyCommands(catalog, keys);
  const models = new ModelCommands(catalog, view, keyCommands);
  const ollama = new OllamaCommands(catalog, view);
  const handlers: Record<ModelCommandId, (row?: ModelsRow) => unknown> = {
    'llmPlayground.setApiKey': (row) => keyCommands.set(providerIdOf(row)),
    'llmPlayground.clearApiKey': (row) => keyCommands.clear(providerIdOf(row)),
    'llmPlayground.testApiKey': (row) => keyCommands.test(providerIdOf(row)),
    'llmPlayground.addProvider': () => models.add(),
    'llmPlayground.refreshModels': () => view.reload(),
    'llmPlayground.useAsDefaultModel': (row) => models.useAsDefault(row),
    'llmPlayground.copyModelId': (row) => models.copyId(row),
    'llmPlayground.pullModel': (row) => ollama.pull(row),
    'llmPlayground.unloadModel': (row) => ollama.unload(row),
    'llmPlayground.removeModel': (row) => ollama.remove(row),
  };
  return Disposable.from(
    ...Object.entries(handlers).map(([id, handler]) => commands.registerCommand(id, handler)),
  );
}

/** The provider that a command is about: a row of the view, or the id that another command passes. */
function providerIdOf(row: ModelsRow | string | undefined): string | undefined {
  if (typeof row === 'string') return row;
  if (row?.type === 'provider') return row.entry.provider.id;
  return row?.type === 'problem' ? row.providerId : undefined;
}

class ModelCommands {
  readonly #catalog: ProviderCatalog;
  readonly #view: ModelsView;
  readonly #keys: KeyCommands;

  constructor(catalog: ProviderCatalog, view: ModelsView, keys: KeyCommands) {
    this.#catalog = catalog;
    this.#view = view;
    this.#keys = keys;
  }

  /** Adds a provider to the settings, and asks for its key where it wants one. */
  async add(): Promise<void> {
    const id = await addEndpoint();
    const entry = id === undefined ? undefined : this.#catalog.entryOf(id);
    if (!entry) return;
    if (entry.kind === 'service') await this.#keys.set(entry.provider.id);
    else await this.#keys.test(entry.provider.id);
  }

  async useAsDefault(row: ModelsRow | undefined): Promise<void> {
    if (row?.type !== 'model') return;
    await workspace
      .getConfiguration('llmPlayground')
      .update('defaultModel', row.modelId, ConfigurationTarget.Global);
    this.#view.refresh();
  }

  async copyId(row: ModelsRow | undefined): Promise<void> {
    if (row?.type === 'model') await env.clipboard.writeText(row.modelId);
  }
}
