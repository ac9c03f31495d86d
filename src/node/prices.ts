import { freePrice, type ModelPrice, ownPriceOf, type PriceTable } from '../core/pricing.ts';
import type { ModelLimits } from '../core/provider.ts';
import { isLoopback } from './loopback.ts';
import { knownLimitsOf } from './modelLimits.ts';

export interface PricesOptions {
  /** The user's own prices as they are now; they win over all others. */
  readonly own: () => PriceTable;
  /**
   * The address at which the user has set a provider up; `undefined` for its usual one. Where a server that usually runs
   * on the user's machine is reached elsewhere, what it costs is not known.
   */
  readonly addressOf?: (providerId: string) => string | undefined;
  /** Which service a provider is that the user has given another name; `undefined` where its id says so. */
  readonly serviceOf?: (providerId: string) => string | undefined;
}

/** What models cost. The table, 470 KB and 30 to 50 ms once bundled, is loaded at the first question that needs it. */
export class Prices {
  readonly #options: PricesOptions;

  constructor(options: PricesOptions) {
    this.#options = options;
  }

  /** What `provider/model` costs at a moment, or `undefined` when that is not known. */
  async priceOf(modelId: string, at: Date): Promise<ModelPrice | undefined> {
    const own = ownPriceOf(this.#options.own(), modelId);
    if (own) return own;
    const slash = modelId.indexOf('/');
    const providerId = modelId.slice(0, slash);
    const service = this.#options.serviceOf?.(providerId) ?? providerId;
    const served = `${service}${modelId.slice(slash)}`;
    if (this.#runsHere(served, this.#options.addressOf?.(providerId))) return freePrice;
    const { tableEntryOf, tablePriceOf } = await import('./priceTable.ts');
    const model = tableEntryOf(served);
    return model && tablePriceOf(model, at);
  }

  /** The limits of `provider/model`; empty when nothing is known of it. A provider that tells its own knows better. */
  async limitsOf(modelId: string): Promise<ModelLimits> {
    const known = knownLimitsOf(modelId);
    if (known.contextWindow !== undefined) return known;
    const { tableEntryOf } = await import('./priceTable.ts');
    const contextWindow = tableEntryOf(modelId)?.context_window;
    return { ...known, ...(contextWindow === undefined ? {} : { contextWindow }) };
  }

  #runsHere(modelId: string, address: string | undefined): boolean {
    const provider = modelId.slice(0, modelId.indexOf('/'));
    // Ollama passes models with this ending on to its own cloud.
    const inCloud = /[:-]cloud$/.test(modelId);
    return localProviders.has(provider) && !inCloud && (address === undefined || isLoopback(address));
  }
}

/** The local runtime, and servers that people run on their own machine. */
const localProviders: ReadonlySet<string> = new Set([
  'local',
  'llamacpp',
  'lmstudio',
  'ollama',
  'sglang',
  'vllm',
]);
