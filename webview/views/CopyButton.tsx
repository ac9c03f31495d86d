import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { IconButton } from './IconButton.tsx';
import type { IconName } from './icons.tsx';

interface CopyButtonProps {
  /** Asked for when the button is clicked. */
  readonly text: () => string;
  readonly label: string;
  readonly icon?: IconName;
}

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label, icon = 'copy' }: CopyButtonProps): VNode {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text());
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <IconButton
      icon={copied ? 'check' : icon}
      label={copied ? 'Copied' : label}
      onClick={() => void copy()}
    />
  );
}
