import type { OpenAI } from 'openai';
import {
  type ChatRequest,
  type Message,
  type Part,
  textOf,
  type ToolCallPart,
  type ToolResultPart,
} from '../../core/chat.ts';
import { isStrictSchema } from './strictSchema.ts';

type Body = OpenAI.ChatCompletionCreateParamsStreaming;
type Sent = OpenAI.ChatCompletionMessageParam;

/** In which of the two fields a service reads the limit of the output. OpenAI's reasoning models refuse the older one. */
export type MaxTokensField = 'max_completion_tokens' | 'max_tokens';

/**
 * The body of a streaming request to `/chat/completions` (OpenAI's API reference, read 2026-11-24). `top_k`, `min_p`
 * and `repetition_penalty` are vLLM's and OpenRouter's additions, `repeat_penalty` llama-server's and LM Studio's.
 */
export function chatBodyOf(request: ChatRequest, maxTokensField: MaxTokensField): Body {
  const { model, messages, settings, tools, responseFormat, providerOptions } = request;
  const { stop, logprobs, repeatPenalty, maxOutputTokens } = settings;
  return {
    model,
    messages: messages.flatMap(sentMessages),
    stream: true,
    stream_options: { include_usage: true },
    ...defined({
      temperature: settings.temperature,
      top_p: settings.topP,
      top_k: settings.topK,
      min_p: settings.minP,
      [maxTokensField]: maxOutputTokens,
      stop: stop && [...stop],
      seed: settings.seed,
      frequency_penalty: settings.frequencyPenalty,
      presence_penalty: settings.presencePenalty,
      repetition_penalty: repeatPenalty,
      repeat_penalty: repeatPenalty,
      reasoning_effort: settings.reasoningEffort,
      logit_bias: settings.logitBias,
      logprobs: logprobs === undefined ? undefined : true,
      top_logprobs: logprobs === undefined ? undefined : logprobs,
      tools: tools?.map(({ name, description, parameters }) => ({
        type: 'function',
        function: { name, description, parameters },
      })),
      response_format: responseFormat && formatOf(responseFormat),
    }),
    ...providerOptions,
  };
}

function formatOf(format: NonNullable<ChatRequest['responseFormat']>): Body['response_format'] {
  if (format.type === 'json') return { type: 'json_object' };
  // Left out beforehand: no model here is said to take a grammar.
  if (format.type === 'gbnf') return { type: 'text' };
  const { name, schema } = format;
  return {
    type: 'json_schema',
    json_schema: { name, schema: { ...schema }, strict: isStrictSchema(schema) },
  };
}

/** A message, or one message for each tool result in it, which is how this API wants them. */
function sentMessages(message: Message): Sent[] {
  const { role, content } = message;
  switch (role) {
    case 'system':
      return [{ role, content: textOf(message) }];
    case 'user':
      return [{ role, content: userContent(message) }];
    case 'assistant': {
      const calls = content.filter(isToolCall);
      const text = textOf(message);
      return [
        {
          role,
          content: text === '' && calls.length > 0 ? null : text,
          ...(calls.length > 0 ? { tool_calls: calls.map(sentCall) } : {}),
        },
      ];
    }
    case 'tool':
      return content
        .filter(isToolResult)
        .map(({ callId, result }) => ({ role, tool_call_id: callId, content: result }));
    default:
      return role satisfies never;
  }
}

/** Plain text where there is nothing else: many servers' templates take only that. */
function userContent(message: Message): string | OpenAI.ChatCompletionContentPart[] {
  const { content } = message;
  if (content.every(({ type }) => type === 'text')) return textOf(message);
  return content.flatMap((part): OpenAI.ChatCompletionContentPart[] => {
    if (part.type === 'text') return [{ type: 'text', text: part.text }];
    if (part.type === 'image') return [{ type: 'image_url', image_url: { url: part.url } }];
    return [];
  });
}

function sentCall({ id, name, arguments: json }: ToolCallPart): OpenAI.ChatCompletionMessageToolCall {
  return { id, type: 'function', function: { name, arguments: json } };
}

function isToolCall(part: Part): part is ToolCallPart {
  return part.type === 'tool-call';
}

function isToolResult(part: Part): part is ToolResultPart {
  return part.type === 'tool-result';
}

/** The record without its undefined values, so that nothing stands in the body that was not asked for. */
function defined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
