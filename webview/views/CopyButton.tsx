import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../toolkit.ts';
import { Icon } from './icons.tsx';

/** Copies a text, which is asked for when it is clicked, and says so for a moment. */
export function CopyButton({ text, label }: { readonly text: () => string; readonly label: string }): VNode {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text());
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <Button
      appearance="icon"
      title={copied ? 'Copied' : label}
      aria-label={copied ? 'Copied' : label}
      onClick={() => void copy()}
    >
      <Icon name={copied ? 'check' : 'copy'} />
    </Button>
  );
}
