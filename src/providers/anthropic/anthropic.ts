import type { Anthropic as Sdk } from '@anthropic-ai/sdk';
import type { ChatEvent, ChatRequest } from '../../core/chat.ts';
import type { ModelCapabilities, ModelInfo, Provider } from '../../core/provider.ts';
import { takenBy } from '../../core/taken.ts';
import { type Connection, withOverrides } from '../connection.ts';
import { answerFrom, countIn } from '../serviceCall.ts';
import { type Exchange, streamFrom } from '../serviceStream.ts';
import { anthropicClient, type KeyHeader, versionHeaders } from './client.ts';
import { MessagesEvents } from './messagesEvents.ts';
import { messagesBodyOf, withoutBareJson, withoutSamplersOfThinking } from './messagesRequest.ts';
import { capabilitiesOf, familyOf } from './models.ts';

/** Anthropic's Messages, at Anthropic or at a server that speaks it too. */
export class Anthropic implements Provider {
  readonly id: string;
  readonly name: string;
  readonly #connection: Connection;
  readonly #keyHeader: KeyHeader;
  /** What the service itself said of its models, by their ids. */
  readonly #listed = new Map<string, ModelCapabilities>();

  constructor(connection: Connection, keyHeader: KeyHeader = 'authorization') {
    this.id = connection.id;
    this.name = connection.name;
    this.#connection = connection;
    this.#keyHeader = keyHeader;
  }

  async models(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    const listed = await answerFrom(this.#connection, signal, async (call) => {
      const client = await anthropicClient(this.#connection, call, this.#keyHeader);
      return Array.fromAsync(client.models.list({ limit: 1000 }, { signal: call.signal }));
    });
    return listed.map((model) => {
      const info = infoOf(model, this.#connection);
      this.#listed.set(info.id, info.capabilities);
      return info;
    });
  }

  stream(asked: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent> {
    return streamFrom(this.#connection, signal, () => this.#messages(asked));
  }

  /** `/v1/messages/count_tokens` (Anthropic's API reference, read 2026-11-27), which takes only what makes up the input. */
  async countTokens(asked: ChatRequest, signal: AbortSignal): Promise<number> {
    const { request } = withoutBareJson(
      takenBy(asked, withOverrides(capabilitiesOf(asked.model), this.#connection), asked.model),
    );
    const { model, messages, system, tools, thinking } = messagesBodyOf(request);
    return answerFrom(this.#connection, signal, async (call) => {
      const client = await anthropicClient(this.#connection, call, this.#keyHeader);
      const body = {
        model,
        messages,
        ...(system === undefined ? {} : { system }),
        ...(tools === undefined ? {} : { tools }),
        ...(thinking === undefined ? {} : { thinking }),
      };
      const answer = await client.messages.countTokens(body, { signal: call.signal });
      return countIn(answer.input_tokens, this.name);
    });
  }

  #messages(asked: ChatRequest): Exchange<Sdk.RawMessageStreamEvent> {
    const capabilities =
      this.#listed.get(asked.model) ?? withOverrides(capabilitiesOf(asked.model), this.#connection);
    const taken = withoutBareJson(takenBy(asked, capabilities, asked.model));
    const { request, warnings } = withoutSamplersOfThinking(taken);
    return {
      open: async (call) => {
        const client = await anthropicClient(this.#connection, call, this.#keyHeader);
        return client.messages.create(messagesBodyOf(request), {
          signal: call.signal,
          headers: versionHeaders(request.settings),
        });
      },
      translator: new MessagesEvents(this.#connection, request.model, warnings),
    };
  }
}

/** What the list says, over what the model's name says. Servers that only speak the protocol leave most of it out. */
function infoOf(
  model: Pick<Sdk.ModelInfo, 'id'> & Partial<Sdk.ModelInfo>,
  connection: Connection,
): ModelInfo {
  const { capabilities: said, max_input_tokens: window, max_tokens: output } = model;
  const known = capabilitiesOf(model.id);
  return {
    id: model.id,
    name: model.display_name ?? model.id,
    ...(window ? { contextWindow: window } : {}),
    ...(output ? { maxOutputTokens: output } : {}),
    capabilities: withOverrides(
      said
        ? {
            ...known,
            images: said.image_input.supported,
            jsonSchema: said.structured_outputs.supported,
            reasoning: said.thinking.supported,
            reasoningEffort: said.effort.supported || familyOf(model.id).thinking === 'budget',
          }
        : known,
      connection,
    ),
  };
}
