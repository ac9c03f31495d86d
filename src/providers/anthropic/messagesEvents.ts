import type { Anthropic } from '@anthropic-ai/sdk';
import type { ChatEvent, Citation, FinishReason, Usage, Warning } from '../../core/chat.ts';
import type { Connection } from '../connection.ts';
import { errorOfFault, faultOfData } from '../httpErrors.ts';
import { PassedOver } from '../passedOver.ts';
import type { Translator } from '../serviceStream.ts';

type Raw = Anthropic.RawMessageStreamEvent;
type Counted = Partial<Anthropic.Usage> & Partial<Anthropic.MessageDeltaUsage>;

/** A tool call while its arguments come; `index` counts calls, where the service counts all blocks. */
interface OpenCall {
  readonly index: number;
  hasArguments: boolean;
}

/** Events from the stream of `/v1/messages`. */
export class MessagesEvents implements Translator<Raw> {
  readonly #service: string;
  readonly #model: string;
  readonly #warnings: readonly Warning[];
  readonly #calls = new Map<number, OpenCall>();
  readonly #passedOver: PassedOver;
  #usage: Usage = { inputTokens: 0, outputTokens: 0 };
  #rawReason: string | undefined;

  constructor(connection: Pick<Connection, 'name' | 'log'>, model: string, warnings: readonly Warning[]) {
    this.#service = connection.name;
    this.#model = model;
    this.#warnings = warnings;
    this.#passedOver = new PassedOver(connection);
  }

  take(raw: Raw): ChatEvent[] {
    switch (raw.type) {
      case 'message_start': {
        const { id, model, usage } = raw.message as Partial<Anthropic.Message>;
        return [
          {
            type: 'start',
            model: model || this.#model,
            ...(id ? { responseId: id } : {}),
            warnings: this.#warnings,
          },
          ...this.#count(usage),
        ];
      }
      case 'content_block_start':
        return this.#begin(raw);
      case 'content_block_delta':
        return this.#delta(raw);
      case 'content_block_stop':
        return this.#endBlock(raw.index);
      case 'message_delta':
        this.#rawReason = raw.delta.stop_reason ?? this.#rawReason;
        return this.#count(raw.usage as Counted | undefined);
      case 'message_stop':
        return this.end();
      default:
        return this.#other(raw);
    }
  }

  end(): ChatEvent[] {
    const rawReason = this.#rawReason;
    if (rawReason === undefined) return [];
    return [{ type: 'finish', reason: finishReasons.get(rawReason) ?? 'other', rawReason }];
  }

  #begin({ index: block, content_block }: Anthropic.RawContentBlockStartEvent): ChatEvent[] {
    switch (content_block.type) {
      case 'text':
        return content_block.text ? [{ type: 'text', text: content_block.text }] : [];
      case 'thinking':
        return content_block.thinking ? [{ type: 'reasoning', text: content_block.thinking }] : [];
      case 'tool_use': {
        const call: OpenCall = { index: this.#calls.size, hasArguments: false };
        this.#calls.set(block, call);
        const { id, name } = content_block;
        return [{ type: 'tool-call', index: call.index, id, name, arguments: '' }];
      }
      case 'redacted_thinking':
        return [{ type: 'reasoning', text: '[a part of the reasoning that the service keeps to itself]' }];
      case 'server_tool_use':
      case 'web_search_tool_result':
      case 'web_fetch_tool_result':
      case 'code_execution_tool_result':
      case 'bash_code_execution_tool_result':
      case 'text_editor_code_execution_tool_result':
      case 'tool_search_tool_result':
      case 'container_upload':
        return this.#other(content_block);
      default:
        return this.#other(content_block satisfies never);
    }
  }

  #delta({ index: block, delta }: Anthropic.RawContentBlockDeltaEvent): ChatEvent[] {
    switch (delta.type) {
      case 'text_delta':
        return delta.text === '' ? [] : [{ type: 'text', text: delta.text }];
      case 'thinking_delta':
        return delta.thinking === '' ? [] : [{ type: 'reasoning', text: delta.thinking }];
      case 'input_json_delta': {
        const call = this.#calls.get(block);
        if (!call || delta.partial_json === '') return [];
        call.hasArguments = true;
        return [{ type: 'tool-call', index: call.index, arguments: delta.partial_json }];
      }
      case 'signature_delta':
        return [];
      case 'citations_delta':
        return [{ type: 'citation', citation: citationOf(delta.citation) }];
      default:
        return this.#other(delta satisfies never);
    }
  }

  /** A call without arguments sends none at all, where JSON wants an empty object. */
  #endBlock(block: number): ChatEvent[] {
    const call = this.#calls.get(block);
    return call && !call.hasArguments ? [{ type: 'tool-call', index: call.index, arguments: '{}' }] : [];
  }

  /**
   * Input is counted beside what came from and went into the cache, here and nowhere else; our total holds all three.
   * The figures of `message_delta` replace those of `message_start`.
   */
  #count(counted: Counted | undefined): ChatEvent[] {
    if (!counted) return [];
    const { cachedTokens: cachedBefore = 0, cacheWriteTokens: writtenBefore = 0 } = this.#usage;
    const cached = counted.cache_read_input_tokens ?? cachedBefore;
    const written = counted.cache_creation_input_tokens ?? writtenBefore;
    const fresh = counted.input_tokens ?? this.#usage.inputTokens - cachedBefore - writtenBefore;
    const reasoning = counted.output_tokens_details?.thinking_tokens;
    const writtenForAnHour =
      counted.cache_creation?.ephemeral_1h_input_tokens ?? this.#usage.cacheWriteHourTokens;
    this.#usage = {
      inputTokens: fresh + cached + written,
      outputTokens: counted.output_tokens ?? this.#usage.outputTokens,
      cachedTokens: cached,
      cacheWriteTokens: written,
      ...(writtenForAnHour ? { cacheWriteHourTokens: writtenForAnHour } : {}),
      ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
    };
    return [{ type: 'usage', usage: this.#usage }];
  }

  /** An event that this adapter does not know: an error, or something newer that may be passed over. */
  #other(raw: { readonly type: string }): ChatEvent[] {
    if (raw.type === 'error') throw errorOfFault(this.#service, faultOfData(raw));
    if (raw.type !== 'ping') this.#passedOver.note(`an event of type "${raw.type}"`);
    return [];
  }
}

function citationOf(said: Anthropic.CitationsDelta['citation']): Citation {
  const { url, title, document_title } = said as {
    url?: string;
    title?: string | null;
    document_title?: string | null;
  };
  const name = title ?? document_title;
  return {
    ...(url === undefined ? {} : { url }),
    ...(name ? { title: name } : {}),
    ...(said.cited_text ? { quote: said.cited_text } : {}),
  };
}

const finishReasons: ReadonlyMap<string, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'],
  ['refusal', 'content-filter'],
]);
