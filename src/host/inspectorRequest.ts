import * as z from 'zod/mini';
import type { InspectorRequest } from '../inspectorProtocol.ts';

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), version: z.number() }),
  z.object({ type: z.literal('follow'), isFollowing: z.boolean() }),
  z.object({ type: z.literal('show'), id: z.string(), isShown: z.boolean() }),
  z.object({ type: z.literal('add') }),
  z.object({ type: z.literal('remove'), id: z.string() }),
  z.object({
    type: z.literal('steps'),
    request: z.number(),
    id: z.string(),
    word: z.string(),
    isStart: z.boolean(),
  }),
]);

/** The request that an inspector's page sent, or `undefined` when it is none of ours. */
export function inspectorRequestOf(raw: unknown): InspectorRequest | undefined {
  const parsed = schema.safeParse(raw);
  return parsed.success ? parsed.data : undefined;
}
