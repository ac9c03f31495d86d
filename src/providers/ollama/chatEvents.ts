import type { ChatResponse, Logprob } from 'ollama/browser';
import type {
  ChatEvent,
  FinishReason,
  TokenAlternative,
  TokenLogprob,
  Usage,
  Warning,
} from '../../core/chat.ts';
import type { Connection } from '../connection.ts';
import { PassedOver } from '../passedOver.ts';
import type { Translator } from '../serviceStream.ts';

/** What the server sends beyond the SDK's types: ids of tool calls, bytes of tokens, and less than they promise. */
export type ChatLine = Partial<Omit<ChatResponse, 'message'>> & {
  readonly message?: Partial<Omit<ChatResponse['message'], 'tool_calls'>> & {
    readonly tool_calls?: readonly SentCall[] | null;
  };
};

interface SentCall {
  readonly id?: string;
  readonly function: { readonly name?: string; readonly arguments?: unknown };
}

type SentToken = Logprob & { readonly bytes?: readonly number[] };

/** Events from the lines of `/api/chat`. Tool calls come whole, each in one line. */
export class ChatEvents implements Translator<ChatLine> {
  readonly #model: string;
  readonly #warnings: readonly Warning[];
  readonly #passedOver: PassedOver;
  #started = false;
  #calls = 0;

  /** @param model as asked for, where the server does not say what it served. */
  constructor(connection: Pick<Connection, 'name' | 'log'>, model: string, warnings: readonly Warning[]) {
    this.#passedOver = new PassedOver(connection);
    this.#model = model;
    this.#warnings = warnings;
  }

  take(line: ChatLine): ChatEvent[] {
    const events: ChatEvent[] = [];
    if (!this.#started) {
      this.#started = true;
      events.push({ type: 'start', model: line.model || this.#model, warnings: this.#warnings });
    }
    if (!line.message && line.done !== true)
      this.#passedOver.note(`a line of ${Object.keys(line).join(', ')}`);
    const { content = '', thinking = '', tool_calls: calls } = line.message ?? {};
    if (thinking) events.push({ type: 'reasoning', text: thinking });
    // The tokens of reasoning and of tool calls are reported like those of the text, and have no place in our events.
    const isText = content !== '' || (thinking === '' && !calls?.length);
    const logprobs = isText ? (line.logprobs?.map(logprobOf) ?? []) : [];
    if (logprobs.length > 0) events.push({ type: 'text', text: content, logprobs });
    else if (content !== '') events.push({ type: 'text', text: content });
    for (const call of calls ?? []) events.push(this.#toolCall(call));
    if (line.done === true) events.push(...this.#finish(line));
    return events;
  }

  /** The line that is `done` has said it all; without one the stream broke off. */
  end(): ChatEvent[] {
    return [];
  }

  #toolCall({ id, function: { name, arguments: args } }: SentCall): ChatEvent {
    const index = this.#calls++;
    return {
      type: 'tool-call',
      index,
      id: id || `call_${index}`,
      name: name || 'unnamed',
      arguments: JSON.stringify(args ?? {}),
    };
  }

  #finish(line: ChatLine): ChatEvent[] {
    const usage = usageOf(line);
    const rawReason = line.done_reason;
    const reason = finishReasons.get(rawReason || 'stop') ?? 'other';
    return [
      ...(usage ? [{ type: 'usage' as const, usage }] : []),
      {
        type: 'finish',
        reason: reason === 'stop' && this.#calls > 0 ? 'tool-calls' : reason,
        ...(rawReason ? { rawReason } : {}),
      },
    ];
  }
}

const finishReasons: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
]);

/** A count of 0 is left out, as of a prompt that is in the cache from end to end. */
function usageOf({ prompt_eval_count: input, eval_count: output }: ChatLine): Usage | undefined {
  if (input === undefined && output === undefined) return undefined;
  return { inputTokens: input ?? 0, outputTokens: output ?? 0 };
}

function logprobOf(token: SentToken): TokenLogprob {
  return { ...alternativeOf(token), alternatives: token.top_logprobs?.map(alternativeOf) ?? [] };
}

function alternativeOf({
  token,
  logprob,
  bytes,
}: Pick<SentToken, 'token' | 'logprob' | 'bytes'>): TokenAlternative {
  return { token, logprob, ...(bytes ? { bytes } : {}) };
}
