import { type QuickPickItem, ProgressLocation, window } from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { KeyTest } from '../providers/keyTest.ts';
import type { CatalogEntry, ProviderCatalog } from './providerCatalog.ts';
import type { Keys } from './secrets.ts';

/** The commands about keys. Each takes a provider's id, or asks for the provider. */
export class KeyCommands {
  readonly #catalog: ProviderCatalog;
  readonly #keys: Keys;

  constructor(catalog: ProviderCatalog, keys: Keys) {
    this.#catalog = catalog;
    this.#keys = keys;
  }

  /** Asks for a key, stores it in place of the one before, and tests it. */
  async set(providerId?: string): Promise<void> {
    const entry = await this.#choose('Set the key of which provider?', providerId, () => true);
    if (!entry) return;
    const { id, name } = entry.provider;
    const key = await window.showInputBox({
      title: `API key of ${name}`,
      prompt: 'It is kept in the secret storage of VS Code and sent to this provider only.',
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) =>
        text.trim() === '' ? 'Paste the key, or press Escape to leave it as it is.' : '',
    });
    if (key === undefined) return;
    await this.#keys.set(id, key);
    await this.test(id);
  }

  async clear(providerId?: string): Promise<void> {
    const entry = await this.#choose(
      'Clear the key of which provider?',
      providerId,
      (source) => source?.type === 'stored',
    );
    if (!entry) return;
    const { id, name } = entry.provider;
    await this.#keys.clear(id);
    const left = await this.#keys.sourceOf(id);
    const still = left?.type === 'environment' ? ` The key in ${left.variable} is used from now on.` : '';
    void window.showInformationMessage(`The key of ${name} was cleared.${still}`);
  }

  /** Asks the provider something that wants the key and costs nothing, and says what came of it. */
  async test(providerId?: string): Promise<void> {
    const entry = await this.#choose(
      'Test the key of which provider?',
      providerId,
      (source) => source !== undefined,
    );
    if (!entry) return;
    const { provider, testKey } = entry;
    if (!testKey) return;
    const abort = new AbortController();
    const result = await window.withProgress(
      {
        location: ProgressLocation.Notification,
        title: `Asking ${provider.name}…`,
        cancellable: true,
      },
      async (_progress, token) => {
        token.onCancellationRequested(() => abort.abort());
        return testKey(abort.signal).then(
          (test) => ({ test }),
          (error: unknown) => ({ error: messageOf(error) }),
        );
      },
    );
    if (abort.signal.aborted) return;
    if ('test' in result) {
      void window.showInformationMessage(sentenceOf(provider.name, result.test));
      return;
    }
    const again = 'Set the Key Again';
    if ((await window.showErrorMessage(result.error, again)) === again) await this.set(provider.id);
  }

  async #choose(
    placeHolder: string,
    providerId: string | undefined,
    fits: (source: Awaited<ReturnType<Keys['sourceOf']>>) => boolean,
  ): Promise<CatalogEntry | undefined> {
    const entries = this.#catalog.entries.filter(({ kind }) => kind !== 'built-in');
    if (providerId !== undefined) return entries.find(({ provider }) => provider.id === providerId);
    const items = await Promise.all(
      entries.map(async (entry): Promise<QuickPickItem & { entry: CatalogEntry; isFit: boolean }> => {
        const source = await this.#keys.sourceOf(entry.provider.id);
        const state =
          source?.type === 'environment' ? `key from ${source.variable}` : source ? 'key set' : '';
        return { label: entry.provider.name, description: state, entry, isFit: fits(source) };
      }),
    );
    const fitting = items.filter(({ isFit }) => isFit);
    if (fitting.length === 0) {
      void window.showInformationMessage(
        'No provider has a key. Set one with "LLM Playground: Set API Key".',
      );
      return undefined;
    }
    return (await window.showQuickPick(fitting, { placeHolder }))?.entry;
  }
}

function sentenceOf(name: string, { models, key }: KeyTest): string {
  const count = `${models} ${models === 1 ? 'model' : 'models'}`;
  switch (key) {
    case 'accepted':
      return `${name} accepts the key: ${count}.`;
    case 'untested':
      return `${name} answers: ${count}. It lists them to any key, so whether this one is right shows with the first run.`;
    case 'none':
      return `${name} answers, and needs no key: ${count}.`;
    default:
      return key satisfies never;
  }
}
