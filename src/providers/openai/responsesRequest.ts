import type { OpenAI } from 'openai';
import type { ChatRequest, Message, Part } from '../../core/chat.ts';
import { isStrictSchema } from './strictSchema.ts';

type Body = OpenAI.Responses.ResponseCreateParamsStreaming;
type Item = OpenAI.Responses.ResponseInputItem;

/** The body of a streaming request to `/responses` (OpenAI's API reference, read 2026-11-24). Nothing is kept there. */
export function responsesBodyOf(request: ChatRequest): Body {
  const { model, messages, settings, tools, responseFormat, providerOptions } = request;
  const { temperature, topP, maxOutputTokens, reasoningEffort, logprobs } = settings;
  return {
    model,
    input: messages.flatMap(itemsOf),
    stream: true,
    store: false,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(maxOutputTokens === undefined ? {} : { max_output_tokens: maxOutputTokens }),
    ...(reasoningEffort === undefined ? {} : { reasoning: { effort: reasoningEffort } }),
    ...(logprobs === undefined
      ? {}
      : { include: ['message.output_text.logprobs' as const], top_logprobs: logprobs }),
    ...(tools === undefined
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            type: 'function' as const,
            name,
            ...(description === undefined ? {} : { description }),
            parameters: { ...parameters },
            strict: false,
          })),
        }),
    ...(responseFormat ? { text: { format: formatOf(responseFormat) } } : {}),
    ...providerOptions,
  };
}

function formatOf(
  format: NonNullable<ChatRequest['responseFormat']>,
): OpenAI.Responses.ResponseFormatTextConfig {
  if (format.type === 'json') return { type: 'json_object' };
  // Left out beforehand: no model here is said to take a grammar.
  if (format.type === 'gbnf') return { type: 'text' };
  const { name, schema } = format;
  return { type: 'json_schema', name, schema: { ...schema }, strict: isStrictSchema(schema) };
}

/** A message, and beside it the calls and results that are items of their own here. */
function itemsOf({ role, content }: Message): Item[] {
  const spoken = content.flatMap((part) => spokenPart(part, role === 'assistant'));
  const others = content.flatMap((part): Item[] => {
    if (part.type === 'tool-call')
      return [{ type: 'function_call', call_id: part.id, name: part.name, arguments: part.arguments }];
    if (part.type === 'tool-result')
      return [{ type: 'function_call_output', call_id: part.callId, output: part.result }];
    return [];
  });
  if (spoken.length === 0 || role === 'tool') return others;
  return [{ type: 'message', role, content: spoken } as Item, ...others];
}

function spokenPart(part: Part, byAssistant: boolean): object[] {
  if (part.type === 'text') return [{ type: byAssistant ? 'output_text' : 'input_text', text: part.text }];
  if (part.type === 'image') return [{ type: 'input_image', image_url: part.url, detail: 'auto' }];
  return [];
}
