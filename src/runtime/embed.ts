import type { LlamaEmbeddingContext } from 'node-llama-cpp';
import { cancelledError } from '../core/errors.ts';
import type { Embeddings } from '../core/provider.ts';
import type { Engine } from './engine.ts';
import { embeddingWindow } from './loadedModel.ts';

/**
 * The vectors of `texts`. A model that was made for chats gives the state of its last token, which says less than what a
 * model for embeddings gives.
 * @throws LlmError as `Engine.openForEmbedding`; `cancelled` within one text of an abort.
 */
export async function embeddingsOf(
  engine: Engine,
  path: string,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Embeddings> {
  const { context, release } = await engine.openForEmbedding(path, signal);
  try {
    const vectors: number[][] = [];
    const cut: number[] = [];
    for (const [index, text] of texts.entries()) {
      if (signal.aborted) throw cancelledError();
      const { vector, isCut } = await vectorOf(context, text);
      vectors.push(vector);
      if (isCut) cut.push(index);
    }
    return { vectors, cut };
  } finally {
    release();
  }
}

async function vectorOf(
  context: LlamaEmbeddingContext,
  text: string,
): Promise<{ vector: number[]; isCut: boolean }> {
  const tokens = context.model.tokenize(text);
  const room = roomFor(context);
  // A text of no tokens has no vector of the engine's, and is like nothing.
  if (tokens.length === 0) return { vector: [], isCut: false };
  const { vector } = await context.getEmbeddingFor(tokens.slice(0, room));
  return { vector: ofLengthOne(vector), isCut: tokens.length > room };
}

/** How many tokens of a text fit, beside those that the engine puts around it. */
function roomFor({ model }: LlamaEmbeddingContext): number {
  return embeddingWindow(model.trainContextSize) - 3;
}

function ofLengthOne(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : [...vector];
}
