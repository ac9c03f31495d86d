import type { TokenizerExactness } from '../core/tokens/tokenizerFor.ts';
import { modelTokenizer, type ModelTokenizerSurroundings, tokenizerNote } from './modelTokenizer.ts';

/** How many tokens texts have for a model. */
export interface CountedTokens {
  /** In the order of the texts, each by itself. */
  readonly counts: readonly number[];
  readonly exactness: TokenizerExactness;
  /** How they were counted, as a sentence. */
  readonly note: string;
}

/**
 * Counts texts for a model, given as `provider/model`.
 * @throws LlmError `bad-request` when there is no such local model, `cancelled` after an abort, `provider` when counting failed.
 */
export async function countedTokens(
  modelId: string,
  texts: readonly string[],
  surroundings: ModelTokenizerSurroundings,
  signal: AbortSignal,
): Promise<CountedTokens> {
  const tokenizer = await modelTokenizer(modelId, surroundings, signal);
  const counts = await surroundings.tokenizer.count({ texts, tokenizer: tokenizer.source }, signal);
  return { counts, exactness: tokenizer.exactness, note: tokenizerNote(modelId, tokenizer) };
}
