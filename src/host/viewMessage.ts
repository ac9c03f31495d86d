import * as z from 'zod/mini';
import { overridesFrom } from '../core/run/overridesFrom.ts';
import { codeActions, maxSamples, panelActions, type ViewMessage } from '../protocol.ts';

const laneId = z.string();
const messageId = z.string();
const image = z.string().check(z.regex(/^data:image\/(png|jpeg|gif|webp);base64,/));
const toolResult = z.object({
  type: z.literal('tool-result'),
  callId: z.string(),
  result: z.string(),
});
const values = z.record(z.string(), z.json());

const schema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), protocol: z.number() }),
  z.object({ type: z.literal('ping') }),
  z.object({ type: z.literal('has-filled'), id: z.string() }),
  z.object({ type: z.literal('run'), values, laneId: z.optional(laneId) }),
  z.object({ type: z.literal('stop'), laneId: z.optional(laneId) }),
  z.object({
    type: z.literal('send'),
    text: z.string(),
    images: z.optional(z.array(image)),
    laneIds: z.optional(z.array(laneId)),
  }),
  z.object({
    type: z.literal('draft'),
    draft: z.number(),
    text: z.string(),
    values: z.optional(values),
  }),
  z.object({ type: z.literal('attach') }),
  z.object({ type: z.literal('attach-files'), uris: z.array(z.string()) }),
  z.object({ type: z.literal('open-prompts'), uris: z.array(z.string()) }),
  z.object({ type: z.literal('attach-text'), name: z.string(), text: z.string() }),
  z.object({ type: z.literal('detach'), id: z.string() }),
  z.object({ type: z.literal('edit'), laneId, messageId, text: z.string() }),
  z.object({ type: z.literal('retry'), laneId, messageId: z.optional(messageId) }),
  z.object({ type: z.literal('retry-with'), laneId, messageId: z.optional(messageId) }),
  z.object({ type: z.literal('delete-message'), laneId, messageId }),
  z.object({ type: z.literal('answer-calls'), laneId, results: z.array(toolResult) }),
  z.object({ type: z.literal('continue'), laneId }),
  z.object({ type: z.literal('show-earlier'), laneId }),
  z.object({ type: z.literal('turn-to'), laneId, messageId }),
  z.object({ type: z.literal('go-back'), isWanted: z.boolean() }),
  z.object({ type: z.literal('rename-chat') }),
  z.object({ type: z.literal('set-system'), text: z.string() }),
  z.object({ type: z.literal('choose-fitting') }),
  z.object({ type: z.literal('set-summary'), laneId, messageId, text: z.string() }),
  z.object({ type: z.literal('branch'), laneId, messageId }),
  z.object({ type: z.literal('action'), action: z.enum(panelActions) }),
  z.object({ type: z.literal('code'), action: z.enum(codeActions), code: z.string(), language: z.string() }),
  z.object({ type: z.literal('add-lane') }),
  z.object({ type: z.literal('duplicate-lane'), laneId }),
  z.object({ type: z.literal('remove-lane'), laneId }),
  z.object({ type: z.literal('choose-model'), laneId }),
  z.object({ type: z.literal('choose-version'), laneId }),
  z.object({ type: z.literal('set-settings'), laneId, settings: values }),
  z.object({
    type: z.literal('set-sample-count'),
    laneId,
    count: z.int().check(z.gte(1), z.lte(maxSamples)),
  }),
  z.object({ type: z.literal('show-sample'), laneId, runId: z.string() }),
  z.object({ type: z.literal('check-schema'), laneId, text: z.string() }),
  z.object({ type: z.literal('edit-schema'), laneId, text: z.string() }),
  z.object({ type: z.literal('reset-lane'), laneId }),
  z.object({ type: z.literal('apply-lane'), laneId }),
  z.object({ type: z.literal('diff'), laneId: z.optional(laneId) }),
  z.object({ type: z.literal('sweep'), values }),
  z.object({ type: z.literal('save-comparison'), values }),
  z.object({ type: z.literal('fill'), values, unfit: z.array(z.string()) }),
  z.object({ type: z.literal('fill-field'), name: z.string(), source: z.optional(z.literal('file')) }),
]);

/** The message that a webview sent, or `undefined` when it is none of ours. */
export function viewMessageOf(raw: unknown): ViewMessage | undefined {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) return undefined;
  const message = parsed.data;
  return message.type === 'set-settings'
    ? { ...message, settings: overridesFrom(message.settings) }
    : message;
}
