import type { ChatResponse } from 'ollama/browser';
import type { ChatEvent, ChatRequest } from '../../core/chat.ts';
import { LlmError } from '../../core/errors.ts';
import type { Embeddings, ModelInfo, Provider } from '../../core/provider.ts';
import { takenBy } from '../../core/taken.ts';
import type { Connection } from '../connection.ts';
import { errorOfFault } from '../httpErrors.ts';
import { atMostAlternatives } from '../openai/alternatives.ts';
import { answerFrom, ServiceCall, vectorsIn } from '../serviceCall.ts';
import { type Exchange, streamFrom } from '../serviceStream.ts';
import type { ErrorLine } from './answerLines.ts';
import { ChatEvents } from './chatEvents.ts';
import { chatBodyOf, withInlineImages, withoutNamedEffort } from './chatRequest.ts';
import { knowingModel, ollamaClient } from './client.ts';
import { type ShownModel, shownModel, withTag } from './models.ts';

/** How far a download is. */
export interface PullProgress {
  /** What is being done, in Ollama's words, such as `pulling manifest`. */
  readonly status: string;
  /** Of the part that is being fetched, in bytes; absent while nothing is fetched. A model has several parts. */
  readonly completedBytes?: number;
  readonly totalBytes?: number;
}

/** A model that is in memory. */
export interface LoadedModel {
  readonly name: string;
  /** All that it takes, in bytes. */
  readonly sizeBytes: number;
  /** What of that lies in the memory of the GPU. */
  readonly vramBytes: number;
  /** When it leaves the memory, if nobody asks it anything; absent when never said. */
  readonly expiresAt?: Date;
}

/** Ollama, over its own API, and the management of its models, which no other provider has. */
export class Ollama implements Provider {
  readonly id: string;
  readonly name: string;
  readonly #connection: Connection;
  /** What was shown of each model, by its name with its tag, and the digest of the weights it was said of. */
  readonly #shown = new Map<string, { readonly digest?: string; readonly model: ShownModel }>();

  constructor(connection: Connection) {
    this.id = connection.id;
    this.name = connection.name;
    this.#connection = connection;
  }

