import type { LlmError } from '../core/errors.ts';
import type { ModelPrice } from '../core/pricing.ts';
import type { ModelInfo } from '../core/provider.ts';
import type { Download } from '../node/downloads.ts';
import type { LoadedModel } from '../providers/ollama/ollama.ts';
import type { CatalogEntry } from './providerCatalog.ts';
import type { KeySource } from './secrets.ts';

/** One row of the Models view. */
export type ModelsRow =
  | { readonly type: 'provider'; readonly entry: CatalogEntry; readonly state: ProviderState }
  | {
      readonly type: 'model';
      readonly modelId: string;
      readonly info: ModelInfo;
      readonly price: ModelPrice | undefined;
      /** Where it runs, which its menu depends on. */
      readonly at: 'local' | 'ollama' | 'elsewhere';
      /** How it lies in the memory of an Ollama; absent where it does not. */
      readonly loaded?: LoadedModel;
    }
  | { readonly type: 'problem'; readonly error: LlmError; readonly providerId: string }
  /** Its state changes while the row stays the same one. */
  | { readonly type: 'download'; download: Download }
  | { readonly type: 'more'; readonly rows: readonly ModelsRow[] };

/** What is known of a provider when its row is drawn. */
export interface ProviderState {
  readonly keySource: KeySource;
  /** Its models, or why they are not known; absent while nobody has asked. */
  readonly models?: readonly ModelInfo[] | LlmError;
}
