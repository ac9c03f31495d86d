import * as z from 'zod/mini';
import { panelActions, type ViewMessage } from '../protocol.ts';

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), protocol: z.number() }),
  z.object({ type: z.literal('run'), values: z.record(z.string(), z.json()) }),
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('action'), action: z.enum(panelActions) }),
]);

/** The message that a webview sent, or `undefined` when it is none of ours. */
export function viewMessageOf(raw: unknown): ViewMessage | undefined {
  const parsed = schema.safeParse(raw);
  return parsed.success ? parsed.data : undefined;
}
