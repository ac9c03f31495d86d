import type { OpenAI } from 'openai';
import type { ChatEvent, ChatRequest } from '../../core/chat.ts';
import type { Embeddings, ModelCapabilities, ModelInfo, Provider } from '../../core/provider.ts';
import { takenBy } from '../../core/taken.ts';
import { type Connection, withOverrides } from '../connection.ts';
import { atMostAlternatives } from '../openai/alternatives.ts';
import { ChatEvents } from '../openai/chatEvents.ts';
import { chatBodyOf } from '../openai/chatRequest.ts';
import { openAiClient } from '../openai/client.ts';
import { embeddingsFrom } from '../openai/embeddings.ts';
import { answerFrom } from '../serviceCall.ts';
import { type Exchange, streamFrom } from '../serviceStream.ts';
import { listedModels } from './listedModels.ts';
import type { Preset } from './presets.ts';
import { streamedFetch } from './streamedFetch.ts';

/** Any server that speaks OpenAI's Chat Completions. What its models take is said by its preset and by the user. */
export class Compatible implements Provider {
  readonly id: string;
  readonly name: string;
  readonly #connection: Connection;
  readonly #preset: Preset;
  /** What the server itself said of its models, by their ids. */
  readonly #listed = new Map<string, ModelCapabilities>();

  constructor(connection: Connection, preset: Preset) {
    this.id = connection.id;
    this.name = connection.name;
    this.#connection = connection;
    this.#preset = preset;
  }

  models(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    return answerFrom(this.#connection, signal, async (call) => {
      const client = await openAiClient(this.#connection, call, this.#preset.keyHeader);
      // Not through the SDK's list, which knows one of the shapes.
      const list = await client.get<unknown>('/models', { signal: call.signal });
      return listedModels(list, this.#preset.capabilities).map((info) => {
        const capabilities = withOverrides(info.capabilities, this.#connection);
        this.#listed.set(info.id, capabilities);
        return { ...info, capabilities };
      });
    });
  }

  stream(asked: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent> {
    return streamFrom(this.#connection, signal, () => this.#chat(asked));
  }

  embed(model: string, texts: readonly string[], signal: AbortSignal): Promise<Embeddings> {
    const { keyHeader } = this.#preset;
    return embeddingsFrom(this.#connection, { model, texts, keyHeader }, signal);
  }

  #capabilitiesOf(model: string): ModelCapabilities {
    return this.#listed.get(model) ?? withOverrides(this.#preset.capabilities, this.#connection);
  }

  #chat(asked: ChatRequest): Exchange<OpenAI.ChatCompletionChunk> {
    const taken = takenBy(asked, this.#capabilitiesOf(asked.model), asked.model);
    const { request, warnings } = atMostAlternatives(taken, 20);
    const { maxTokensField = 'max_tokens', takesStreamOptions = true, keyHeader } = this.#preset;
    return {
      open: async (call) => {
        const streamed = { key: call.key, fetch: streamedFetch(call.fetch) };
        const client = await openAiClient(this.#connection, streamed, keyHeader);
        const { stream_options, ...body } = chatBodyOf(request, maxTokensField);
        return client.chat.completions.create(
          { ...body, ...(takesStreamOptions && stream_options ? { stream_options } : {}) },
          { signal: call.signal },
        );
      },
      translator: new ChatEvents(this.#connection, request.model, warnings),
    };
  }
}
