import type { Anthropic } from '@anthropic-ai/sdk';
import {
  argumentsOf,
  type ChatRequest,
  type GenerationSettings,
  type Message,
  type Part,
  textOf,
  type Warning,
} from '../../core/chat.ts';
import { familyOf } from './models.ts';

type Body = Anthropic.MessageCreateParamsStreaming;

/** The body of a streaming request to `/v1/messages` (Anthropic's API reference, read 2026-11-24). */
export function messagesBodyOf(request: ChatRequest): Body {
  const { model, messages, settings, tools, responseFormat, providerOptions } = request;
  const system = messages
    .filter(({ role }) => role === 'system')
    .map(textOf)
    .join('\n\n');
  const { thinking, maxTokens, effort } = reasoningOf(model, settings);
  const format =
    responseFormat?.type === 'json-schema'
      ? { type: 'json_schema' as const, schema: { ...responseFormat.schema } }
      : undefined;
  return {
    model,
    max_tokens: maxTokens,
    messages: messages.filter(({ role }) => role !== 'system').map(sentMessage),
    stream: true,
    ...(system === '' ? {} : { system }),
    ...(settings.temperature === undefined ? {} : { temperature: settings.temperature }),
    ...(settings.topP === undefined ? {} : { top_p: settings.topP }),
    ...(settings.topK === undefined ? {} : { top_k: settings.topK }),
    ...(settings.stop === undefined ? {} : { stop_sequences: [...settings.stop] }),
    ...(thinking ? { thinking } : {}),
    ...(effort || format
      ? { output_config: { ...(effort ? { effort } : {}), ...(format ? { format } : {}) } }
      : {}),
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            name,
            ...(description === undefined ? {} : { description }),
            input_schema: { type: 'object' as const, ...parameters },
          })),
        }),
    ...providerOptions,
  };
}

/** Takes out a wish for JSON without a schema, which this API does not have. */
export function withoutBareJson(taken: {
  readonly request: ChatRequest;
  readonly warnings: readonly Warning[];
}): { readonly request: ChatRequest; readonly warnings: readonly Warning[] } {
  const { responseFormat, ...request } = taken.request;
  if (responseFormat?.type !== 'json') return taken;
  const message = `${request.model} takes JSON only with a schema; give "output.schema", or ask for JSON in the prompt.`;
  return { request, warnings: [...taken.warnings, { subject: 'responseFormat', message }] };
}

/** Takes out what this API refuses of a request that thinks: any temperature but 1, top-k, and a top-p below 0.95. */
export function withoutSamplersOfThinking(taken: {
  readonly request: ChatRequest;
  readonly warnings: readonly Warning[];
}): { readonly request: ChatRequest; readonly warnings: readonly Warning[] } {
  const { model, settings } = taken.request;
  const { reasoningEffort, temperature, topK, topP, ...others } = settings;
  if (reasoningEffort === undefined || reasoningEffort === 'none') return taken;
  const isKept = {
    temperature: temperature === undefined || temperature === 1,
    topK: topK === undefined,
    topP: topP === undefined || topP >= 0.95,
  };
  const refused = Object.entries(isKept).flatMap(([subject, kept]) => (kept ? [] : [subject]));
  if (refused.length === 0) return taken;
  return {
    request: {
      ...taken.request,
      settings: {
        ...others,
        reasoningEffort,
        ...(isKept.temperature && temperature !== undefined ? { temperature } : {}),
        ...(isKept.topP && topP !== undefined ? { topP } : {}),
      },
    },
    warnings: [
      ...taken.warnings,
      ...refused.map((subject) => ({
        subject,
        message: `${model} takes no ${samplerNames[subject] ?? subject} while it reasons; it was left out.`,
      })),
    ],
  };
}

const samplerNames: Readonly<Record<string, string>> = {
  temperature: 'temperature but 1',
  topK: 'top-k',
  topP: 'top-p below 0.95',
};

/** Tokens to reason with, where a model takes a budget instead of an effort. */
const budgets = { low: 2048, medium: 8192, high: 16_384 } as const;

/** How a reasoning effort is asked for. A budget is part of the output, so it is added to the limit of the answer. */
function reasoningOf(
  model: string,
  { reasoningEffort: effort, maxOutputTokens }: GenerationSettings,
): {
  readonly maxTokens: number;
  readonly thinking?: Anthropic.ThinkingConfigParam;
  readonly effort?: 'low' | 'medium' | 'high';
} {
  const family = familyOf(model);
  const maxTokens = maxOutputTokens ?? family.defaultMaxTokens;
  if (effort === undefined) return { maxTokens };
  if (effort === 'none') return { maxTokens, thinking: { type: 'disabled' } };
  if (family.thinking === 'adaptive')
    return { maxTokens, effort, thinking: { type: 'adaptive', display: 'summarized' } };
  const budget = Math.max(1024, Math.min(budgets[effort], maxTokens - 1));
  return {
    maxTokens: Math.max(maxTokens, budget + 1),
    thinking: { type: 'enabled', budget_tokens: budget },
  };
}

function sentMessage({ role, content }: Message): Anthropic.MessageParam {
  return { role: role === 'assistant' ? 'assistant' : 'user', content: content.flatMap(blockOf) };
}

function blockOf(part: Part): Anthropic.ContentBlockParam[] {
  switch (part.type) {
    case 'text':
      // The API refuses an empty block.
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'image':
      return [{ type: 'image', source: imageSource(part.url, part.mediaType) }];
    case 'tool-call':
      return [{ type: 'tool_use', id: part.id, name: part.name, input: argumentsOf(part) }];
    case 'tool-result':
      return [
        {
          type: 'tool_result',
          tool_use_id: part.callId,
          content: part.result,
          ...(part.isError ? { is_error: true } : {}),
        },
      ];
    default:
      return part satisfies never;
  }
}

function imageSource(
  url: string,
  mediaType: string | undefined,
): Anthropic.Base64ImageSource | Anthropic.URLImageSource {
  const data = /^data:([^;,]*)(?:;[^,]*)?,(.*)$/s.exec(url);
  if (!data) return { type: 'url', url };
  const [, type = '', base64 = ''] = data;
  return {
    type: 'base64',
    media_type: (mediaType ?? type) as Anthropic.Base64ImageSource['media_type'],
    data: base64,
  };
}
