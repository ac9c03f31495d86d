import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PanelStore } from '../state.ts';
import { Icon } from './icons.tsx';

interface SystemPromptProps {
  readonly system: string;
  readonly store: PanelStore;
}

/** The user writes on within this time, in ms. */
const restMs = 400;

/** What every turn of a chat sends first, folded away. It is kept as it is written. */
export function SystemPrompt({ system, store }: SystemPromptProps): VNode {
  const [draft, setDraft] = useState(system);
  // Another place may have changed it, or the host brings it back.
  useEffect(() => setDraft(system), [system]);
  useEffect(() => {
    const timer = setTimeout(() => store.setSystem(draft), restMs);
    return () => clearTimeout(timer);
  }, [draft, store]);
  return (
    <details class="fold system-prompt" open={system !== ''}>
      <summary>
        <Icon name="chevron" />
        System prompt{system === '' ? '' : `: ${system.split('\n', 1)[0]?.slice(0, 60)}`}
      </summary>
      <textarea
        class="message-input"
        rows={3}
        aria-label="System prompt"
        placeholder="How the model is to answer, such as: You are brief and exact. It is sent before every message."
        value={draft}
        onInput={({ currentTarget }) => setDraft(currentTarget.value)}
        onBlur={() => store.setSystem(draft)}
        onKeyDown={(event) => {
          // Shift+Enter is a line here, where elsewhere it runs; Escape stops only from outside.
          if (event.key === 'Enter' || event.key === 'Escape') event.stopPropagation();
        }}
      />
    </details>
  );
}
