import { ConfigurationTarget, type Disposable, env, workspace } from 'vscode';
import type { KeyCommands } from './keyCommands.ts';
import { lazily } from './lazily.ts';
import type { ModelsRow } from './modelsRow.ts';
import type { ModelsView } from './modelsView.ts';
import type { ProviderCatalog } from './providerCatalog.ts';
import { registerHandlers } from './registerHandlers.ts';
import { tellRowIsGone } from './rowIsGone.ts';
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
  const keyCommands = lazily(async () => {
    const { KeyCommands } = await import('./keyCommands.ts');
    return new KeyCommands(catalog, keys);
  });
  const ollama = lazily(async () => {
    const { OllamaCommands } = await import('./ollamaCommands.ts');
    return new OllamaCommands(catalog, view);
  });
  const models = new ModelCommands(catalog, view, keyCommands);
  const handlers: Record<ModelCommandId, (row?: ModelsRow) => unknown> = {
    'llmPlayground.setApiKey': async (row) => (await keyCommands()).set(providerIdOf(row)),
    'llmPlayground.clearApiKey': async (row) => (await keyCommands()).clear(providerIdOf(row)),
    'llmPlayground.testApiKey': async (row) => (await keyCommands()).test(providerIdOf(row)),
    'llmPlayground.addProvider': () => models.add(),
    'llmPlayground.refreshModels': () => view.reload(),
    'llmPlayground.useAsDefaultModel': (row) => models.useAsDefault(row),
    'llmPlayground.copyModelId': (row) => models.copyId(row),
    'llmPlayground.pullModel': async (row) => (await ollama()).pull(row),
    'llmPlayground.unloadModel': async (row) => (await ollama()).unload(row),
    'llmPlayground.removeModel': async (row) => (await ollama()).remove(row),
  };
  return registerHandlers(handlers);
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
  readonly #keys: () => Promise<KeyCommands>;

  constructor(catalog: ProviderCatalog, view: ModelsView, keys: () => Promise<KeyCommands>) {
    this.#catalog = catalog;
    this.#view = view;
    this.#keys = keys;
  }

  /** Adds a provider to the settings, and asks for its key where it wants one. */
  async add(): Promise<void> {
    const { addEndpoint } = await import('./addEndpoint.ts');
    const id = await addEndpoint();
    const entry = id === undefined ? undefined : this.#catalog.entryOf(id);
    if (!entry) return;
    const keys = await this.#keys();
    if (entry.kind === 'service') await keys.set(entry.provider.id);
    else await keys.test(entry.provider.id);
  }

  async useAsDefault(row: ModelsRow | undefined): Promise<void> {
    if (row?.type !== 'model') {
      tellRowIsGone();
      return;
    }
    await workspace
      .getConfiguration('llmPlayground')
      .update('defaultModel', row.modelId, ConfigurationTarget.Global);
    this.#view.refresh();
  }

  async copyId(row: ModelsRow | undefined): Promise<void> {
    if (row?.type === 'model') await env.clipboard.writeText(row.modelId);
    else tellRowIsGone();
  }
}
