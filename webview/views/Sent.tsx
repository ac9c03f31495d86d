import type { VNode } from 'preact';
import type { Message, Run } from '../../src/protocol.ts';
import { Icon } from './icons.tsx';
import { LongText } from './LongText.tsx';

/** The messages exactly as they were sent, folded away. */
export function Sent({ run }: { readonly run: Run }): VNode {
  const { messages } = run.request;
  return (
    <details class="fold">
      <summary>
        <Icon name="chevron" />
        Sent: {messages.length} {messages.length === 1 ? 'message' : 'messages'}
      </summary>
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
    </details>
  );
}

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
