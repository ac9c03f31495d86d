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
  /** Whether it is an estimate because the model's file is not on this machine. */
  readonly isElsewhere?: true;
}

export interface ModelTokenizerSurroundings {
  readonly tokenizer: Tokenizer;
  /** The GGUF file of a local model, by its name without `local/`. @throws LlmError when there is none. */
  readonly localFileOf: (model: string) => string;
  /**
   * What a provider is to this machine: `here` is an Ollama whose models lie on this disk, `elsewhere` one on another machine,
   * whose models may be others of the same name; `undefined` for whatever is no Ollama. By default `ollama` is here.
   */
  readonly ollamaAt?: (providerId: string) => 'here' | 'elsewhere' | undefined;
  /** The GGUF file of one of Ollama's models, by its name without the provider; see `ollamaModelFile`. */
  readonly ollamaFileOf?: (model: string) => Promise<string | undefined>;
}

/**
 * Which tokenizer counts for a model, given as `provider/model`: what `tokenizerFor` says, and for a model of an
 * Ollama on this machine the vocabulary in its file.
 * @throws LlmError `bad-request` when there is no such local model, `cancelled` after an abort.
 */
export async function modelTokenizer(
  modelId: string,
  {
    tokenizer,
    localFileOf,
    ollamaAt = (id) => (id === 'ollama' ? 'here' : undefined),
    ollamaFileOf = ollamaModelFile,
  }: ModelTokenizerSurroundings,
  signal: AbortSignal,
): Promise<ModelTokenizer> {
  const choice = tokenizerFor(modelId);
  if (choice.tokenizer === 'gguf') {
    return { source: { gguf: localFileOf(modelId.slice('local/'.length)) }, exactness: choice.exactness };
  }
  const slash = modelId.indexOf('/');
  const ollama = choice.exactness === 'estimate' ? ollamaAt(modelId.slice(0, slash)) : undefined;
  if (ollama) {
    const gguf = ollama === 'here' ? await ollamaFileOf(modelId.slice(slash + 1)) : undefined;
    if (gguf !== undefined && (await canCount(tokenizer, { gguf }, signal)))
      return { source: { gguf }, exactness: 'exact' };
    return { source: choice.tokenizer, exactness: choice.exactness, isElsewhere: true };
  }
  return { source: choice.tokenizer, exactness: choice.exactness };
}

/** How a model's tokens are counted, as a sentence. */
export function tokenizerNote(modelId: string, { source, exactness, isElsewhere }: ModelTokenizer): string {
  const name = tokenizerName(source);
  if (exactness === 'exact') return `Exact, counted with ${name}, the tokenizer of ${modelId}.`;
  const reason = isElsewhere ? 'is not on this machine' : 'is not public';
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
