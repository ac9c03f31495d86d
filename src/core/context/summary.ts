import { type ChatRequest, type Message, textMessage, textOf } from '../chat.ts';

/** What a path says up to and including a message, in few words. */
export interface Summary {
  readonly text: string;
  /** Present where the user wrote or changed it. */
  readonly isEdited?: true;
}

/** The longest answer that a summary may be, in tokens. */
export const summaryTokens = 400;

/** What asks a model for a summary of `messages` and of what is summarised before them. */
export function summaryRequest(model: string, messages: readonly Message[], before?: string): ChatRequest {
  const said = messages.map((message) => `${speakers[message.role]}: ${saidIn(message)}`).join('\n\n');
  return {
    model,
    messages: [
      textMessage('system', instruction),
      textMessage(
        'user',
        `${before === undefined ? '' : `Summary of what came before:\n${before}\n\n`}Conversation:\n${said}\n\nWrite the summary.`,
      ),
    ],
    settings: { temperature: 0, maxOutputTokens: summaryTokens },
  };
}

/**
 * The messages with a summary before them, as a text of its own in the first question that follows what it stands for: it
 * was written by a model, so it never becomes a system message.
 */
export function withSummary(
  messages: readonly Message[],
  promptMessages: number,
  text: string,
): readonly Message[] {
  const place = messages.findIndex(({ role }, index) => index >= promptMessages && role === 'user');
  const message = messages[place];
  if (!message) return messages;
  const content = [{ type: 'text' as const, text: `${heading}\n${text}\n\n` }, ...message.content];
  return messages.with(place, { ...message, content });
}

const heading = 'Summary of what was said before:';

const instruction =
  'You keep the notes of a conversation. Write down in at most 200 words what was said: facts, names, figures, decisions, what the user wants, and what is still open. Write plain sentences and nothing else.';

const speakers: Readonly<Record<Message['role'], string>> = {
  system: 'System',
  user: 'User',
  assistant: 'Assistant',
  tool: 'Tool',
};

function saidIn(message: Message): string {
  const others = message.content.flatMap((part) => {
    switch (part.type) {
      case 'text':
        return [];
      case 'image':
        return ['[an image]'];
      case 'tool-call':
        return [`[calls ${part.name}(${part.arguments})]`];
      case 'tool-result':
        return [part.result];
      default:
        return part satisfies never;
    }
  });
  return [textOf(message), ...others].filter((text) => text !== '').join('\n');
}
