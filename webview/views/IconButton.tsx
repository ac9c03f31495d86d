import type { VNode } from 'preact';
import { Button } from '../toolkit.ts';
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

/** A button that shows only an icon. */
export function IconButton({ icon, label, hint, pressed, onClick, ...more }: IconButtonProps): VNode {
  return (
    <Button
      appearance="icon"
      title={hint ?? label}
      aria-label={label}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      {...more}
      onClick={onClick}
    >
      <Icon name={icon} />
    </Button>
  );
}
