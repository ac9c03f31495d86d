import type { OpenAI } from 'openai';
import type { ChatEvent, FinishReason, TokenLogprob, Usage, Warning } from '../../core/chat.ts';
import { citationEvents } from './citations.ts';
import type { Connection } from '../connection.ts';
import { PassedOver } from '../passedOver.ts';
import type { Translator } from '../serviceStream.ts';

type Chunk = OpenAI.ChatCompletionChunk;
/** In the answer of a server that does not stream, the message is all there is. */
type Choice = Partial<Chunk['choices'][number]> & { readonly message?: Chunk['choices'][number]['delta'] };
type Finish = Extract<ChatEvent, { type: 'finish' }>;

/** What services add to a delta. Reasoning: DeepSeek, vLLM and llama-server the first, OpenRouter and Groq the second. */
interface OtherDelta {
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  /** OpenAI's search models and OpenRouter. */
  readonly annotations?: readonly unknown[];
}

/**
 * Events from the chunks of `/chat/completions`. The reason to finish comes before the usage, and the usage may never
 * come, so `finish` waits for either the usage or the end of the stream.
 */
export class ChatEvents implements Translator<Chunk> {
  readonly #model: string;
  readonly #warnings: readonly Warning[];
  readonly #toolCalls = new Set<number>();
  readonly #passedOver: PassedOver;
  #started = false;
  #finish: Finish | undefined;

  /** @param model as asked for, where the service does not say what it served. */
  constructor(connection: Pick<Connection, 'name' | 'log'>, model: string, warnings: readonly Warning[]) {
    this.#passedOver = new PassedOver(connection);
    this.#model = model;
    this.#warnings = warnings;
  }

  take(chunk: Chunk): ChatEvent[] {
    const events: ChatEvent[] = [];
    if (!this.#started) {
      this.#started = true;
      events.push({
        type: 'start',
        model: chunk.model || this.#model,
        ...(chunk.id ? { responseId: chunk.id } : {}),
        warnings: [
          ...this.#warnings,
          ...((chunk.object as string) === 'chat.completion' ? [notStreamed] : []),
        ],
      });
    }
    // Some servers leave the list out of the chunk that holds the usage.
    const choices = chunk.choices as Chunk['choices'] | undefined;
    const choice = choices?.[0];
    if (choice) this.#takeChoice(choice, events);
    else if (!choices && !chunk.usage) this.#passedOver.note(`a chunk of type "${chunk.object}"`);
    if (chunk.usage) {
      events.push({ type: 'usage', usage: usageOf(chunk.usage) });
      if (this.#finish) events.push(this.#finish);
    }
    return events;
  }

  end(): ChatEvent[] {
    return this.#finish ? [this.#finish] : [];
  }

  #takeChoice(choice: Choice, events: ChatEvent[]): void {
    const { finish_reason: reason, logprobs } = choice;
    // Some servers end with a choice that has no delta.
    const delta = choice.delta ?? choice.message;
    if (delta) {
      const { reasoning_content, reasoning, annotations } = delta as OtherDelta;
      const thought = reasoning_content ?? reasoning;
      if (thought) events.push({ type: 'reasoning', text: thought });
      const tokens = logprobs?.content ?? logprobs?.refusal;
      const text = delta.content ?? delta.refusal ?? '';
      if (tokens && tokens.length > 0) events.push({ type: 'text', text, logprobs: tokens.map(logprobOf) });
      else if (text !== '') events.push({ type: 'text', text });
      if (annotations) events.push(...citationEvents(annotations));
      delta.tool_calls?.forEach((call, position) => events.push(this.#toolCall(call, position)));
    }
    if (reason) {
      this.#finish = { type: 'finish', reason: this.#reasonOf(reason), rawReason: reason };
    }
  }

  #toolCall(
    call: NonNullable<Chunk['choices'][number]['delta']['tool_calls']>[number],
    position: number,
  ): ChatEvent {
    // Gemini's compatible endpoint sends whole calls without an index.
    const index = (call.index as number | undefined) ?? position;
    const args = call.function?.arguments ?? '';
    if (this.#toolCalls.has(index)) return { type: 'tool-call', index, arguments: args };
    this.#toolCalls.add(index);
    return {
      type: 'tool-call',
      index,
      id: call.id || `call_${index}`,
      name: call.function?.name || 'unnamed',
      arguments: args,
    };
  }

  #reasonOf(reason: string): FinishReason {
    // Some servers say `stop` where they stopped to call a tool.
    if (reason === 'stop' && this.#toolCalls.size > 0) return 'tool-calls';
    return finishReasons.get(reason) ?? 'other';
  }
}

const notStreamed: Warning = {
  subject: 'stream',
  message: 'The server does not stream: it sent the whole answer at once, so no speed can be told.',
};

const finishReasons: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['content_filter', 'content-filter'],
]);

/** DeepSeek reports its cache in a field of its own. */
interface OtherUsage {
  readonly prompt_cache_hit_tokens?: number;
}

function usageOf(usage: OpenAI.CompletionUsage & OtherUsage): Usage {
  const cached = usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens;
  const reasoning = usage.completion_tokens_details?.reasoning_tokens;
  return {
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    ...(cached === undefined ? {} : { cachedTokens: cached }),
    ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
  };
}

function logprobOf(token: OpenAI.ChatCompletionTokenLogprob): TokenLogprob {
  return {
    ...alternativeOf(token),
    alternatives: (token.top_logprobs as typeof token.top_logprobs | undefined)?.map(alternativeOf) ?? [],
  };
}

function alternativeOf({
  token,
  logprob,
  bytes,
}: OpenAI.ChatCompletionTokenLogprob.TopLogprob): Omit<TokenLogprob, 'alternatives'> {
  return { token, logprob, ...(bytes ? { bytes } : {}) };
}
