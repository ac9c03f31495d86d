import type { OpenAI } from 'openai';
import type { ChatEvent, FinishReason, TokenLogprob, Usage, Warning } from '../../core/chat.ts';
import { citationEvents } from './citations.ts';
import type { Connection } from '../connection.ts';
import { errorOfFault, faultOfData } from '../httpErrors.ts';
import { PassedOver } from '../passedOver.ts';
import type { Translator } from '../serviceStream.ts';

type Raw = OpenAI.Responses.ResponseStreamEvent;
type Response = OpenAI.Responses.Response;

/** Events from the stream of `/responses`. */
export class ResponsesEvents implements Translator<Raw> {
  readonly #service: string;
  readonly #model: string;
  readonly #warnings: readonly Warning[];
  /** The index of each tool call, by the id of its item. */
  readonly #toolCalls = new Map<string, number>();
  readonly #passedOver: PassedOver;
  #started = false;
  #thought = false;

  constructor(connection: Pick<Connection, 'name' | 'log'>, model: string, warnings: readonly Warning[]) {
    this.#service = connection.name;
    this.#model = model;
    this.#warnings = warnings;
    this.#passedOver = new PassedOver(connection);
  }

  take(raw: Raw): ChatEvent[] {
    const events: ChatEvent[] = [];
    if (!this.#started) {
      const response = 'response' in raw ? (raw.response as Partial<Response>) : undefined;
      this.#started = true;
      events.push({
        type: 'start',
        model: response?.model ?? this.#model,
        ...(response?.id ? { responseId: response.id } : {}),
        warnings: this.#warnings,
      });
    }
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- the service adds types as it likes
    switch (raw.type) {
      case 'response.output_text.delta':
        this.#text(raw.delta, raw.logprobs, events);
        break;
      case 'response.refusal.delta':
        this.#text(raw.delta, undefined, events);
        break;
      case 'response.output_text.annotation.added':
        events.push(...citationEvents([raw.annotation]));
        break;
      case 'response.reasoning_summary_part.added':
        if (this.#thought) events.push({ type: 'reasoning', text: '\n\n' });
        break;
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        if (raw.delta !== '') events.push({ type: 'reasoning', text: raw.delta });
        this.#thought = true;
        break;
      case 'response.output_item.added':
        if (raw.item.type === 'function_call') events.push(this.#toolCall(raw.item));
        break;
      case 'response.function_call_arguments.delta': {
        const index = this.#toolCalls.get(raw.item_id);
        if (index !== undefined && raw.delta !== '')
          events.push({ type: 'tool-call', index, arguments: raw.delta });
        break;
      }
      case 'response.completed':
      case 'response.incomplete':
        this.#finish(raw.response, events);
        break;
      case 'response.failed':
        throw this.#failure(raw.response);
      case 'error':
        throw this.#failure({ error: raw });
      default:
        this.#ignore(raw.type);
    }
    return events;
  }

  end(): ChatEvent[] {
    // The last event of this interface says that it is the last.
    return [];
  }

  #text(
    text: string,
    logprobs: readonly OpenAI.Responses.ResponseTextDeltaEvent.Logprob[] | undefined,
    events: ChatEvent[],
  ): void {
    if (logprobs && logprobs.length > 0)
      events.push({ type: 'text', text, logprobs: logprobs.map(logprobOf) });
    else if (text !== '') events.push({ type: 'text', text });
  }

  #toolCall(item: OpenAI.Responses.ResponseFunctionToolCall): ChatEvent {
    const index = this.#toolCalls.size;
    this.#toolCalls.set(item.id ?? item.call_id, index);
    return { type: 'tool-call', index, id: item.call_id, name: item.name, arguments: item.arguments };
  }

  #finish(response: Response, events: ChatEvent[]): void {
    const usage = response.usage as Response['usage'] | null;
    if (usage) events.push({ type: 'usage', usage: usageOf(usage) });
    const rawReason = response.incomplete_details?.reason ?? response.status ?? 'completed';
    events.push({ type: 'finish', reason: this.#reasonOf(rawReason), rawReason });
  }

  #reasonOf(rawReason: string): FinishReason {
    switch (rawReason) {
      case 'completed':
        return this.#toolCalls.size > 0 ? 'tool-calls' : 'stop';
      case 'max_output_tokens':
        return 'length';
      case 'content_filter':
        return 'content-filter';
      default:
        return 'other';
    }
  }

  #failure(holder: unknown): Error {
    return errorOfFault(this.#service, faultOfData(holder));
  }

  /** Most of the events repeat at an end what their deltas said; the rest belong to tools that are not used here. */
  #ignore(type: string): void {
    if (!repeating.has(type)) this.#passedOver.note(`an event of type "${type}"`);
  }
}

const repeating: ReadonlySet<string> = new Set([
  'response.created',
  'response.queued',
  'response.in_progress',
  'response.output_item.done',
  'response.content_part.added',
  'response.content_part.done',
  'response.output_text.done',
  'response.refusal.done',
  'response.reasoning_text.done',
  'response.reasoning_summary_text.done',
  'response.reasoning_summary_part.done',
  'response.function_call_arguments.done',
]);

/** Servers that speak this interface without being OpenAI leave the details out. */
function usageOf(usage: OpenAI.Responses.ResponseUsage): Usage {
  const input = usage.input_tokens_details as Partial<typeof usage.input_tokens_details> | undefined;
  const output = usage.output_tokens_details as Partial<typeof usage.output_tokens_details> | undefined;
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    ...(input?.cached_tokens === undefined ? {} : { cachedTokens: input.cached_tokens }),
    ...(input?.cache_write_tokens === undefined ? {} : { cacheWriteTokens: input.cache_write_tokens }),
    ...(output?.reasoning_tokens === undefined ? {} : { reasoningTokens: output.reasoning_tokens }),
  };
}

function logprobOf(token: OpenAI.Responses.ResponseTextDeltaEvent.Logprob): TokenLogprob {
  return {
    token: token.token,
    logprob: token.logprob,
    alternatives: (token.top_logprobs ?? []).flatMap(({ token, logprob }) =>
      token === undefined || logprob === undefined ? [] : [{ token, logprob }],
    ),
  };
}
