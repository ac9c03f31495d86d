import type { ChatRequest, Message, Part, Role } from '../chat.ts';
import { costOf, inputCostOf, type ModelPrice } from '../pricing.ts';
import type { TokenizerExactness } from './tokenizerFor.ts';

/** What a request will take and cost, before it is sent. All counts are tokens. */
export interface PromptEstimate {
  /** `provider/model` */
  readonly modelId: string;
  /** `exact` when the service will report the same input, but for variables that are missing. */
  readonly exactness: TokenizerExactness;
  /** What counted, such as `o200k_base`. */
  readonly tokenizer: string;
  /** Why it is an estimate, a sentence each; empty for an exact one. */
  readonly reasons: readonly string[];
  /** What each message holds, in their order, without what the model puts around it. */
  readonly messages: readonly { readonly role: Role; readonly tokens: number }[];
  /** What each variable put into the messages, a part of them; one whose text cannot be told apart is left out. */
  readonly variables: readonly VariableShare[];
  /** Names of variables that have no value yet, whose text is not counted. */
  readonly missing: readonly string[];
  /** Images, which are not counted. */
  readonly images: number;
  readonly tools: number;
  /** The response format's JSON Schema. */
  readonly schema: number;
  /** What the model's template puts around the messages and before its answer. */
  readonly overhead: number;
  /** What the model's earlier runs said about counts like this one; absent where none did. */
  readonly correction?: Correction;
  /** All of the above except `variables`, which are in it already, times the correction. */
  readonly inputTokens: number;
  /** What is kept free for the answer. */
  readonly output: ReservedOutput;
  /** Input and output together; absent when unknown. */
  readonly contextWindow?: number;
  /** Absent when unknown. */
  readonly price?: ModelPrice;
  /** In USD; absent when the price is unknown, which is not a cost of 0. */
  readonly cost?: EstimatedCost;
}

export interface VariableShare {
  readonly name: string;
  readonly tokens: number;
}

/** How many tokens a service reports for each that is counted here, learned from a model's own runs. */
export interface Correction {
  readonly ratio: number;
  /** How many runs it was learned from. */
  readonly runs: number;
}

export interface ReservedOutput {
  readonly tokens: number;
  /** Whether the prompt sets no limit, so that this is an assumption. */
  readonly isAssumed: boolean;
}

/** In USD. */
export interface EstimatedCost {
  readonly input: number;
  /** The input, and an answer as long as what is reserved for it. */
  readonly atMost: number;
}

/** The texts of a request that are counted one by one. */
export interface CountedTexts {
  /** One for each message. */
  readonly messages: readonly string[];
  /** Empty where there are none. */
  readonly tools: string;
  readonly schema: string;
  readonly images: number;
}

/** What a template puts around the messages. */
export interface Overhead {
  readonly tokens: number;
  /** What it writes for the tools, beside `tokens`; absent where that is not known, and their JSON stands for it. */
  readonly tools?: number;
  /** The same of the response format's schema. */
  readonly schema?: number;
  /** Why the figure is not exact, as a sentence; absent when it is. */
  readonly doubt?: string;
}

/** Where a prompt sets no limit, an answer of this many tokens is assumed. */
export const assumedOutputTokens = 1024;

export function countedTextsOf({ messages, tools = [], responseFormat }: ChatRequest): CountedTexts {
  const parts = messages.flatMap(({ content }) => content);
  return {
    messages: messages.map(({ content }) => content.map(textOfPart).join('')),
    tools: tools.length === 0 ? '' : JSON.stringify(tools),
    schema: responseFormat?.type === 'json-schema' ? JSON.stringify(responseFormat.schema) : '',
    images: parts.filter(({ type }) => type === 'image').length,
  };
}

/**
 * What a service puts around the messages of a chat: 3 tokens and the role for each, and 3 that begin the answer.
 * Source: `num_tokens_from_messages` of OpenAI's cookbook, "How to count tokens with tiktoken", as public pages quote it, read
 * 2026-11-24. It covers gpt-3.5-turbo, gpt-4 and gpt-4o; for gpt-5 somebody measured one token fewer. Others have a
 * template of the same kind and are taken to have as many.
 */
export function chatOverhead(modelId: string, messages: readonly Message[]): Overhead {
  const tokens = messages.length * (tokensPerMessage + tokensPerRole) + tokensOfAnswer;
  const name = modelId.slice(modelId.lastIndexOf('/') + 1);
  if (modelId.startsWith('openai/') && documented.test(name)) return { tokens };
  return { tokens, doubt: 'What the service puts around the messages is not published.' };
}

/** What of an estimate is known without counting. */
export interface EstimateInput {
  readonly modelId: string;
  readonly request: ChatRequest;
  readonly texts: CountedTexts;
  readonly counts: {
    readonly messages: readonly number[];
    readonly tools: number;
    readonly schema: number;
    readonly variables: readonly VariableShare[];
  };
  readonly overhead: Overhead;
  readonly tokenizer: { readonly name: string; readonly exactness: TokenizerExactness };
  readonly missing: readonly string[];
  readonly correction?: Correction | undefined;
  readonly contextWindow?: number | undefined;
  readonly price?: ModelPrice | undefined;
  /** What the service has counted for this very request; absent where it was not asked. */
  readonly serviceCount?: ServiceCount | undefined;
}

