/**
 * The vocabulary of one call to a model: what is sent, what streams back, and what it used.
 *
 * Everything here is plain data that survives `JSON.stringify`, because it crosses processes, is stored, and is
 * exported. It imports nothing.
 */

/** Who speaks. `tool` messages carry the results of the tool calls of the assistant message before them. */
export type Role = 'system' | 'user' | 'assistant' | 'tool';

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
  /** What the text was taken from, where nobody has written it; only `text` is sent. Absent for what was written. */
  readonly attachment?: Attachment;
}

/** Where an attached text comes from. */
export interface Attachment {
  /** The path in the workspace, or the name alone of what lies outside. */
  readonly path: string;
  /** The first and the last line, from 1; absent for the whole of it. */
  readonly lines?: readonly [first: number, last: number];
  /** The symbol that these lines are; absent where they are none. */
  readonly symbol?: string;
}

/** A text that was taken from somewhere. */
export type AttachedPart = TextPart & Required<Pick<TextPart, 'attachment'>>;

/** An image by address. `url` is an `https:` or a `data:` URL; `mediaType` is absent when only the URL tells it. */
export interface ImagePart {
  readonly type: 'image';
  readonly url: string;
  readonly mediaType?: string;
}

/** A call that the model asked for. `arguments` is the JSON text as the model wrote it; it may be invalid JSON. */
export interface ToolCallPart {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** What a tool answered. `callId` is the `id` of the {@link ToolCallPart} that asked. */
export interface ToolResultPart {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly result: string;
  readonly isError?: boolean;
}

export type Part = TextPart | ImagePart | ToolCallPart | ToolResultPart;

/** One turn. `content` is in reading order and never empty for a message that is sent. */
export interface Message {
  readonly role: Role;
  readonly content: readonly Part[];
}

/** A function that the model may call. `parameters` is a JSON Schema of its one argument object. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  readonly parameters: JsonSchema;
}

export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * How to generate. Every setting is optional, and absent means the service's own default; a setting that a model
 * does not take is reported as a {@link Warning} in `start` and not sent.
 */
export interface GenerationSettings {
  /** Divides the logits before sampling; 0 is greedy. */
  readonly temperature?: number;
  /** Keep the smallest set of tokens whose probabilities add up to this share, 0–1. */
  readonly topP?: number;
  /** Keep this many of the most likely tokens; 0 keeps all. */
  readonly topK?: number;
  /** Drop tokens less likely than this share of the most likely one, 0–1. */
  readonly minP?: number;
  /** Generate at most this many tokens, reasoning included. */
  readonly maxOutputTokens?: number;
  /** Stop before any of these texts; the text itself is not part of the answer. */
  readonly stop?: readonly string[];
  /** The sampler's seed, an integer from 0 to 2³² − 1; the same seed and settings give the same text where the service can. */
  readonly seed?: number;
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  /** Multiplies down tokens that occurred already; 1 changes nothing. */
  readonly repeatPenalty?: number;
  /** How often the likeliest tokens are left out where several are above {@link xtcThreshold}, 0–1; 0 is never (XTC). */
  readonly xtcProbability?: number;
  /** From which probability on XTC counts a token as likely, 0–0.5; of those it keeps the least likely. Absent means 0.1. */
  readonly xtcThreshold?: number;
  /** Punishes tokens that would go on with a repetition, harder the longer it is; 0 does not (DRY). */
  readonly dryMultiplier?: number;
  /** What DRY's punishment grows by with each token of the repetition; absent means 1.75. */
  readonly dryBase?: number;
  /** How many tokens may repeat before DRY punishes; absent means 2. */
  readonly dryAllowedLength?: number;
  readonly reasoningEffort?: 'none' | 'low' | 'medium' | 'high';
  /** Report each token's log-probability and this many alternatives, 0–100; absent means none. */
  readonly logprobs?: number;
  /** Added to the logits of tokens before sampling, from −100 (never) to 100 (always), by the model's own token ids. */
  readonly logitBias?: { readonly [tokenId: string]: number };
  /** The window to allocate, in tokens; only runtimes that allocate one (the local runtime, Ollama) take it. */
  readonly contextSize?: number;
  /** How long the model stays in memory after the call, such as `5m`, `0` or `-1` for ever; only Ollama takes it. */
  readonly keepAlive?: string;
}

/** What the answer must be. Absent in a request means free text. */
export type ResponseFormat =
  | { readonly type: 'json' }
  | { readonly type: 'json-schema'; readonly name: string; readonly schema: JsonSchema }
  /** A grammar in llama.cpp's notation, whose rule `root` is the answer. */
  | { readonly type: 'gbnf'; readonly grammar: string };

/** Everything that one call sends. `model` is the service's own name for it, without the provider. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly settings: GenerationSettings;
  readonly tools?: readonly ToolDefinition[];
  readonly responseFormat?: ResponseFormat;
  /** Merged into the service's request last, as the way out for what this vocabulary lacks. */
  readonly providerOptions?: { readonly [name: string]: unknown };
}

/** A token that could have stood in a place, with its natural-log probability before any sampler but temperature 1. */
export interface TokenAlternative {
  /** The token as text; U+FFFD stands where its bytes are not whole characters. */
  readonly token: string;
  /** Natural logarithm of its probability; 0 is certain. */
  readonly logprob: number;
  /** Its UTF-8 bytes; absent where the service does not give them. */
  readonly bytes?: readonly number[];
  /** The model's own number for it; absent where the service does not give it. */
  readonly id?: number;
}

