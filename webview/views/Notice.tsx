import type { ComponentChildren, VNode } from 'preact';
import { Icon, type IconName } from './icons.tsx';

interface NoticeProps {
  /** An error is read out at once. */
  readonly kind: 'error' | 'warning' | 'info';
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** A box that says what happened. */
export function Notice({ kind, title, children }: NoticeProps): VNode {
  return (
    <div class={`notice notice-${kind}`} role={kind === 'error' ? 'alert' : undefined}>
      <Icon name={kind satisfies IconName} />
      <div class="notice-text">
        <strong>{title}</strong>
        {children}
      </div>
    </div>
  );
}
