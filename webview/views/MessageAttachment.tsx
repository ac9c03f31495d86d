import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { attachmentLabel, type AttachedPart } from '../../src/protocol.ts';
import { Icon } from './icons.tsx';
import { LongText } from './LongText.tsx';

/** A text that went along with a message, folded away, exactly as it was sent; drawn when it is unfolded. */
export function MessageAttachment({ part }: { readonly part: AttachedPart }): VNode {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details class="fold message-attachment" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>
        <Icon name="chevron" />
        <Icon name="file" />
        <bdi>{attachmentLabel(part.attachment)}</bdi>
      </summary>
      {isOpen && <LongText text={part.text.trim()} />}
    </details>
  );
}
