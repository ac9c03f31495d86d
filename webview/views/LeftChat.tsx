import type { VNode } from 'preact';
import type { PanelState } from '../../src/protocol.ts';
import type { PanelStore } from '../state.ts';
import { Icon } from './icons.tsx';

interface LeftChatProps {
  readonly left: NonNullable<PanelState['left']>;
  readonly store: PanelStore;
}

/** Says where the conversation is that a run of the prompt has left, and offers to go back to it. */
export function LeftChat({ left, store }: LeftChatProps): VNode {
  return (
    <div class="left-chat" role="status">
      <Icon name="info" />
      <span>
        A new run began. <b>{left.title}</b> is kept in Conversations.
      </span>
      <button type="button" class="link" onClick={() => store.ask({ type: 'go-back', isWanted: true })}>
        Go back
      </button>
      <button type="button" class="link" onClick={() => store.ask({ type: 'go-back', isWanted: false })}>
        Dismiss
      </button>
    </div>
  );
}
