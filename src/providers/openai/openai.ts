import type { ChatEvent, ChatRequest } from '../../core/chat.ts';
import type { ModelInfo, Provider } from '../../core/provider.ts';
import { takenBy } from '../../core/taken.ts';
import { type Connection } from '../connection.ts';
import { answerFrom, streamFrom } from '../serviceCall.ts';
import { atMostAlternatives } from './alternatives.ts';
import { chatBodyOf } from './chatRequest.ts';
import { ChatEvents } from './chatEvents.ts';
import { openAiClient } from './client.ts';
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
      .map((id) => ({ id, name: id, capabilities: capabilitiesOf(id) }));
  }

  async *stream(asked: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const taken = takenBy(asked, capabilitiesOf(asked.model), asked.model);
    const { request, warnings } = atMostAlternatives(taken, 20);
    if (wantsResponses(request.model)) {
      const log = this.#connection.log;
      yield* streamFrom(
        this.#connection,
        signal,
        async (call) => {
          const client = await openAiClient(this.#connection, call);
          return client.responses.create(responsesBodyOf(request), { signal: call.signal });
        },
        new ResponsesEvents(this.name, request.model, warnings, log),
      );
      return;
    }
    yield* streamFrom(
      this.#connection,
      signal,
      async (call) => {
        const client = await openAiClient(this.#connection, call);
        const body = chatBodyOf(request, 'max_completion_tokens');
        return client.chat.completions.create(body, { signal: call.signal });
      },
      new ChatEvents(request.model, warnings),
    );
  }
}
