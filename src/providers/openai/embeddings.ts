import type { Embeddings } from '../../core/provider.ts';
import type { Connection } from '../connection.ts';
import { answerFrom, vectorsIn } from '../serviceCall.ts';
import { type KeyHeader, openAiClient } from './client.ts';

/**
 * The vectors of texts by `/embeddings`, which OpenAI and the servers that speak like it have.
 * @throws LlmError of any kind.
 */
export function embeddingsFrom(
  connection: Connection,
  {
    model,
    texts,
    keyHeader,
  }: {
    readonly model: string;
    readonly texts: readonly string[];
    readonly keyHeader?: KeyHeader | undefined;
  },
  signal: AbortSignal,
): Promise<Embeddings> {
  return answerFrom(connection, signal, async (call) => {
    const client = await openAiClient(connection, call, keyHeader);
    // Named, because the SDK else asks for base64, which not every server knows.
    const body = { model, input: [...texts], encoding_format: 'float' as const };
    const answer = (await client.embeddings.create(body, { signal: call.signal })) as {
      readonly data?: readonly { readonly embedding?: unknown }[];
    };
    return vectorsIn(
      answer.data?.map(({ embedding }) => embedding),
      texts,
      connection.name,
    );
  });
}
