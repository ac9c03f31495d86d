import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Message } from '../../src/protocol.ts';
import { memo } from '../memo.ts';
import { Icon } from './icons.tsx';
import { LongText } from './LongText.tsx';

interface SentProps {
  readonly messages: readonly Message[];
}

/** The messages exactly as they were sent, folded away, and drawn when they are unfolded. */
export const Sent = memo(({ messages }: SentProps): VNode => {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details class="fold" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>
        <Icon name="chevron" />
        Sent: {messages.length} {messages.length === 1 ? 'message' : 'messages'}
      </summary>
      {isOpen && (
        <ol class="sent">
          {messages.map(({ role, content }, index) => (
            <li key={index}>
              <div class="role">{role}</div>
              {content.map((part, place) => (
                <Part key={place} part={part} />
              ))}
            </li>
          ))}
        </ol>
      )}
    </details>
  );
});

function Part({ part }: { readonly part: Message['content'][number] }): VNode {
  switch (part.type) {
    case 'text':
      return <LongText text={part.text} />;
    case 'image':
      return <LongText text={`Image: ${part.url.slice(0, 200)}`} />;
    case 'tool-call':
      return <LongText text={`Calls ${part.name} (${part.id}): ${part.arguments}`} />;
    case 'tool-result':
      return <LongText text={`${part.isError ? 'Error' : 'Result'} of ${part.callId}: ${part.result}`} />;
    default:
      return part satisfies never;
  }
}
