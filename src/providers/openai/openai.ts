import type { OpenAI } from 'openai';
import type { ChatEvent, ChatRequest } from '../../core/chat.ts';
import type { Embeddings, ModelCapabilities, ModelInfo, Provider } from '../../core/provider.ts';
import { takenBy } from '../../core/taken.ts';
import { type Connection, withOverrides } from '../connection.ts';
import { answerFrom, countIn } from '../serviceCall.ts';
import { type Exchange, streamFrom } from '../serviceStream.ts';
import { atMostAlternatives } from './alternatives.ts';
import { chatBodyOf } from './chatRequest.ts';
import { ChatEvents } from './chatEvents.ts';
import { openAiClient } from './client.ts';
import { embeddingsFrom } from './embeddings.ts';
import { answers, capabilitiesOf, wantsResponses } from './models.ts';
import { responsesBodyOf } from './responsesRequest.ts';
import { ResponsesEvents } from './responsesEvents.ts';

/** OpenAI's own service: Responses for the models that reason, Chat Completions for the others. */
export class OpenAi implements Provider {
  readonly id: string;
  readonly name: string;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.id = connection.id;
    this.name = connection.name;
    this.#connection = connection;
  }

  async models(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    const ids = await answerFrom(this.#connection, signal, async (call) => {
      const client = await openAiClient(this.#connection, call);
      const { data } = await client.models.list({ signal: call.signal });
      return data.map(({ id }) => id);
    });
    return ids
      .filter(answers)
      .sort()
      .map((id) => ({ id, name: id, capabilities: this.#capabilitiesOf(id) }));
  }

  stream(asked: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent> {
    return wantsResponses(asked.model)
      ? streamFrom(this.#connection, signal, () => this.#responses(asked))
      : streamFrom(this.#connection, signal, () => this.#chat(asked));
  }

  /** `/responses/input_tokens` (OpenAI's API reference, read 2026-11-27), which takes only what makes up the input. */
  async countTokens(asked: ChatRequest, signal: AbortSignal): Promise<number> {
    const { model, input, tools, text } = responsesBodyOf(this.#taken(asked).request);
    return answerFrom(this.#connection, signal, async (call) => {
      const client = await openAiClient(this.#connection, call);
      const body = { model, input, ...(tools ? { tools } : {}), ...(text ? { text } : {}) };
      // The types of this endpoint repeat those of Responses under other names.
      const asked = body as OpenAI.Responses.InputTokenCountParams;
      const answer = await client.responses.inputTokens.count(asked, { signal: call.signal });
      return countIn(answer.input_tokens, this.name);
    });
  }

  embed(model: string, texts: readonly string[], signal: AbortSignal): Promise<Embeddings> {
    return embeddingsFrom(this.#connection, { model, texts }, signal);
  }

  #responses(asked: ChatRequest): Exchange<OpenAI.Responses.ResponseStreamEvent> {
    const { request, warnings } = this.#taken(asked);
    return {
      open: async (call) => {
        const client = await openAiClient(this.#connection, call);
        return client.responses.create(responsesBodyOf(request), { signal: call.signal });
      },
      translator: new ResponsesEvents(this.#connection, request.model, warnings),
    };
  }

  #chat(asked: ChatRequest): Exchange<OpenAI.ChatCompletionChunk> {
    const { request, warnings } = this.#taken(asked);
    return {
      open: async (call) => {
        const client = await openAiClient(this.#connection, call);
        const body = chatBodyOf(request, 'max_completion_tokens');
        return client.chat.completions.create(body, { signal: call.signal });
      },
      translator: new ChatEvents(this.#connection, request.model, warnings),
    };
  }

  #taken(asked: ChatRequest): ReturnType<typeof takenBy> {
    return atMostAlternatives(takenBy(asked, this.#capabilitiesOf(asked.model), asked.model), 20);
  }

  #capabilitiesOf(model: string): ModelCapabilities {
    return withOverrides(capabilitiesOf(model), this.#connection);
  }
}
