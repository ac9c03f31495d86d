import { ProgressLocation, type QuickPickItem, window } from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { Ollama } from '../providers/ollama/ollama.ts';
import type { ModelsRow } from './modelsRow.ts';
import type { ModelsView } from './modelsView.ts';
import type { CatalogEntry, ProviderCatalog } from './providerCatalog.ts';
import { tellRowIsGone } from './rowIsGone.ts';

/** The commands about the models on an Ollama server: the one of the row that they are called on. */
export class OllamaCommands {
  readonly #catalog: ProviderCatalog;
  readonly #view: Pick<ModelsView, 'reload'>;

  constructor(catalog: ProviderCatalog, view: Pick<ModelsView, 'reload'>) {
    this.#catalog = catalog;
    this.#view = view;
  }

  /** Asks for a model's name and has the server fetch it, with progress and cancel. */
  async pull(row?: ModelsRow): Promise<void> {
    const server = row?.type === 'provider' ? row.entry : await this.#choose();
    const ollama = await server?.ollama?.();
    if (!server || !ollama) return;
    const { name: where } = server.provider;
    const name = await window.showInputBox({
      title: `Pull a Model with ${where}`,
      prompt: 'The name of a model in the Ollama library. What is fetched already is kept when you cancel.',
      placeHolder: 'qwen3:0.6b',
    });
    if (!name) return;
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
      void window.showInformationMessage(`${where} has pulled ${name}.`);
    } catch (error) {
      if (!abort.signal.aborted) void window.showErrorMessage(messageOf(error));
    }
    this.#view.reload(server.provider.id);
  }

  /** Takes a model out of the server's memory; it stays on the disk. */
  async unload(row?: ModelsRow): Promise<void> {
    await this.#manage(row, async (ollama, model) => {
      await ollama.unload(model, AbortSignal.timeout(manageTimeoutMs));
      void window.showInformationMessage(`${ollama.name} has unloaded ${model}.`);
    });
  }

  /** Deletes a model from the server's disk, after asking. */
  async remove(row?: ModelsRow): Promise<void> {
    await this.#manage(row, async (ollama, model) => {
      const remove = 'Delete';
      const question = `Delete ${model} from the disk of ${ollama.name}? It can be pulled again.`;
      if ((await window.showWarningMessage(question, { modal: true }, remove)) !== remove) return;
      await ollama.remove(model, AbortSignal.timeout(manageTimeoutMs));
    });
  }

  async #manage(
    row: ModelsRow | undefined,
    action: (ollama: Ollama, model: string) => Promise<void>,
  ): Promise<void> {
    if (row?.type !== 'model') {
      tellRowIsGone();
      return;
    }
    const providerId = row.modelId.slice(0, row.modelId.indexOf('/'));
    const ollama = await this.#catalog.entryOf(providerId)?.ollama?.();
    if (!ollama) return;
    try {
      await action(ollama, row.info.id);
    } catch (error) {
      void window.showErrorMessage(messageOf(error));
    }
    this.#view.reload(providerId);
  }

  /** The one Ollama there is, or the one that the user names. */
  async #choose(): Promise<CatalogEntry | undefined> {
    const servers = this.#catalog.entries.filter(({ ollama }) => ollama);
    if (servers.length <= 1) return servers[0];
    const items = servers.map((entry): QuickPickItem & { readonly entry: CatalogEntry } => ({
      label: entry.provider.name,
      description: entry.connection?.baseUrl ?? '',
      entry,
    }));
    return (await window.showQuickPick(items, { placeHolder: 'Which Ollama pulls the model?' }))?.entry;
  }
}

/** A server that loads a model answers late, one that unloads it at once. */
const manageTimeoutMs = 10_000;
