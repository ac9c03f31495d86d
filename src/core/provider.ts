import type { ChatEvent, ChatRequest } from './chat.ts';
import { LlmError } from './errors.ts';

/**
 * A service that runs models, or the local runtime. An adapter knows its one service and nothing of prompts, cost,
 * history or UI.
 */
export interface Provider {
  /** The part of a model id before the first slash, such as `local`; also the word for it in settings. */
  readonly id: string;
  /** The name people read, such as `Local runtime`. */
  readonly name: string;

  /**
   * The models that can be called now.
   * @throws LlmError `network`, `auth`, `provider` or `cancelled`.
   */
  models(signal: AbortSignal): Promise<readonly ModelInfo[]>;

  /**
   * Calls a model. The one way to do so: there is no second path that does not stream.
   *
   * Nothing starts before the first `next()`. Aborting `signal` ends the stream with an `LlmError` of kind
   * `cancelled` within one token; leaving the loop early frees everything that the call held.
   * @throws LlmError of any kind, at any point; a stream that ends without `finish` throws `network`.
   */
  stream(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent>;

  /**
   * How many input tokens a request has, as the service itself counts them; absent where it counts none. Sends the whole
   * request out, and nothing answers it: for an explicit wish of the user only.
   * @throws LlmError of any kind; `bad-request` where the service has no such endpoint.
   */
  countTokens?(request: ChatRequest, signal: AbortSignal): Promise<number>;

  /**
   * The vectors of texts, for finding what is like what; absent where the service makes none. Sends the
   * texts out.
   * @param model the service's own name for the model
   * @throws LlmError of any kind; `bad-request` where the service or the model makes no embeddings.
   */
  embed?(model: string, texts: readonly string[], signal: AbortSignal): Promise<Embeddings>;
}

/** What texts mean, as a model sees it. */
export interface Embeddings {
  /** One for each text, in their order, all with as many figures; without any for an empty text. */
  readonly vectors: readonly (readonly number[])[];
  /** The indexes of texts that are longer than the model's window, where only their beginning counts. */
  readonly cut: readonly number[];
}

/** What a model takes and gives. A control for anything else is hidden, with the reason, instead of sent and refused. */
export interface ModelCapabilities {
  readonly logprobs: boolean;
  readonly tools: boolean;
  readonly images: boolean;
  /** Whether it can reason before it answers. */
  readonly reasoning: boolean;
  /** Whether it takes a reasoning effort. */
  readonly reasoningEffort: boolean;
  readonly jsonSchema: boolean;
  /** Whether it goes on with its own text where a request ends with it; absent where it begins a new answer. */
  readonly continues?: boolean;
  readonly temperature: boolean;
  readonly topP: boolean;
  readonly topK: boolean;
  readonly minP: boolean;
  readonly seed: boolean;
  readonly penalties: boolean;
  readonly repeatPenalty: boolean;
  readonly xtc: boolean;
  readonly dry: boolean;
  /** Whether it takes a grammar in llama.cpp's notation. */
  readonly gbnf: boolean;
  readonly stop: boolean;
  readonly logitBias: boolean;
  readonly contextSize: boolean;
  readonly keepAlive: boolean;
}

/** How long the texts of a model may be. */
export interface ModelLimits {
  /** Input and output together, in tokens; absent when unknown. */
  readonly contextWindow?: number;
  /** The most that one answer may hold, in tokens; absent when unknown or not limited. */
  readonly maxOutputTokens?: number;
}

export interface ModelInfo extends ModelLimits {
  /** The service's own name, without the provider. */
  readonly id: string;
  /** The name people read. */
  readonly name: string;
  /** One sentence on what it is and is not; absent where there is nothing to say. */
  readonly description?: string;
  readonly capabilities: ModelCapabilities;
}

/** A model as the user names it: `provider/model`. The model's own name may hold further slashes. */
export interface ModelReference {
  readonly provider: Provider;
  /** The service's own name for the model. */
  readonly model: string;
}

/**
 * Finds who serves `modelId`. Whether the service has that model shows when it is called.
 * @throws LlmError `bad-request` when there is no such provider or the id has no slash.
 */
export function resolveModel(providers: readonly Provider[], modelId: string): ModelReference {
  const slash = modelId.indexOf('/');
  const known = providers.map((provider) => `"${provider.id}/…"`).join(', ');
  if (slash <= 0 || slash === modelId.length - 1) {
    throw new LlmError(
      'bad-request',
      `"${modelId}" is not a model id. Write provider/model; the providers set up here are ${known}.`,
    );
  }
  const providerId = modelId.slice(0, slash);
  const provider = providers.find(({ id }) => id === providerId);
  if (!provider) {
    throw new LlmError(
      'bad-request',
      `There is no provider "${providerId}" for the model "${modelId}". The providers set up here are ${known}.`,
    );
  }
  return { provider, model: modelId.slice(slash + 1) };
}

/**
 * The input tokens of a request as its service counts them.
 * @throws LlmError as `Provider.countTokens`.
 */
export async function countedBy(
  provider: Provider,
  request: ChatRequest,
  signal: AbortSignal,
): Promise<number> {
  if (!provider.countTokens) {
    throw new LlmError(
      'bad-request',
      `${provider.name} does not count tokens without answering. Anthropic, Gemini and OpenAI do.`,
    );
  }
  return provider.countTokens(request, signal);
}

/**
 * The vectors of texts; of none without asking.
 * @throws LlmError as `Provider.embed`.
 */
export async function embeddedBy(
  provider: Provider,
  model: string,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Embeddings> {
  if (!provider.embed) {
    throw new LlmError(
      'bad-request',
      `${provider.name} makes no embeddings. The local runtime, Ollama, OpenAI and compatible servers do.`,
    );
  }
  // Services refuse an empty text.
  const said = texts.filter((text) => text.trim() !== '');
  const { vectors, cut } = said.length === 0 ? nothing : await provider.embed(model, said, signal);
  const places = texts.flatMap((text, index) => (text.trim() === '' ? [] : index));
  return {
    vectors: texts.map((_, index) => vectors[places.indexOf(index)] ?? []),
    cut: cut.flatMap((place) => places[place] ?? []),
  };
}

const nothing: Embeddings = { vectors: [], cut: [] };
