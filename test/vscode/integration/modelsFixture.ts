/** A catalog, its keys and its view as the extension makes them, on settings of the test's own. */
import * as vscode from 'vscode';
import { ModelsView } from '../../../src/host/modelsView.ts';
import { ProviderCatalog } from '../../../src/host/providerCatalog.ts';
import { Keys } from '../../../src/host/secrets.ts';
import { Prices } from '../../../src/node/prices.ts';
import { serviceOf } from '../../../src/providers/providers.ts';

export interface ModelsFixture {
  readonly keys: Keys;
  readonly catalog: ProviderCatalog;
  readonly view: ModelsView;
  /** What was logged. */
  readonly logged: readonly string[];
  readonly dispose: () => void;
}

/** Runs `action` with settings of the extension, which are taken back after it. */
export async function withSettings(
  settings: Readonly<Record<string, unknown>>,
  action: () => Promise<void>,
): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('llmPlayground');
  for (const [name, value] of Object.entries(settings)) await configuration.update(name, value, true);
  try {
    await action();
  } finally {
    for (const name of Object.keys(settings)) await configuration.update(name, undefined, true);
  }
}

/** @param environment the variables that keys are read from. */
export function modelsFixture(environment: Readonly<Record<string, string>> = {}): ModelsFixture {
  const logged: string[] = [];
  const prices = new Prices({ own: () => ({}) });
  const keys = new Keys(memory(), environment, (id) => serviceOf({ id }).keyVariables);
  const catalog = new ProviderCatalog([], keys, {
    fetch: globalThis.fetch,
    log: (line) => logged.push(line),
    limitsOf: (modelId) => prices.limitsOf(modelId),
  });
  const view = new ModelsView({
    catalog,
    keys,
    priceOf: (modelId) => prices.priceOf(modelId, new Date()),
    defaultModel: () => '',
    downloads: { list: () => Promise.resolve([]) },
    localRuntime: { state: undefined, askState: () => undefined, fileOf: (model) => model },
    localPlans: { summaryOf: () => undefined, detailsOf: () => Promise.resolve('') },
    fileBytesOf: () => undefined,
  });
  return {
    keys,
    catalog,
    view,
    logged,
    dispose: () => [view, catalog, keys].forEach((each) => each.dispose()),
  };
}

/** What the editor keeps in the keychain, in memory: a test must leave nothing there. */
function memory(): vscode.SecretStorage {
  const kept = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.SecretStorageChangeEvent>();
  const change = (key: string, action: () => void): Promise<void> => {
    action();
    changed.fire({ key });
    return Promise.resolve();
  };
  return {
    keys: () => Promise.resolve([...kept.keys()]),
    get: (key) => Promise.resolve(kept.get(key)),
    store: (key, value) => change(key, () => kept.set(key, value)),
    delete: (key) => change(key, () => kept.delete(key)),
    onDidChange: changed.event,
  };
}
