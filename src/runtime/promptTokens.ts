import { LlamaText, type LlamaModel, SpecialTokensText, type Token } from 'node-llama-cpp';
import { type ChatRequest, textOf } from '../core/chat.ts';
import { LlmError } from '../core/errors.ts';
import { renderChat, renderOptionsOf } from '../core/template/renderChat.ts';
import type { ChatTemplate } from './chatTemplate.ts';
import { localOptionsOf } from './options.ts';

/** What a model reads before it answers. */
export interface PromptTokens {
  readonly tokens: Token[];
  /** Tokens that end an answer though the model's file does not mark them as an end. */
  readonly endTokens: ReadonlySet<Token>;
  /** Whether the answer begins inside a thought. */
  readonly isThinking: boolean;
  /** Whether the last message is the beginning of the answer. */
  readonly isContinued: boolean;
}

/**
 * The messages in the model's own words, up to where its answer starts; an assistant message at the end is continued.
 * Text of a message never turns into control tokens, whatever it spells.
 * @param template absent for a model that continues text: then the one message is that text.
 * @throws LlmError `bad-request` when there is nothing to say or the model does not take it.
 */
export function promptTokens(
  model: LlamaModel,
  template: ChatTemplate | undefined,
  request: ChatRequest,
): PromptTokens {
  const { messages } = request;
  if (messages.length === 0) throw new LlmError('bad-request', 'There is no message to answer. Write one.');
  if (!template || localOptionsOf(request).raw) return rawTokens(model, request);
  const { pieces, afterAnswer } = renderChat(template, messages, renderOptionsOf(request));
  const text = LlamaText(
    pieces.map(({ from, text }) => (from === 'template' ? new SpecialTokensText(text) : text)),
  );
  // Some models end a turn with a token that their file does not mark as an end; the template knows it.
  const ends = template.format.hasChannels
    ? []
    : model.tokenize(afterAnswer, true, 'trimLeadingSpace').slice(0, 1);
  const open = template.format.thought?.open;
  const last = pieces.at(-1);
  return {
    tokens: withBeginning(model, text.tokenize(model.tokenizer)),
    endTokens: new Set(ends.filter((token) => model.isSpecialToken(token))),
    isThinking: open !== undefined && last?.from === 'template' && last.text.trimEnd().endsWith(open),
    isContinued: messages.at(-1)?.role === 'assistant',
  };
}

function rawTokens(model: LlamaModel, { messages }: ChatRequest): PromptTokens {
  const [message] = messages;
  const isOneText = messages.length === 1 && message?.content.every(({ type }) => type === 'text');
  if (!message || !isOneText) {
    throw new LlmError(
      'bad-request',
      'Without a chat template a model continues one text and does not answer messages. Leave a single text without ' +
        'roles, or use the instruct or chat version of the model.',
    );
  }
  return {
    tokens: withBeginning(model, model.tokenize(textOf(message))),
    endTokens: new Set(),
    isThinking: false,
    isContinued: true,
  };
}

/** The tokens behind the one for a beginning, where the model wants that. */
export function withBeginning(model: LlamaModel, tokens: Token[]): Token[] {
  const { bos, shouldPrependBosToken } = model.tokens;
  if (shouldPrependBosToken && bos !== null && tokens[0] !== bos) tokens.unshift(bos);
  return tokens;
}
