import { messageOf } from '../core/errors.ts';
import { type EncodingName, encodingNames } from '../core/tokens/encodings.ts';
import type { TokenizerView } from '../inspectorProtocol.ts';
import { defaultModelId } from '../node/bundledModels.ts';
import {
  type ModelTokenizer,
  modelTokenizer,
  type ModelTokenizerSurroundings,
} from '../node/modelTokenizer.ts';
import type { TokenizerSource } from '../node/tokenizer.ts';

/** A tokenizer that the inspector compares. */
export interface InspectedTokenizer extends Pick<TokenizerView, 'id' | 'name' | 'note' | 'countsFor'> {
  readonly source: TokenizerSource;
}

/** What the inspector compares for a model, and why the model's own is not among it, if so. */
export interface InspectedTokenizers {
  readonly tokenizers: readonly InspectedTokenizer[];
  readonly problem?: string;
}

/**
 * OpenAI's encodings, newest first, and the vocabulary of a model file: that of `modelId` where it has one, or else that
 * of the demo model.
 * @throws LlmError `cancelled` after an abort.
 */
export async function inspectedTokenizers(
  modelId: string,
  surroundings: ModelTokenizerSurroundings,
  signal: AbortSignal,
): Promise<InspectedTokenizers> {
  let own: ModelTokenizer | undefined;
  let problem: string | undefined;
  try {
    own = await modelTokenizer(modelId, surroundings, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    problem = messageOf(error);
  }
  const counting = (source: TokenizerSource): Pick<InspectedTokenizer, 'source' | 'countsFor'> =>
    own?.source === source ? { source, countsFor: { modelId, exactness: own.exactness } } : { source };
  const encodings = encodingNames.map((name) => ({ id: name, name, note: usedBy[name], ...counting(name) }));
  const file =
    typeof own?.source === 'object'
      ? { ...ownVocabulary(modelId), ...counting(own.source) }
      : {
          ...ownVocabulary(defaultModelId),
          source: { gguf: surroundings.localFileOf(nameOf(defaultModelId)) },
        };
  return { tokenizers: [...encodings, file], ...(problem === undefined ? {} : { problem }) };
}

function ownVocabulary(modelId: string): Pick<InspectedTokenizer, 'id' | 'name' | 'note'> {
  return { id: 'model', name: nameOf(modelId), note: `The vocabulary of ${modelId}` };
}

/** A model's name without its provider, and a file's without its folder. */
function nameOf(modelId: string): string {
  return modelId.slice(modelId.lastIndexOf('/') + 1);
}

/** See `tokenizerFor` in core. */
const usedBy: Readonly<Record<EncodingName, string>> = {
  o200k_base: 'GPT-5, GPT-4.1, GPT-4o, o1 to o4, gpt-oss',
  cl100k_base: 'GPT-4, GPT-3.5, text-embedding-3',
  p50k_base: 'text-davinci-003, Codex',
  r50k_base: 'GPT-3, GPT-2',
};
