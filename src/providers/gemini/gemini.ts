import type { GenerateContentResponse, Model } from '@google/genai/web';
import type { ChatEvent, ChatRequest } from '../../core/chat.ts';
import type { ModelInfo, Provider } from '../../core/provider.ts';
import { takenBy } from '../../core/taken.ts';
import { baseUrlOf, type Connection, withOverrides } from '../connection.ts';
import { atMostAlternatives } from '../openai/alternatives.ts';
import { answerFrom, countIn } from '../serviceCall.ts';
import { type Exchange, streamFrom } from '../serviceStream.ts';
import { contentFrom, geminiClient } from './client.ts';
import { ContentEvents } from './contentEvents.ts';
import { contentRequestOf } from './contentRequest.ts';
import { answers, capabilitiesOf, familyOf } from './models.ts';
import { thinkingOf } from './thinking.ts';

/** Google's Gemini, over its own API and the key of AI Studio. */
export class Gemini implements Provider {
  readonly id: string;
  readonly name: string;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.id = connection.id;
    this.name = connection.name;
    this.#connection = connection;
  }

  async models(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    const listed = await answerFrom(this.#connection, signal, async (call) => {
      const client = await geminiClient(this.#connection, call);
      const config = { pageSize: 1000, abortSignal: call.signal };
      return Array.fromAsync(await client.models.list({ config }));
    });
    return listed
      .filter((model) => answers(idOf(model), model.supportedActions))
      .map((model) => infoOf(model, this.#connection));
  }

  stream(asked: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent> {
    return streamFrom(this.#connection, signal, () => this.#content(asked));
  }

  /**
   * `models/…:countTokens` (Gemini API reference v1beta, read 2026-11-27), with the whole request: the SDK's own call leaves
   * the system's message and the tools out, which are counted too.
   */
  async countTokens(asked: ChatRequest, signal: AbortSignal): Promise<number> {
    const { request } = takenBy(
      asked,
      withOverrides(capabilitiesOf(asked.model), this.#connection),
      asked.model,
    );
    return answerFrom(this.#connection, signal, async (call) => {
      const { contents, config = {} } = contentRequestOf(request, call.signal);
      const { systemInstruction, tools } = config;
      const model = `models/${request.model}`;
      const url = `${baseUrlOf(this.#connection)}/v1beta/${model}:countTokens`;
      const response = await call.fetch(url, {
        method: 'POST',
        signal: call.signal,
        headers: {
          'content-type': 'application/json',
          ...(call.key === undefined ? {} : { 'x-goog-api-key': call.key }),
          ...this.#connection.headers,
        },
        body: JSON.stringify({
          generateContentRequest: { model, contents, systemInstruction, tools },
        }),
      });
      const answer = (await response.json()) as { readonly totalTokens?: unknown };
      return countIn(answer.totalTokens, this.name);
    });
  }

  #content(asked: ChatRequest): Exchange<GenerateContentResponse> {
    const taken = takenBy(asked, withOverrides(capabilitiesOf(asked.model), this.#connection), asked.model);
    const { request, warnings } = atMostAlternatives(taken, 20);
    const { model, settings } = request;
    const thinking = thinkingOf(model, familyOf(model), settings.reasoningEffort);
    return {
      open: (call) =>
        Promise.resolve(contentFrom(this.#connection, call, contentRequestOf(request, call.signal))),
      translator: new ContentEvents(this.#connection, model, [...warnings, ...thinking.warnings]),
    };
  }
}

function infoOf(model: Model, connection: Connection): ModelInfo {
  const id = idOf(model);
  const { displayName, description, inputTokenLimit, outputTokenLimit } = model;
  return {
    id,
    name: displayName || id,
    ...(description ? { description } : {}),
    ...(inputTokenLimit ? { contextWindow: inputTokenLimit } : {}),
    ...(outputTokenLimit ? { maxOutputTokens: outputTokenLimit } : {}),
    capabilities: withOverrides(capabilitiesOf(id), connection),
  };
}

/** `gemini-2.5-flash` of `models/gemini-2.5-flash`. */
function idOf({ name = '' }: Model): string {
  return name.replace(/^models\//, '');
}
