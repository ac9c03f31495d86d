import type { VNode } from 'preact';
import { formatCount } from '../../src/protocol.ts';

/** Says below a message that it is not sent, and what that saves. */
export function NotSent({ tokens }: { readonly tokens: number }): VNode {
  return (
    <p class="not-sent" title="It stays in the conversation; only the model does not see it">
      Not sent · ~{formatCount(tokens)} tokens
    </p>
  );
}
