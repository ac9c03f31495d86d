import { basename } from 'node:path';
import { LlmError } from '../core/errors.ts';
import { type TokenizerExactness, tokenizerFor } from '../core/tokens/tokenizerFor.ts';
import { ollamaModelFile } from './ollamaModels.ts';
import type { Tokenizer, TokenizerSource } from './tokenizer.ts';

/** The tokenizer that counts for a model on this machine. */
export interface ModelTokenizer {
  readonly source: TokenizerSource;
  /** `exact` when it is the model's own. */
  readonly exactness: TokenizerExactness;
}

export interface ModelTokenizerSurroundings {
  readonly tokenizer: Tokenizer;
  /** The GGUF file of a local model, by its name without `local/`. @throws LlmError when there is none. */
  readonly localFileOf: (model: string) => string;
  /** The GGUF file of one of Ollama's models, by its name without `ollama/`; see `ollamaModelFile`. */
  readonly ollamaFileOf?: (model: string) => Promise<string | undefined>;
}

/**
 * Which tokenizer counts for a model, given as `provider/model`: what `tokenizerFor` says, and for a model of
 * Ollama that lies on this disk the vocabulary in its file.
 * @throws LlmError `bad-request` when there is no such local model, `cancelled` after an abort.
 */
export async function modelTokenizer(
  modelId: string,
  { tokenizer, localFileOf, ollamaFileOf = ollamaModelFile }: ModelTokenizerSurroundings,
  signal: AbortSignal,
): Promise<ModelTokenizer> {
  const choice = tokenizerFor(modelId);
  if (choice.tokenizer === 'gguf') {
    return { source: { gguf: localFileOf(modelId.slice('local/'.length)) }, exactness: choice.exactness };
  }
  if (choice.exactness === 'estimate' && modelId.startsWith('ollama/')) {
    const gguf = await ollamaFileOf(modelId.slice('ollama/'.length));
    if (gguf !== undefined && (await canCount(tokenizer, { gguf }, signal)))
      return { source: { gguf }, exactness: 'exact' };
  }
  return { source: choice.tokenizer, exactness: choice.exactness };
}

/** How a model's tokens are counted, as a sentence. */
export function tokenizerNote(modelId: string, { source, exactness }: ModelTokenizer): string {
  const name = tokenizerName(source);
  if (exactness === 'exact') return `Exact, counted with ${name}, the tokenizer of ${modelId}.`;
  const reason = modelId.startsWith('ollama/') ? 'is not on this machine' : 'is not public';
  return `Estimated with ${name}: the tokenizer of ${modelId} ${reason}.`;
}

/** `o200k_base`, or the name of a model's file. */
export function tokenizerName(source: TokenizerSource): string {
  if (typeof source === 'string') return source;
  const file = basename(source.gguf);
  return file.startsWith('sha256-') ? 'the vocabulary in its file' : file;
}

/** A file can hold a tokenizer of a kind that is not written here; the estimate is better than no count. */
async function canCount(
  tokenizer: Tokenizer,
  source: TokenizerSource,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await tokenizer.count({ texts: [''], tokenizer: source }, signal);
    return true;
  } catch (error) {
    if (error instanceof LlmError && error.kind === 'bad-request') return false;
    throw error;
  }
}
