import type { Message } from '../chat.ts';
import type { Run } from '../store.ts';
import type { ConversationTree } from './conversation.ts';
import { formatName, formatVersion } from './fileFormat.ts';

export interface JsonExportOptions {
  /** Whether to write log-probabilities, which can be most of the file. */
  readonly logprobs: boolean;
}

/**
 * The whole conversation as a JSON file, all branches included, which `importConversation` reads back. The format is
 * described in docs/conversation-format.md.
 */
export function exportJson(
  { conversation, messages }: ConversationTree,
  runs: readonly Run[],
  { logprobs }: JsonExportOptions,
): string {
  const sent = new Sent();
  const file = {
    format: formatName,
    version: formatVersion,
    conversation,
    messages: messages.map(({ conversationId: _, ...message }) => message),
    runs: runs.map(({ unsaved: _, summaryOf: _elsewhere, logprobs: tokens, request, ...run }) => ({
      ...run,
      ...(logprobs && tokens.length > 0 ? { logprobs: tokens } : {}),
      request: { ...request, messages: request.messages.map((message) => sent.placeOf(message)) },
    })),
    sent: sent.all,
  };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/** Every message that was sent, once: each turn of a conversation sends those before it again. */
class Sent {
  readonly all: Message[] = [];
  readonly #places = new Map<string, number>();

  placeOf(message: Message): number {
    const key = JSON.stringify(message);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.all.length);
    return this.all.push(message) - 1;
  }
}
