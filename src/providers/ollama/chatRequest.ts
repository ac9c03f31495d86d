import type { ChatRequest as Body } from 'ollama/browser';
import {
  argumentsOf,
  type ChatRequest,
  type GenerationSettings,
  type Message,
  type Part,
  textOf,
  type ToolCallPart,
  type Warning,
} from '../../core/chat.ts';
import { LlmError } from '../../core/errors.ts';
import { inlineData } from '../dataUrl.ts';

/** The body of a streaming request; the SDK hands on what its own type does not name. */
export type ChatBody = Body & {
  readonly stream: true;
  readonly truncate: boolean;
  readonly shift: boolean;
};

/** What the model can say of itself, as far as the request depends on it. */
export interface ModelTraits {
  /** Whether it takes an effort by name; others are only told whether to reason, and refuse a name. */
  readonly namedEffort: boolean;
}

/**
 * The body of a streaming request to `/api/chat` (Ollama's `docs/api.md` and `api/types.go`, read 2026-11-24).
 *
 * Without `truncate` and `shift` the server would cut the oldest messages out of a prompt that is too long, and forget
 * the beginning of an answer that is, and say so to nobody.
 */
export function chatBodyOf(request: ChatRequest, { namedEffort }: ModelTraits): ChatBody {
  const { model, messages, settings, tools, responseFormat, providerOptions } = request;
  const { logprobs, keepAlive, reasoningEffort: effort } = settings;
  const { options: ownOptions, ...own } = providerOptions ?? {};
  const options = { ...optionsOf(settings), ...(ownOptions as object | undefined) };
  return {
    model,
    messages: sentMessages(messages),
    stream: true,
    truncate: false,
    shift: false,
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(effort === undefined ? {} : { think: effort !== 'none' && (namedEffort ? effort : true) }),
    ...(keepAlive === undefined ? {} : { keep_alive: durationOf(keepAlive) }),
    ...(logprobs === undefined ? {} : { logprobs: true, top_logprobs: logprobs }),
    ...(responseFormat === undefined || responseFormat.type === 'gbnf'
      ? {}
      : { format: responseFormat.type === 'json' ? 'json' : { ...responseFormat.schema } }),
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            type: 'function',
            function: { name, ...(description === undefined ? {} : { description }), parameters },
          })),
        }),
    ...own,
  };
}

/** Takes out images that are not in the request itself, because this server fetches none. */
export function withInlineImages(taken: {
  readonly request: ChatRequest;
  readonly warnings: readonly Warning[];
}): { readonly request: ChatRequest; readonly warnings: readonly Warning[] } {
  const isLinked = (part: Part): boolean => part.type === 'image' && !inlineData(part.url);
  const { request } = taken;
  if (!request.messages.some(({ content }) => content.some(isLinked))) return taken;
  const message = `Ollama does not fetch images; the ones that are not base64 were left out.`;
  return {
    request: {
      ...request,
      messages: request.messages.map((each) => {
        const content = each.content.filter((part) => !isLinked(part));
        if (content.length > 0) return { ...each, content };
        throw new LlmError(
          'bad-request',
          'Ollama does not fetch images, and a message holds nothing else. Attach the image itself, or add text.',
        );
      }),
    },
    warnings: [...taken.warnings, { subject: 'images', message }],
  };
}

/** The warning for an effort that the model takes only as a yes. */
export function withoutNamedEffort(
  { settings, model }: ChatRequest,
  { namedEffort }: ModelTraits,
): readonly Warning[] {
  const { reasoningEffort: effort } = settings;
  if (namedEffort || effort === undefined || effort === 'none') return [];
  const message = `${model} is only told whether to reason, not how much; it was told to.`;
  return [{ subject: 'reasoningEffort', message }];
}

function optionsOf(settings: GenerationSettings): Record<string, unknown> {
  const options = {
    temperature: settings.temperature,
    top_p: settings.topP,
    top_k: settings.topK,
    min_p: settings.minP,
    num_predict: settings.maxOutputTokens,
    stop: settings.stop,
    seed: settings.seed,
    frequency_penalty: settings.frequencyPenalty,
    presence_penalty: settings.presencePenalty,
    repeat_penalty: settings.repeatPenalty,
    num_ctx: settings.contextSize,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** A bare number is refused as a text: `-1` has no unit. */
function durationOf(keepAlive: string): string | number {
  return /^-?\d+$/.test(keepAlive) ? Number(keepAlive) : keepAlive;
}

interface SentCall {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: Record<string, unknown> };
}

interface SentMessage {
  readonly role: string;
  readonly content: string;
  readonly images?: string[];
  readonly tool_calls?: SentCall[];
  readonly tool_name?: string;
  readonly tool_call_id?: string;
}

/** The messages, with one message for each tool result, under the name of the tool that the nearest call before asked. */
function sentMessages(messages: readonly Message[]): SentMessage[] {
  const toolNames = new Map<string, string>();
  return messages.flatMap((message): SentMessage[] => {
    const { role, content } = message;
    switch (role) {
      case 'system':
        return [{ role, content: textOf(message) }];
      case 'user': {
        const images = content.flatMap((part) =>
          part.type === 'image' ? (inlineData(part.url)?.base64 ?? []) : [],
        );
        return [{ role, content: textOf(message), ...(images.length > 0 ? { images } : {}) }];
      }
      case 'assistant': {
        const calls = content.filter((part): part is ToolCallPart => part.type === 'tool-call');
        for (const { id, name } of calls) toolNames.set(id, name);
        return [
          {
            role,
            content: textOf(message),
            ...(calls.length > 0 ? { tool_calls: calls.map(sentCall) } : {}),
          },
        ];
      }
      case 'tool':
        return content.flatMap((part) => {
          if (part.type !== 'tool-result') return [];
          const name = toolNames.get(part.callId);
          return [
            {
              role,
              content: part.result,
              ...(name === undefined ? {} : { tool_name: name }),
              tool_call_id: part.callId,
            },
          ];
        });
      default:
        return role satisfies never;
    }
  });
}

function sentCall(call: ToolCallPart): SentCall {
  return { id: call.id, function: { name: call.name, arguments: { ...argumentsOf(call) } } };
}
