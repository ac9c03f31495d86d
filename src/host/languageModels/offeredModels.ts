import {
  type CancellationToken,
  type Event,
  LanguageModelChatMessageRole,
  type LanguageModelChatInformation,
  type LanguageModelChatProvider,
  type LanguageModelChatRequestMessage,
  LanguageModelDataPart,
  type LanguageModelResponsePart,
  LanguageModelTextPart,
  LanguageModelToolCallPart,
  LanguageModelToolResultPart,
  type Progress,
  type ProvideLanguageModelChatResponseOptions,
} from 'vscode';
import {
  argumentsOf,
  type ChatRequest,
  type Message,
  type Part,
  textOf,
  type ToolCallPart,
} from '../../core/chat.ts';
import { messageOf } from '../../core/errors.ts';
import { settingsOf } from '../../core/prompt/settings.ts';
import type { ModelLimits, Provider } from '../../core/provider.ts';
import { emptyOutput, foldRun } from '../../core/run/fold.ts';

/** The name under which the editor lists our models; it stands in `package.json` too. */
export const ownVendor = 'llm-playground';

interface OfferedModel extends LanguageModelChatInformation {
  readonly provider: Provider;
  readonly model: string;
}

export interface OfferedModelsSurroundings {
  /** The providers whose models are offered: those that can be called without asking the user for anything. */
  readonly providers: () => Promise<readonly Provider[]>;
  readonly onDidChange: Event<void>;
  /** How many tokens a text is for a `provider/model`, exact or nearly so. */
  readonly countTokens: (modelId: string, text: string) => Promise<number>;
  readonly log: (line: string) => void;
}

/** Our models in the editor's own model picker: the local runtime and every provider that is set up. */
export class OfferedModels implements LanguageModelChatProvider<OfferedModel> {
  readonly onDidChangeLanguageModelChatInformation: Event<void>;
  readonly #surroundings: OfferedModelsSurroundings;

  constructor(surroundings: OfferedModelsSurroundings) {
    this.#surroundings = surroundings;
    this.onDidChangeLanguageModelChatInformation = surroundings.onDidChange;
  }

  async provideLanguageModelChatInformation(
    _options: unknown,
    token: CancellationToken,
  ): Promise<OfferedModel[]> {
    const call = abortedBy(token);
    const providers = await this.#surroundings.providers();
    const lists = await Promise.all(
      providers.map(async (provider) => {
        const models = await provider.models(call).catch((error: unknown) => {
          this.#surroundings.log(`The models of ${provider.name} are not offered: ${messageOf(error)}`);
          return [];
        });
        return models.map(({ id, name, description, capabilities, ...limits }): OfferedModel => ({
          id: `${provider.id}/${id}`,
          name,
          family: id,
          version: '1',
          detail: provider.name,
          ...(description === undefined ? {} : { tooltip: description }),
          ...offeredLimits(limits),
          capabilities: { imageInput: capabilities.images, toolCalling: capabilities.tools },
          provider,
          model: id,
        }));
      }),
    );
    return lists.flat();
  }

  async provideLanguageModelChatResponse(
    { provider, model }: OfferedModel,
    messages: readonly LanguageModelChatRequestMessage[],
    options: ProvideLanguageModelChatResponseOptions,
    progress: Progress<LanguageModelResponsePart>,
    token: CancellationToken,
  ): Promise<void> {
    const { settings, providerOptions } = askedFor(options.modelOptions ?? {});
    const request: ChatRequest = {
      model,
      messages: messages.flatMap(messagesOf),
      settings,
      providerOptions,
      ...(options.tools && options.tools.length > 0
        ? {
            tools: options.tools.map(({ name, description, inputSchema }) => ({
              name,
              description,
              parameters: (inputSchema ?? { type: 'object', properties: {} }) as Record<string, unknown>,
            })),
          }
        : {}),
    };
    // The editor wants a tool call whole, so the pieces are folded first.
    let output = emptyOutput;
    for await (const event of provider.stream(request, abortedBy(token))) {
      if (event.type === 'text' && event.text !== '') progress.report(new LanguageModelTextPart(event.text));
      else if (event.type === 'tool-call') output = foldRun(output, event);
    }
    for (const call of output.toolCalls) {
      progress.report(new LanguageModelToolCallPart(call.id, call.name, argumentsOf(call)));
    }
  }

  async provideTokenCount(
    { id }: OfferedModel,
    text: string | LanguageModelChatRequestMessage,
  ): Promise<number> {
    const plain = typeof text === 'string' ? text : messagesOf(text).map(textOf).join('\n');
    return this.#surroundings.countTokens(id, plain);
  }
}

/**
 * The editor wants both limits, and fills a model's input up to its own. A window holds the answer too, so its longest is
 * kept free, unless that would be most of the window. Where nothing is known, it is what nearly every model has.
 */
function offeredLimits({
  contextWindow = 8192,
  maxOutputTokens = contextWindow,
}: ModelLimits): Pick<OfferedModel, 'maxInputTokens' | 'maxOutputTokens'> {
  const reserved = maxOutputTokens <= contextWindow / 2 ? maxOutputTokens : 0;
  return { maxInputTokens: contextWindow - reserved, maxOutputTokens };
}

/** The options that are settings of ours, by any of their names; the others go to the service as they are. */
function askedFor(
  options: Readonly<Record<string, unknown>>,
): Required<Pick<ChatRequest, 'settings' | 'providerOptions'>> {
  const { settings, warnings } = settingsOf(options);
  return {
    settings,
    providerOptions: Object.fromEntries(warnings.map(({ subject }) => [subject, options[subject]])),
  };
}

/** A message of the editor; the results of tools in it become a message of their own, as our vocabulary has it. */
function messagesOf({ role, content }: LanguageModelChatRequestMessage): Message[] {
  const parts = content.flatMap(partOf);
  const results = parts.filter(({ type }) => type === 'tool-result');
  const spoken = parts.filter(({ type }) => type !== 'tool-result');
  return [
    ...(results.length > 0 ? [{ role: 'tool' as const, content: results }] : []),
    ...(spoken.length > 0 ? [{ role: roleOf(role), content: spoken }] : []),
  ];
}

/** The editor's own features send their instructions under a third role, which its types do not name. */
function roleOf(role: number): Message['role'] {
  if (role === LanguageModelChatMessageRole.Assistant.valueOf()) return 'assistant';
  return role === LanguageModelChatMessageRole.User.valueOf() ? 'user' : 'system';
}

function partOf(part: unknown): Part[] {
  if (part instanceof LanguageModelTextPart) return [{ type: 'text', text: part.value }];
  if (part instanceof LanguageModelToolCallPart) {
    const call: ToolCallPart = {
      type: 'tool-call',
      id: part.callId,
      name: part.name,
      arguments: JSON.stringify(part.input),
    };
    return [call];
  }
  if (part instanceof LanguageModelToolResultPart) {
    const result = part.content
      .map((each) => (each instanceof LanguageModelTextPart ? each.value : ''))
      .join('');
    return [{ type: 'tool-result', callId: part.callId, result }];
  }
  if (part instanceof LanguageModelDataPart && part.mimeType.startsWith('image/')) {
    const base64 = Buffer.from(part.data).toString('base64');
    return [{ type: 'image', url: `data:${part.mimeType};base64,${base64}`, mediaType: part.mimeType }];
  }
  return [];
}

function abortedBy(token: CancellationToken): AbortSignal {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}
