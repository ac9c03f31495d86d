import type { ChatRequest, Message } from '../core/chat.ts';
import { LlmError } from '../core/errors.ts';
import type { ModelPrice } from '../core/pricing.ts';
import {
  chatOverhead,
  type Correction,
  countedTokens,
  type CountedTexts,
  countedTextsOf,
  estimateOf,
  type Overhead,
  type PromptEstimate,
  type ServiceCount,
} from '../core/tokens/estimate.ts';
import type { VariableTexts } from '../core/usage/variableTexts.ts';
import type { ChatTemplates } from './chatTemplates.ts';
import {
  type ModelTokenizer,
  modelTokenizer,
  type ModelTokenizerSurroundings,
  tokenizerName,
} from './modelTokenizer.ts';

export interface EstimatorSurroundings extends ModelTokenizerSurroundings {
  readonly templates: ChatTemplates;
  /** What a model costs; `undefined` when that is unknown. */
  readonly priceOf: (modelId: string) => Promise<ModelPrice | undefined>;
  /** Input and output together, in tokens; `undefined` when unknown. */
  readonly contextWindowOf: (modelId: string) => Promise<number | undefined>;
  /** What a service has counted for this very request; absent where none is ever asked. */
  readonly serviceCountOf?: (modelId: string, request: ChatRequest) => ServiceCount | undefined;
  /** What earlier runs say about counts for a model that are not exact; absent to correct nothing. */
  readonly correctionOf?: (modelId: string, signal: AbortSignal) => Promise<Correction | undefined>;
}

/** What is estimated. */
export interface EstimateRequest {
  readonly request: ChatRequest;
  /** What each variable put into the messages; none by default. */
  readonly variables?: readonly VariableTexts[];
  /** Names of variables that have no value yet; none by default. */
  readonly missing?: readonly string[];
}

/**
 * What requests will take and cost on models of this machine's knowledge. Nothing is sent anywhere.
 *
 * All methods throw LlmError: `cancelled` after an abort, `bad-request` when there is no such local model, `provider` when
 * counting failed.
 */
export class Estimator {
  readonly #surroundings: EstimatorSurroundings;

  constructor(surroundings: EstimatorSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Estimates a request on a model, given as `provider/model`. */
  async estimate(asked: EstimateRequest, modelId: string, signal: AbortSignal): Promise<PromptEstimate> {
    const [only] = await this.estimateEach(asked, [modelId], signal);
    return only as PromptEstimate;
  }

  /** The same for several models, in their order. Models of one tokenizer are counted once. */
  async estimateEach(
    { request, variables = [], missing = [] }: EstimateRequest,
    modelIds: readonly string[],
    signal: AbortSignal,
  ): Promise<PromptEstimate[]> {
    const { priceOf, contextWindowOf, correctionOf, serviceCountOf } = this.#surroundings;
    const texts = countedTextsOf(request);
    const counted = new Map<string, Promise<Counts>>();
    const estimates: PromptEstimate[] = [];
    for (const modelId of modelIds) {
      const tokenizer = await modelTokenizer(modelId, this.#surroundings, signal);
      const name = tokenizerName(tokenizer.source);
      const key = JSON.stringify(tokenizer.source);
      const counting = counted.get(key) ?? this.#countTexts(texts, variables, tokenizer, signal);
      counted.set(key, counting);
      const counts = await counting;
      const overhead = await this.#overhead(modelId, request, tokenizer, counts, signal);
      const isCertain = tokenizer.exactness === 'exact' && overhead.doubt === undefined;
      const [price, contextWindow, correction] = await Promise.all([
        priceOf(modelId),
        contextWindowOf(modelId),
        isCertain ? undefined : correctionOf?.(modelId, signal),
      ]);
      if (signal.aborted) throw new LlmError('cancelled', 'The estimate was stopped.');
      estimates.push(
        estimateOf({
          modelId,
          request,
          texts,
          counts,
          overhead,
          tokenizer: { name, exactness: tokenizer.exactness },
          missing,
          correction,
          price,
          contextWindow: request.settings.contextSize ?? contextWindow,
          serviceCount: serviceCountOf?.(modelId, request),
        }),
      );
    }
    return estimates;
  }

  /** The input of a request as it is counted here, without a correction, in tokens. */
  async count(request: ChatRequest, modelId: string, signal: AbortSignal): Promise<number> {
    const tokenizer = await modelTokenizer(modelId, this.#surroundings, signal);
    const counts = await this.#countTexts(countedTextsOf(request), [], tokenizer, signal);
    const overhead = await this.#overhead(modelId, request, tokenizer, counts, signal);
    return countedTokens({ counts, overhead }).all;
  }

  async #countTexts(
    { messages, tools, schema }: CountedTexts,
    variables: readonly VariableTexts[],
    { source }: ModelTokenizer,
    signal: AbortSignal,
  ): Promise<Counts> {
    const texts = [...messages, tools, schema, ...variables.flatMap((variable) => variable.texts)];
    const counts = await this.#surroundings.tokenizer.count({ texts, tokenizer: source }, signal);
    let at = messages.length + 2;
    return {
      messages: counts.slice(0, messages.length),
      tools: counts[messages.length] ?? 0,
      schema: counts[messages.length + 1] ?? 0,
      variables: variables.map((variable) => {
        const end = at + variable.texts.length;
        const tokens = sum(counts.slice(at, end));
        at = end;
        return { name: variable.name, tokens };
      }),
    };
  }

  async #overhead(
    modelId: string,
    request: ChatRequest,
    { source }: ModelTokenizer,
    counts: Counts,
    signal: AbortSignal,
  ): Promise<Overhead> {
    const { messages, tools = [] } = request;
    // Ollama has templates of its own beside the one in the file. An image is refused before a template sees it.
    if (typeof source !== 'object' || !modelId.startsWith('local/') || messages.some(hasImage))
      return chatOverhead(modelId, messages);
    // The runtime holds answers to a schema without a word of it to the model.
    const written = { schema: 0 };
    try {
      const { tokens, isExact } = await this.#rendered(source, request, signal);
      const withoutTools =
        tools.length === 0
          ? tokens
          : (await this.#rendered(source, { ...request, tools: [] }, signal)).tokens;
      return {
        ...written,
        tokens: withoutTools - sum(counts.messages),
        tools: tokens - withoutTools,
        ...(isExact ? {} : { doubt: 'The engine may make a few other tokens of the chat template.' }),
      };
    } catch (error) {
      if (error instanceof LlmError && error.kind === 'cancelled') throw error;
      return {
        ...written,
        tokens: chatOverhead(modelId, messages).tokens,
        doubt: 'The chat template in the file cannot be read without loading the model.',
      };
    }
  }

  /** All that the template in a model's file makes of a request. */
  async #rendered(
    source: { readonly gguf: string },
    request: ChatRequest,
    signal: AbortSignal,
  ): Promise<{ readonly tokens: number; readonly isExact: boolean }> {
    const { templates, tokenizer } = this.#surroundings;
    const { texts, controlTokens, isExact } = await templates.render(source.gguf, request, signal);
    const counts = await tokenizer.count({ texts, tokenizer: source }, signal);
    return { tokens: sum(counts) + controlTokens, isExact };
  }
}

interface Counts {
  readonly messages: readonly number[];
  readonly tools: number;
  readonly schema: number;
  readonly variables: readonly { readonly name: string; readonly tokens: number }[];
}

function hasImage({ content }: Message): boolean {
  return content.some(({ type }) => type === 'image');
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
