import { commands, ConfigurationTarget, Disposable, env, ProgressLocation, window, workspace } from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { Ollama } from '../providers/ollama/ollama.ts';
import { addEndpoint } from './addEndpoint.ts';
import { KeyCommands } from './keyCommands.ts';
import type { ModelsRow, ModelsView } from './modelsView.ts';
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
  const handlers: Record<ModelCommandId, (row?: ModelsRow) => unknown> = {
    'llmPlayground.setApiKey': (row) => keyCommands.set(providerIdOf(row)),
    'llmPlayground.clearApiKey': (row) => keyCommands.clear(providerIdOf(row)),
    'llmPlayground.testApiKey': (row) => keyCommands.test(providerIdOf(row)),
    'llmPlayground.addProvider': () => models.add(),
    'llmPlayground.refreshModels': () => view.refresh(),
    'llmPlayground.useAsDefaultModel': (row) => models.useAsDefault(row),
    'llmPlayground.copyModelId': (row) => models.copyId(row),
    'llmPlayground.pullModel': () => models.pull(),
    'llmPlayground.unloadModel': (row) => models.unload(row),
    'llmPlayground.removeModel': (row) => models.remove(row),
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
    const entry = this.#catalog.entries.find(({ provider }) => provider.id === id);
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

  /** Asks for a model's name and has Ollama fetch it, with progress and cancel. */
  async pull(): Promise<void> {
    const ollama = await this.#ollama();
    const name = await window.showInputBox({
      title: 'Pull a Model with Ollama',
      prompt: 'The name of a model in the Ollama library. What is fetched already is kept when you cancel.',
      placeHolder: 'qwen3:0.6b',
    });
    if (!ollama || !name) return;
    const abort = new AbortController();
    try {
      await window.withProgress(
        { location: ProgressLocation.Notification, title: `Pulling ${name}`, cancellable: true },
        async (progress, token) => {
          token.onCancellationRequested(() => abort.abort());
          let percentBefore = 0;
          for await (const { status, completedBytes, totalBytes } of ollama.pull(name, abort.signal)) {
            const percent =
              completedBytes && totalBytes ? (completedBytes / totalBytes) * 100 : percentBefore;
            progress.report({ message: status, increment: Math.max(0, percent - percentBefore) });
            percentBefore = percent;
          }
        },
      );
      void window.showInformationMessage(`Ollama has pulled ${name}.`);
    } catch (error) {
      if (!abort.signal.aborted) void window.showErrorMessage(messageOf(error));
    }
    this.#view.refresh();
  }

  /** Takes a model of Ollama out of memory; it stays on the disk. */
  async unload(row: ModelsRow | undefined): Promise<void> {
    await this.#manage(row, async (ollama, model) => {
      await ollama.unload(model, AbortSignal.timeout(manageTimeoutMs));
      void window.showInformationMessage(`Ollama has unloaded ${model}.`);
    });
  }

  /** Deletes a model of Ollama from the disk, after asking. */
  async remove(row: ModelsRow | undefined): Promise<void> {
    await this.#manage(row, async (ollama, model) => {
      const remove = 'Delete';
      const question = `Delete ${model} from the disk? It can be pulled again.`;
      if ((await window.showWarningMessage(question, { modal: true }, remove)) !== remove) return;
      await ollama.remove(model, AbortSignal.timeout(manageTimeoutMs));
      this.#view.refresh();
    });
  }

  async #manage(
    row: ModelsRow | undefined,
    action: (ollama: Ollama, model: string) => Promise<void>,
  ): Promise<void> {
    const ollama = await this.#ollama();
    if (row?.type !== 'model' || !ollama) return;
    try {
      await action(ollama, row.info.id);
    } catch (error) {
      void window.showErrorMessage(messageOf(error));
    }
  }

  /** Ollama with what it has beyond other providers; loaded when it is first asked for. */
  async #ollama(): Promise<Ollama | undefined> {
    const connection = this.#catalog.entries.find(({ isOllama }) => isOllama)?.connection;
    return connection && new (await import('../providers/ollama/ollama.ts')).Ollama(connection);
  }
}

const manageTimeoutMs = 10_000;
