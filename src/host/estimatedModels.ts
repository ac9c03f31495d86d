import type { Prices } from '../node/prices.ts';
import type { ModelList } from './language/modelList.ts';
import type { ProviderCatalog } from './providerCatalog.ts';

/** How long a provider may take to list its models, in ms. */
const timeoutMs = 5_000;

/** The window that the local runtime allocates where a prompt sets none; see `runtime/loadedModel.ts`. */
const localWindow = 8192;

/**
 * Finds the window of a model, in tokens: what its provider says, which knows how it was set up, else what the table of
 * prices says; `undefined` where neither does.
 */
export function contextWindowOf(
  models: ModelList,
  prices: Prices,
): (modelId: string) => Promise<number | undefined> {
  return async (modelId) => {
    const listed = (await models.infoOf(modelId))?.contextWindow;
    if (modelId.startsWith('local/')) return Math.min(listed ?? localWindow, localWindow);
    return listed ?? (await prices.limitsOf(modelId)).contextWindow;
  };
}

/**
 * Lists the models that are set up and are paid for or reached over a network, as `provider/model`: those of the local
 * runtime cost nothing, and there may be many. A provider that does not answer has none.
 */
export function callableModels(
  catalog: ProviderCatalog,
): (signal: AbortSignal) => Promise<readonly string[]> {
  return async (signal) => {
    const providers = (await catalog.callable()).filter(({ id }) => id !== 'local');
    const lists = await Promise.all(
      providers.map(async (provider) => {
        const models = await provider
          .models(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]))
          .catch(() => []);
        return models.map(({ id }) => `${provider.id}/${id}`);
      }),
    );
    return lists.flat();
  };
}
