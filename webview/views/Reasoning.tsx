import type { VNode } from 'preact';
import { Icon } from './icons.tsx';
import { LongText } from './LongText.tsx';

/** What the model thought before it answered, folded away; nothing where it did not, or did not say. */
export function Reasoning({
  text,
  isUnderWay = false,
}: {
  readonly text: string;
  readonly isUnderWay?: boolean;
}): VNode | null {
  if (text === '') return null;
  return (
    <details class="fold reasoning">
      <summary>
        <Icon name="chevron" />
        Reasoning{isUnderWay ? '…' : ''}
      </summary>
      <LongText text={text} />
    </details>
  );
}
