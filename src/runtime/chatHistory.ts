import type { ChatHistoryItem, JinjaTemplateChatWrapper, LlamaModel, Token } from 'node-llama-cpp';
import type { Message, Part } from '../core/chat.ts';
import { LlmError, messageOf } from '../core/errors.ts';

/**
 * The messages in the model's own words, up to where its answer starts; an assistant message at the end is continued.
 * Text of a message never turns into control tokens, whatever it spells.
 * @throws LlmError `bad-request` when there is nothing to say or the template does not take it.
 */
export function promptTokens(
  model: LlamaModel,
  template: JinjaTemplateChatWrapper,
  messages: readonly Message[],
): { readonly tokens: Token[]; readonly endTokens: ReadonlySet<Token> } {
  if (messages.length === 0) throw new LlmError('bad-request', 'There is no message to answer. Write one.');
  const { contextText, stopGenerationTriggers } = render(template, [
    ...messages.map(historyItem),
    { type: 'model', response: [''] },
  ]);
  const tokens = contextText.tokenize(model.tokenizer);
  const { bos, shouldPrependBosToken } = model.tokens;
  if (shouldPrependBosToken && bos !== null && tokens[0] !== bos) tokens.unshift(bos);
  // Some models end a turn with a token that their file does not mark as an end; the template knows it.
  const ends = stopGenerationTriggers.flatMap((trigger) => trigger.tokenize(model.tokenizer).slice(0, 1));
  return { tokens, endTokens: new Set(ends.filter((token) => model.isSpecialToken(token))) };
}

function render(
  template: JinjaTemplateChatWrapper,
  chatHistory: ChatHistoryItem[],
): ReturnType<JinjaTemplateChatWrapper['generateContextState']> {
  try {
    return template.generateContextState({ chatHistory });
  } catch (error) {
    throw new LlmError(
      'bad-request',
      `The model's chat template does not take these messages (${messageOf(error)}). Let user and assistant alternate.`,
      { cause: error },
    );
  }
}

function historyItem({ role, content }: Message): ChatHistoryItem {
  const text = content.map(textOfPart).join('');
  switch (role) {
    case 'system':
      return { type: 'system', text };
    case 'user':
      return { type: 'user', text };
    case 'assistant':
      return { type: 'model', response: [text] };
    case 'tool':
      throw noTools();
  }
}

function textOfPart(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
      throw new LlmError(
        'bad-request',
        'The local runtime reads text only. Take the image out of the message, or choose another provider.',
      );
    case 'tool-call':
    case 'tool-result':
      throw noTools();
  }
}

function noTools(): LlmError {
  return new LlmError(
    'bad-request',
    'The local runtime does not take tool calls yet. Leave them out, or choose another provider.',
  );
}