/** The token that was generated. `alternatives` are most likely first and may include the chosen one. */
export interface TokenLogprob extends TokenAlternative {
  readonly alternatives: readonly TokenAlternative[];
  /**
   * Between which two values the entropy of the whole distribution lies, in nats; they are equal where it is known
   * exactly. Absent where the service does not tell enough.
   */
  readonly entropy?: readonly [least: number, most: number];
  /** The probability of all tokens together that the sampler left out; absent where that is not known. */
  readonly cut?: number;
}

/**
 * Tokens of one call, in one meaning for every service: `cached`, `cacheWrite` and `reasoning` are subsets of the
 * totals, never beside them. An absent figure was not reported.
 */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Present where the answer ended before all of it was reported: there are more output tokens than are told. */
  readonly isPartial?: true;
  /** The part of `inputTokens` that was read from a cache. */
  readonly cachedTokens?: number;
  /** The part of `inputTokens` that was written to a cache. */
  readonly cacheWriteTokens?: number;
  /** The part of `cacheWriteTokens` that the cache keeps for an hour, where that costs more than a short stay. */
  readonly cacheWriteHourTokens?: number;
  /** The part of `outputTokens` that was spent on reasoning. */
  readonly reasoningTokens?: number;
  /** Tokens of the answer that were guessed ahead, right or wrong; absent where nothing was guessed. */
  readonly draftTokens?: number;
  /** The guesses among them that were right, so that they came several at a time. */
  readonly acceptedDraftTokens?: number;
}

/** The output tokens of the whole answer; `undefined` where they were not reported. */
export function outputTokensOf(usage: Usage | undefined): number | undefined {
  return usage?.isPartial ? undefined : usage?.outputTokens;
}

/** A source that the answer names, from a search of the service or from a document that was sent. */
export interface Citation {
  /** Absent for a document that has no address. */
  readonly url?: string;
  readonly title?: string;
  /** The words of the source that are meant. */
  readonly quote?: string;
}

/** Why the model stopped. `other` keeps the service's word in `finish.rawReason`. */
export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'other';

/** Something that was asked for and not done, or done otherwise. The run goes on. */
export interface Warning {
  /** The setting or feature concerned, as named in {@link GenerationSettings} or {@link ChatRequest}. */
  readonly subject: string;
  /** One sentence for the user. */
  readonly message: string;
}

/**
 * One event of a streaming answer. The grammar, which the contract test holds every provider to:
 * `start (text | reasoning | tool-call | citation | warning | usage)* finish`, or an `LlmError` thrown at any point.
 */
export type ChatEvent =
  | {
      readonly type: 'start';
      /** The model as served, which can be more exact than the one asked for. */
      readonly model: string;
      /** The service's id of this response; absent where it gives none. */
      readonly responseId?: string;
      /** The seed that was drawn because the request named none; absent where that is not known, or nothing is drawn. */
      readonly seed?: number;
      readonly warnings: readonly Warning[];
    }
  | {
      readonly type: 'text';
      /** Never empty unless `logprobs` reports a token whose bytes do not end a character yet. */
      readonly text: string;
      /** The tokens of `text`, in order; absent when not asked for. */
      readonly logprobs?: readonly TokenLogprob[];
    }
  | { readonly type: 'reasoning'; readonly text: string }
  | {
      /** A piece of a tool call. The first piece of an `index` has `id` and `name`; later ones only add arguments. */
      readonly type: 'tool-call';
      readonly index: number;
      readonly id?: string;
      readonly name?: string;
      readonly arguments: string;
    }
  | { readonly type: 'citation'; readonly citation: Citation }
  /** What showed only on the way: something of the answer is not what was asked for. */
  | { readonly type: 'warning'; readonly warning: Warning }
  | {
      /** May come several times; each replaces the one before. */
      readonly type: 'usage';
      readonly usage: Usage;
    }
  | {
      readonly type: 'finish';
      readonly reason: FinishReason;
      /** The service's own word for it; absent where it gave none. */
      readonly rawReason?: string;
    };

/** A message of one text part. */
export function textMessage(role: Role, text: string): Message {
  return { role, content: [{ type: 'text', text }] };
}

/** The text parts of a message, joined; images and tool parts are left out. */
export function textOf(message: Message): string {
  return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** Whether a part was taken from somewhere and written by nobody. */
export function isAttached(part: Part): part is AttachedPart {
  return part.type === 'text' && part.attachment !== undefined;
}

/** What somebody has written in a message: its text without what is attached. */
export function writtenIn({ role, content }: Message): string {
  return textOf({ role, content: content.filter((part) => !isAttached(part)) });
}

/** The parts that nobody has written: attached texts, images, tool calls and results. */
export function besideWritten(content: readonly Part[]): readonly (Exclude<Part, TextPart> | AttachedPart)[] {
  return content.filter((part) => part.type !== 'text' || isAttached(part));
}

/** The arguments of a tool call as an object. Text that is no JSON object is kept in one, as `invalid`. */
export function argumentsOf({ arguments: json }: ToolCallPart): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(json === '' ? '{}' : json);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // Falls through to the text itself.
  }
  return { invalid: json };
}
