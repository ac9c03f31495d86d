import { messageOf } from '../core/errors.ts';
import type { ModelPrice } from '../core/pricing.ts';
import { type EncodingName, encodingNames } from '../core/tokens/encodings.ts';
import type { CountedModel, TokenizerView } from '../inspectorProtocol.ts';
import { defaultModelId } from '../node/bundledModels.ts';
import { modelTokenizer, type ModelTokenizerSurroundings, tokenizerNote } from '../node/modelTokenizer.ts';
import type { TokenizerSource } from '../node/tokenizer.ts';

/** A tokenizer that the inspector compares. */
export interface InspectedTokenizer extends Pick<TokenizerView, 'id' | 'name' | 'note' | 'model' | 'reason'> {
  readonly source: TokenizerSource | NoTokenizer;
}

/** Why nothing can count for a model, as a sentence. */
export interface NoTokenizer {
  readonly problem: string;
}

/** What the inspector compares for a model, and why the model's own is not among it, if so. */
export interface InspectedTokenizers {
  readonly tokenizers: readonly InspectedTokenizer[];
  readonly problem?: string;
}

export interface InspectedModels {
  /** `provider/model` that the file is counted for. */
  readonly ofFile: string;
  /** `provider/model` of those that the user has added, in their order. */
  readonly added: readonly string[];
}

export interface InspectedSurroundings extends ModelTokenizerSurroundings {
  /** What a model costs; `undefined` when that is unknown. */
  readonly priceOf: (modelId: string) => Promise<ModelPrice | undefined>;
}

/**
 * OpenAI's encodings, newest first, the vocabulary of a model file, which is that of the file's model where it has one or
 * else that of the demo model, and then what counts for each model that was added.
 * @throws LlmError `cancelled` after an abort.
 */
export async function inspectedTokenizers(
  { ofFile, added }: InspectedModels,
  surroundings: InspectedSurroundings,
  signal: AbortSignal,
): Promise<InspectedTokenizers> {
  const [own, demo, others] = await Promise.all([
    counterOf(ofFile, surroundings, signal),
    counterOf(defaultModelId, surroundings, signal),
    Promise.all(added.map(async (id) => addedTokenizer(await counterOf(id, surroundings, signal)))),
  ]);
  const encodings = encodingNames.map((name): InspectedTokenizer => {
    const encoding = { id: name, name, note: usedBy[name], source: name };
    return own.source === name
      ? { ...encoding, model: own.model, reason: 'file' }
      : { ...encoding, reason: 'standard' };
  });
  const file = isProblem(own.source) || typeof own.source === 'string' ? demo : own;
  const { id } = file.model;
  const vocabulary: InspectedTokenizer = {
    id: 'model',
    name: nameOf(id),
    note: `The vocabulary of ${id}`,
    source: file.source,
    model: file.model,
    reason: file === own ? 'file' : 'standard',
  };
  const problem = isProblem(own.source) ? own.source : {};
  return { tokenizers: [...encodings, vocabulary, ...others], ...problem };
}

export function isProblem(source: InspectedTokenizer['source']): source is NoTokenizer {
  return typeof source === 'object' && 'problem' in source;
}

/** What counts for a model. */
interface Counter {
  readonly source: InspectedTokenizer['source'];
  readonly model: CountedModel;
  /** How it counts, as a sentence. */
  readonly note: string;
}

async function counterOf(
  modelId: string,
  surroundings: InspectedSurroundings,
  signal: AbortSignal,
): Promise<Counter> {
  const price = (await surroundings.priceOf(modelId)) ?? null;
  try {
    const own = await modelTokenizer(modelId, surroundings, signal);
    const { source, exactness } = own;
    return { source, model: { id: modelId, exactness, price }, note: tokenizerNote(modelId, own) };
  } catch (error) {
    if (signal.aborted) throw error;
    const problem = messageOf(error);
    return { source: { problem }, model: { id: modelId, exactness: 'estimate', price }, note: modelId };
  }
}

function addedTokenizer(counter: Counter): InspectedTokenizer {
  const { id } = counter.model;
  return { id: addedIdOf(id), name: nameOf(id), reason: 'added', ...counter };
}

/** What messages call the tokenizer of a model that was added. */
export function addedIdOf(modelId: string): string {
  return `added:${modelId}`;
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
