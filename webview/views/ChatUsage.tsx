import type { VNode } from 'preact';
import { type ConversationUsage, conversationSentence, usageLabel } from '../../src/protocol.ts';

/** What the conversation has used so far; nothing before its first answer has ended. */
export function ChatUsage({ used }: { readonly used: ConversationUsage | null }): VNode | null {
  if (!used || used.runs === 0) return null;
  return (
    <span
      class="chat-usage"
      title={`This conversation so far, in all its branches and lanes. ${conversationSentence(used)}`}
    >
      so far {usageLabel(used)}
    </span>
  );
}