  async models(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    const connection = this.#connection;
    return answerFrom(this.#connection, signal, async (call) => {
      const client = await ollamaClient(this.#connection, call, this.#errorLine);
      const { models: listed } = (await client.list()) as { models?: { name: string; digest: string }[] };
      if (!listed) {
        throw new LlmError(
          'provider',
          `${this.name} answered with no list of models. Check that ${this.#connection.baseUrl} is the address of an Ollama server.`,
          { retryable: false },
        );
      }
      const shown = await Promise.all(
        listed.map(async ({ name, digest }) => {
          const known = this.#shown.get(name);
          if (known?.digest === digest) return known.model;
          try {
            return this.#remember(
              name,
              shownModel(name, await client.show({ model: name }), connection),
              digest,
            );
          } catch (error) {
            if (call.signal.aborted) throw error;
            // One model that cannot be read must not hide the others.
            return shownModel(name, {}, connection);
          }
        }),
      );
      return shown.filter(({ answers }) => answers).map(({ info }) => info);
    });
  }

  stream(asked: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent> {
    const connection = knowingModel(this.#connection, asked.model);
    return streamFrom(connection, signal, () => this.#chat(asked, connection, signal));
  }

  embed(model: string, texts: readonly string[], signal: AbortSignal): Promise<Embeddings> {
    const connection = knowingModel(this.#connection, model);
    return answerFrom(connection, signal, async (call) => {
      const client = await ollamaClient(connection, call, this.#errorLine);
      const answer = (await client.embed({ model, input: [...texts] })) as { readonly embeddings?: unknown };
      return vectorsIn(answer.embeddings, texts, this.name);
    });
  }

  async #chat(
    asked: ChatRequest,
    connection: Connection,
    signal: AbortSignal,
  ): Promise<Exchange<ChatResponse>> {
    const model = await this.#modelOf(asked.model, connection, signal);
    const taken = withInlineImages(takenBy(asked, model.info.capabilities, asked.model));
    const { request, warnings } = atMostAlternatives(taken, 20);
    return {
      open: async (call) => {
        const client = await ollamaClient(connection, call, this.#errorLine);
        // The headers come with the first token, after the model was loaded, which the time to connect is not meant for.
        call.watchdog.connected();
        return client.chat(chatBodyOf(request, model));
      },
      translator: new ChatEvents(connection, request.model, [
        ...warnings,
        ...withoutNamedEffort(request, model),
      ]),
    };
  }

  /**
   * Fetches a model to the server's disk; leaving the loop stops it, and what was fetched is kept for the next time.
   * @throws LlmError `cancelled`, `network` or `provider`.
   */
  async *pull(name: string, signal: AbortSignal): AsyncGenerator<PullProgress> {
    using call = await ServiceCall.begin(this.#connection, signal);
    try {
      const client = await ollamaClient(this.#connection, call, ({ message = 'no reason was given' }) => {
        const what = `${this.name} could not pull "${name}": ${message}.`;
        return new LlmError('provider', `${what} Check the name at ollama.com/library, then pull again.`);
      });
      const progress = await client.pull({ model: name, stream: true });
      // Checking the digest of a large model is silent for minutes.
      call.watchdog.stop();
      for await (const { status, completed, total } of progress) {
        yield {
          status,
          ...((completed as number | undefined) === undefined ? {} : { completedBytes: completed }),
          ...((total as number | undefined) === undefined ? {} : { totalBytes: total }),
        };
      }
      this.#shown.delete(withTag(name));
    } catch (thrown) {
      throw call.errorOf(thrown);
    }
  }

  /**
   * The models that are in memory now.
   * @throws LlmError of any kind but `context-overflow`.
   */
  async loaded(signal: AbortSignal): Promise<readonly LoadedModel[]> {
    return answerFrom(this.#connection, signal, async (call) => {
      const client = await ollamaClient(this.#connection, call, this.#errorLine);
      const { models } = await client.ps();
      return models.map(({ name, size, size_vram, expires_at }) => {
        const expiresAt = new Date(expires_at);
        return {
          name,
          sizeBytes: size,
          vramBytes: size_vram,
          ...(Number.isNaN(expiresAt.getTime()) ? {} : { expiresAt }),
        };
      });
    });
  }

  /**
   * Takes a model out of memory; it stays on the disk.
   * @throws LlmError of any kind but `context-overflow`; `bad-request` when there is no such model.
   */
  async unload(name: string, signal: AbortSignal): Promise<void> {
    const connection = knowingModel(this.#connection, name);
    await answerFrom(connection, signal, async (call) => {
      const client = await ollamaClient(connection, call, this.#errorLine);
      await client.generate({ model: name, prompt: '', keep_alive: 0 });
    });
  }

  /**
   * Deletes a model from the server's disk.
   * @throws LlmError of any kind but `context-overflow`; `bad-request` when there is no such model.
   */
  async remove(name: string, signal: AbortSignal): Promise<void> {
    const connection = knowingModel(this.#connection, name);
    await answerFrom(connection, signal, async (call) => {
      const client = await ollamaClient(connection, call, this.#errorLine);
      await client.delete({ model: name });
    });
    this.#shown.delete(withTag(name));
  }

  /** What is known of the model that is called, asked for once. */
  async #modelOf(model: string, connection: Connection, signal: AbortSignal): Promise<ShownModel> {
    const name = withTag(model);
    const known = this.#shown.get(name);
    if (known) return known.model;
    const shown = await answerFrom(connection, signal, async (call) => {
      const client = await ollamaClient(connection, call, this.#errorLine);
      return client.show({ model });
    });
    return this.#remember(name, shownModel(name, shown, connection));
  }

  #remember(name: string, model: ShownModel, digest?: string): ShownModel {
    this.#shown.set(name, { model, ...(digest === undefined ? {} : { digest }) });
    return model;
  }

  readonly #errorLine: ErrorLine = (fault) => errorOfFault(this.name, fault);
}