/** A count that a service has made. */
export interface ServiceCount {
  readonly tokens: number;
  /** Its name. */
  readonly by: string;
}

/** What tools and schema take, and with them everything, in tokens as they are counted here, without a correction. */
export function countedTokens({ counts, overhead }: Pick<EstimateInput, 'counts' | 'overhead'>): {
  readonly tools: number;
  readonly schema: number;
  readonly all: number;
} {
  const { tools = counts.tools, schema = counts.schema } = overhead;
  return { tools, schema, all: sum(counts.messages) + tools + schema + overhead.tokens };
}

export function estimateOf(input: EstimateInput): PromptEstimate {
  const { modelId, request, texts, counts, overhead, tokenizer, missing, contextWindow, price } = input;
  const { serviceCount } = input;
  const reasons = serviceCount ? [] : reasonsFor(input);
  // An exact count needs no correction: its model's reports say the same.
  const correction =
    reasons.length === 0 || (tokenizer.exactness === 'exact' && overhead.doubt === undefined)
      ? undefined
      : input.correction;
  const { tools, schema, all: counted } = countedTokens(input);
  const inputTokens = serviceCount?.tokens ?? Math.round(counted * (correction?.ratio ?? 1));
  const output = reservedOutput(
    request,
    contextWindow === undefined ? undefined : contextWindow - inputTokens,
  );
  const cost = price && costOfEstimate(inputTokens, output.tokens, price);
  return {
    modelId,
    exactness: reasons.length === 0 ? 'exact' : 'estimate',
    tokenizer: serviceCount ? `the counter of ${serviceCount.by}` : tokenizer.name,
    reasons,
    messages: request.messages.map(({ role }, index) => ({ role, tokens: counts.messages[index] ?? 0 })),
    variables: counts.variables,
    missing,
    images: serviceCount ? 0 : texts.images,
    tools,
    schema,
    // Where the service has counted, what it counts otherwise is what it puts around the messages.
    overhead: overhead.tokens + (serviceCount ? serviceCount.tokens - counted : 0),
    ...(correction ? { correction } : {}),
    inputTokens,
    output,
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(price ? { price } : {}),
    ...(cost ? { cost } : {}),
  };
}

/**
 * Whether a request fits its window: `tight` when the input does and the answer does not, as long as the prompt lets it
 * become, or where it sets no limit, hardly any.
 */
export function fitOf({ inputTokens, output, contextWindow }: PromptEstimate): Fit {
  if (contextWindow === undefined) return 'unknown';
  if (inputTokens >= contextWindow) return 'too-long';
  const wanted = output.isAssumed ? leastAnswer : output.tokens;
  return inputTokens + wanted > contextWindow ? 'tight' : 'fits';
}

export type Fit = 'fits' | 'tight' | 'too-long' | 'unknown';

/** Room for fewer tokens is hardly room for an answer. */
const leastAnswer = 64;

const tokensPerMessage = 3;
const tokensPerRole = 1;
const tokensOfAnswer = 3;
const documented = /^(ft:)?(gpt-3\.5-turbo|gpt-4|gpt-4o|gpt-4o-mini|gpt-4-turbo)([-:]\d.*)?$/;

function reasonsFor({ modelId, texts, overhead, tokenizer }: EstimateInput): string[] {
  const reasons: string[] = [];
  if (tokenizer.exactness === 'estimate')
    reasons.push(`Counted with ${tokenizer.name}, which is not the tokenizer of ${modelId}.`);
  if (overhead.doubt !== undefined) reasons.push(overhead.doubt);
  if (texts.tools !== '' && overhead.tools === undefined)
    reasons.push('The service writes tools in a form of its own; their JSON is counted.');
  if (texts.schema !== '' && overhead.schema === undefined)
    reasons.push('The service writes the schema in a form of its own; its JSON is counted.');
  if (texts.images > 0)
    reasons.push(`${texts.images === 1 ? 'An image is' : `${texts.images} images are`} not counted.`);
  return reasons;
}

/** @param room for the answer in the window; absent when unknown. What is assumed is never more. */
function reservedOutput(
  { settings: { maxOutputTokens } }: ChatRequest,
  room = assumedOutputTokens,
): ReservedOutput {
  return maxOutputTokens === undefined
    ? { tokens: Math.max(0, Math.min(assumedOutputTokens, room)), isAssumed: true }
    : { tokens: maxOutputTokens, isAssumed: false };
}

function costOfEstimate(
  inputTokens: number,
  outputTokens: number,
  price: ModelPrice,
): EstimatedCost | undefined {
  const totalOf = (output: number, reasoningTokens: number): number | undefined =>
    costOf({ inputTokens, outputTokens: output, reasoningTokens }, price)?.total;
  const input = inputCostOf(inputTokens, price);
  // Reasoning can cost more than the answer, and all of the output may be reasoning.
  const [plain, reasoned] = [totalOf(outputTokens, 0), totalOf(outputTokens, outputTokens)];
  if (input === undefined || plain === undefined || reasoned === undefined) return undefined;
  return { input, atMost: Math.max(plain, reasoned) };
}

function textOfPart(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
      return '';
    case 'tool-call':
      return `${part.name}${part.arguments}`;
    case 'tool-result':
      return part.result;
    default:
      return part satisfies never;
  }
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
