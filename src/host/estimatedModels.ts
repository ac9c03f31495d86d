import type { Provider } from '../core/provider.ts';
import type { Prices } from '../node/prices.ts';
import type { ProviderCatalog } from './providerCatalog.ts';

/** How long a provider may take to list its models, in ms. */
const timeoutMs = 5_000;

/** The window that the local runtime allocates where a prompt sets none; see `runtime/loadedModel.ts`. */
const localWindow = 8192;

/** Finds the window of a model, in tokens; `undefined` where it is not known. */
export function contextWindowOf(
  local: Provider,
  prices: Prices,
): (modelId: string) => Promise<number | undefined> {
  return async (modelId) => {
    const [providerId, name] = [
      modelId.slice(0, modelId.indexOf('/')),
      modelId.slice(modelId.indexOf('/') + 1),
    ];
    if (providerId !== local.id) return (await prices.limitsOf(modelId)).contextWindow;
    const models = await local.models(AbortSignal.timeout(timeoutMs)).catch(() => []);
    return Math.min(models.find(({ id }) => id === name)?.contextWindow ?? localWindow, localWindow);
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
