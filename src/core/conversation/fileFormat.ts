import * as z from 'zod/mini';
import { fittingSchema } from '../context/fittingFormat.ts';
import { errorKinds } from '../errors.ts';

// The JSON file of a conversation, described in docs/conversation-format.md. Fields that are not known are ignored, so a
// field can be added without a new version; a version is for what an older reader would misunderstand.

/** What `format` says in a file of ours. */
export const formatName = 'llm-playground/conversation';
export const formatVersion = 1;

const id = z.string().check(z.regex(/^[\w.:-]{1,200}$/, 'an id is 1 to 200 letters, digits and . : _ -'));
/** In ms since 1970, as far as a Date reaches. */
const time = z.int().check(z.minimum(0), z.maximum(8.64e15));
const count = z.int().check(z.minimum(0));
const amount = z.number().check(z.minimum(0));
const object = z.record(z.string(), z.unknown());

const line = z.int().check(z.minimum(1));

const attachment = z.object({
  path: z.string(),
  lines: z.optional(z.tuple([line, line])),
  symbol: z.optional(z.string()),
});

const part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string(), attachment: z.optional(attachment) }),
  z.object({
    type: z.literal('image'),
    url: z
      .string()
      .check(z.regex(/^(https:\/\/|data:image\/)/i, 'an image is at an https: or data:image/ address')),
    mediaType: z.optional(z.string()),
  }),
  z.object({ type: z.literal('tool-call'), id: z.string(), name: z.string(), arguments: z.string() }),
  z.object({
    type: z.literal('tool-result'),
    callId: z.string(),
    result: z.string(),
    isError: z.optional(z.boolean()),
  }),
]);
const toolCall = z.object({
  type: z.literal('tool-call'),
  id: z.string(),
  name: z.string(),
  arguments: z.string(),
});

const role = z.enum(['system', 'user', 'assistant', 'tool']);

const lane = z.object({ id, modelId: z.nullable(z.string()), settings: object, headId: z.nullable(id) });

const message = z.object({
  id,
  parentId: z.nullable(id),
  role,
  content: z.array(part),
  createdAt: time,
  runId: z.optional(id),
  name: z.optional(z.string().check(z.maxLength(1000))),
  favourite: z.optional(z.literal(true)),
  summary: z.optional(z.object({ text: z.string(), isEdited: z.optional(z.literal(true)) })),
});

const alternative = z.object({
  token: z.string(),
  logprob: z.number(),
  bytes: z.optional(z.array(z.int().check(z.minimum(0), z.maximum(255)))),
  id: z.optional(count),
});

const request = z.object({
  model: z.string(),
  /** Places in `sent`. */
  messages: z.array(count),
  settings: object,
  tools: z.optional(
    z.array(z.object({ name: z.string(), description: z.optional(z.string()), parameters: object })),
  ),
  responseFormat: z.optional(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('json') }),
      z.object({ type: z.literal('json-schema'), name: z.string(), schema: object }),
      z.object({ type: z.literal('gbnf'), grammar: z.string() }),
    ]),
  ),
  providerOptions: z.optional(object),
});

/** Whatever an address is, only the panel makes a link of it, and only of one that is a web address. */
const citation = z.object({
  url: z.optional(z.string()),
  title: z.optional(z.string()),
  quote: z.optional(z.string()),
});

const outcome = z.discriminatedUnion('status', [
  z.object({ status: z.literal('running') }),
  z.object({
    status: z.literal('finished'),
    reason: z.enum(['stop', 'length', 'tool-calls', 'content-filter', 'other']),
    rawReason: z.optional(z.string()),
  }),
  z.object({ status: z.literal('stopped') }),
  z.object({
    status: z.literal('failed'),
    error: z.object({
      kind: z.enum(errorKinds),
      message: z.string(),
      retryable: z.boolean(),
      retryAfterMs: z.optional(amount),
    }),
  }),
  z.object({ status: z.literal('interrupted') }),
]);

const run = z.object({
  id,
  startedAt: time,
  prompt: z.optional(z.object({ uri: z.string(), name: z.string(), version: z.string() })),
  variables: object,
  modelId: z.string(),
  request,
  servedModel: z.optional(z.string()),
  responseId: z.optional(z.string()),
  seed: z.optional(count),
  warnings: z.array(z.object({ subject: z.string(), message: z.string() })),
  text: z.string(),
  reasoning: z.string(),
  toolCalls: z.array(toolCall),
  citations: z.optional(z.array(citation)),
  logprobs: z.optional(
    z.array(
      z.extend(alternative, {
        alternatives: z.array(alternative),
        entropy: z.optional(z.tuple([z.number(), z.number()])),
        cut: z.optional(amount),
      }),
    ),
  ),
  usage: z.optional(
    z.object({
      inputTokens: count,
      outputTokens: count,
      isPartial: z.optional(z.literal(true)),
      cachedTokens: z.optional(count),
      cacheWriteTokens: z.optional(count),
      cacheWriteHourTokens: z.optional(count),
      reasoningTokens: z.optional(count),
      draftTokens: z.optional(count),
      acceptedDraftTokens: z.optional(count),
    }),
  ),
  timing: z.optional(z.object({ timeToFirstTokenMs: z.optional(amount), totalMs: amount })),
  cost: z.optional(
    z.object({
      total: amount,
      input: amount,
      cacheRead: amount,
      cacheWrite: amount,
      output: amount,
      reasoning: z.optional(amount),
      source: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('local') }),
        z.object({ kind: z.literal('user'), matchedId: z.string() }),
        z.object({ kind: z.literal('table'), matchedId: z.string(), date: z.string() }),
      ]),
    }),
  ),
  estimate: z.optional(
    z.object({
      inputTokens: count,
      exactness: z.enum(['exact', 'estimate']),
      correction: z.optional(z.object({ ratio: amount, runs: count })),
      cost: z.optional(z.object({ input: amount, atMost: amount })),
    }),
  ),
  outcome,
});

/** A whole file. */
export const fileSchema = z.object({
  format: z.literal(formatName),
  version: z.literal(formatVersion),
  conversation: z.object({
    id,
    title: z.string().check(z.minLength(1), z.maxLength(1000)),
    titleSource: z.enum(['auto', 'user']),
    createdAt: time,
    updatedAt: time,
    pinned: z.boolean(),
    archived: z.boolean(),
    promptUri: z.optional(z.string()),
    system: z.optional(z.string()),
    fitting: z.optional(fittingSchema),
    lanes: z.array(lane).check(z.minLength(1), z.maxLength(100)),
  }),
  messages: z.array(message),
  /** Every message that a run has sent, once. */
  sent: z.array(z.object({ role, content: z.array(part) })),
  runs: z.array(run),
});

export type ConversationFile = z.infer<typeof fileSchema>;
