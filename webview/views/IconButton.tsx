import type { VNode } from 'preact';
import { Icon, type IconName } from './icons.tsx';

interface IconButtonProps {
  readonly icon: IconName;
  /** What it does, in a few words; read out, and shown on hover. */
  readonly label: string;
  /** Shown on hover instead, where there is more to say. */
  readonly hint?: string;
  readonly class?: string;
  /** For a button that switches something on and off. */
  readonly pressed?: boolean;
  readonly onClick: (event: MouseEvent) => void;
}

/**
 * A button that shows only an icon. It is the browser's own: a conversation has hundreds of them, and one of the toolkit's
 * takes half a millisecond.
 */
export function IconButton({ icon, label, hint, pressed, onClick, ...more }: IconButtonProps): VNode {
  return (
    <button
      type="button"
      class={more.class === undefined ? 'icon-button' : `icon-button ${more.class}`}
      title={hint ?? label}
      aria-label={label}
      aria-pressed={pressed}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
