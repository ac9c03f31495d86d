import {
  CancellationTokenSource,
  type LanguageModelChat,
  LanguageModelChatMessage,
  LanguageModelDataPart,
  LanguageModelError,
  LanguageModelTextPart,
  LanguageModelToolCallPart,
  LanguageModelToolResultPart,
  lm,
} from 'vscode';
import {
  argumentsOf,
  type ChatEvent,
  type ChatRequest,
  type Message,
  type Part,
  textOf,
} from '../../core/chat.ts';
import { cancelledError, LlmError, messageOf } from '../../core/errors.ts';
import type { ModelCapabilities, ModelInfo, Provider } from '../../core/provider.ts';
import { takenBy } from '../../core/taken.ts';

/** The word before the slash in the ids of the editor's models. */
export const editorModelsId = 'vscode';

/**
 * The models that VS Code itself offers, such as Copilot's, as a provider. A model is named `vscode/vendor/id`. Its first
 * call asks the user for leave, which only the editor can do.
 */
export class EditorModels implements Provider {
  readonly id = editorModelsId;
  readonly name = 'VS Code';
  readonly #ownVendor: string;

  /** @param ownVendor under which this extension offers models to the editor; they are left out here. */
  constructor(ownVendor: string) {
    this.#ownVendor = ownVendor;
  }

  async models(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    if (signal.aborted) throw cancelledError();
    const models = await Promise.race([this.#all(), cancelled(signal)]);
    return models.map((model) => ({
      id: `${model.vendor}/${model.id}`,
      name: model.name,
      contextWindow: model.maxInputTokens,
      capabilities,
    }));
  }

  async *stream(asked: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    if (signal.aborted) throw cancelledError();
    const model = (await this.#all()).find(({ vendor, id }) => `${vendor}/${id}` === asked.model);
    if (!model) {
      throw new LlmError(
        'bad-request',
        `VS Code offers no model "${asked.model}". Choose one in the model picker; some appear only after signing in.`,
      );
    }
    const { request, warnings } = takenBy(asked, capabilities, asked.model);
    const cancel = new CancellationTokenSource();
    const stop = (): void => cancel.cancel();
    signal.addEventListener('abort', stop, { once: true });
    try {
      yield* this.#answer(model, request, warnings, cancel, signal);
    } catch (error) {
      throw errorOf(error, signal);
    } finally {
      signal.removeEventListener('abort', stop);
      cancel.cancel();
      cancel.dispose();
    }
  }

  async *#answer(
    model: LanguageModelChat,
    request: ChatRequest,
    warnings: Extract<ChatEvent, { type: 'start' }>['warnings'],
    { token }: CancellationTokenSource,
    signal: AbortSignal,
  ): AsyncGenerator<ChatEvent> {
    const messages = request.messages.map(sentMessage);
    const response = await model.sendRequest(
      messages,
      {
        justification: 'To run the prompt that you run in LLM Playground.',
        modelOptions: { ...request.providerOptions },
        tools: (request.tools ?? []).map(({ name, description = '', parameters }) => ({
          name,
          description,
          inputSchema: parameters,
        })),
      },
      token,
    );
    yield { type: 'start', model: model.id, warnings };
    let text = '';
    let calls = 0;
    for await (const part of response.stream) {
      if (signal.aborted) throw cancelledError();
      if (part instanceof LanguageModelTextPart && part.value !== '') {
        text += part.value;
        yield { type: 'text', text: part.value };
      } else if (part instanceof LanguageModelToolCallPart) {
        const { callId, name, input } = part;
        yield { type: 'tool-call', index: calls++, id: callId, name, arguments: JSON.stringify(input) };
      }
    }
    if (signal.aborted) throw cancelledError();
    // The editor reports no usage; the model's own counter tells what it would be.
    const counts = await Promise.all([...messages, text].map((each) => model.countTokens(each, token)));
    const outputTokens = counts.pop() ?? 0;
    const inputTokens = counts.reduce((sum, count) => sum + count, 0);
    yield { type: 'usage', usage: { inputTokens, outputTokens } };
    yield { type: 'finish', reason: calls > 0 ? 'tool-calls' : 'stop' };
  }

  async #all(): Promise<readonly LanguageModelChat[]> {
    const models = await lm.selectChatModels();
    return models.filter(({ vendor }) => vendor !== this.#ownVendor);
  }
}

/** Rejects when the signal aborts; the editor's own call cannot be cancelled. */
function cancelled(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(cancelledError()), { once: true }),
  );
}

function sentMessage(message: Message): LanguageModelChatMessage {
  const { role, content } = message;
  switch (role) {
    // The editor's interface has no system messages; a user's message says the same.
    case 'system':
      return LanguageModelChatMessage.User(textOf(message));
    case 'user':
    case 'tool':
      return LanguageModelChatMessage.User(content.flatMap(userPart));
    case 'assistant':
      return LanguageModelChatMessage.Assistant(
        content.flatMap((part): (LanguageModelTextPart | LanguageModelToolCallPart)[] => {
          if (part.type === 'text') return [new LanguageModelTextPart(part.text)];
          if (part.type === 'tool-call')
            return [new LanguageModelToolCallPart(part.id, part.name, argumentsOf(part))];
          return [];
        }),
      );
    default:
      return role satisfies never;
  }
}

function userPart(
  part: Part,
): (LanguageModelTextPart | LanguageModelToolResultPart | LanguageModelDataPart)[] {
  if (part.type === 'text') return [new LanguageModelTextPart(part.text)];
  if (part.type === 'tool-result')
    return [new LanguageModelToolResultPart(part.callId, [new LanguageModelTextPart(part.result)])];
  const data = part.type === 'image' ? /^data:([^;,]+);base64,(.*)$/s.exec(part.url) : null;
  if (!data) return [];
  const [, mediaType = '', base64 = ''] = data;
  return [LanguageModelDataPart.image(Buffer.from(base64, 'base64'), mediaType)];
}

function errorOf(thrown: unknown, { aborted }: AbortSignal): LlmError {
  if (aborted) return cancelledError();
  if (thrown instanceof LlmError) return thrown;
  const said = messageOf(thrown);
  if (thrown instanceof LanguageModelError) {
    switch (thrown.code) {
      case 'NoPermissions':
        return new LlmError(
          'auth',
          `VS Code did not allow the call (${said}). Allow it when it asks, and run again.`,
          {
            cause: thrown,
          },
        );
      case 'Blocked':
        return new LlmError(
          'rate-limit',
          `VS Code blocked the call (${said}). Wait, or look at the plan's quota.`,
          {
            retryable: false,
            cause: thrown,
          },
        );
      case 'NotFound':
        return new LlmError(
          'bad-request',
          `VS Code no longer offers the model (${said}). Choose another one.`,
          {
            cause: thrown,
          },
        );
    }
  }
  return new LlmError('provider', `VS Code's model failed: ${said}. Run again, or choose another model.`, {
    cause: thrown,
  });
}

/** What the editor passes on; its interface has no sampler settings. */
const capabilities: ModelCapabilities = {
  logprobs: false,
  tools: true,
  images: true,
  reasoning: false,
  reasoningEffort: false,
  jsonSchema: false,
  temperature: false,
  topP: false,
  topK: false,
  minP: false,
  seed: false,
  penalties: false,
  repeatPenalty: false,
  xtc: false,
  dry: false,
  gbnf: false,
  stop: false,
  logitBias: false,
  contextSize: false,
  keepAlive: false,
};
