import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { FitView } from '../../src/protocol.ts';
import type { PanelStore } from '../state.ts';
import { Button } from '../toolkit.ts';
import { IconButton } from './IconButton.tsx';
import { LongText } from './LongText.tsx';

interface SummaryCardProps {
  readonly summary: NonNullable<FitView['summary']>;
  readonly laneId: string;
  readonly store: PanelStore;
}

/** What is sent in the place of everything above it, and a pencil to change it. */
export function SummaryCard({ summary, laneId, store }: SummaryCardProps): VNode {
  const [draft, setDraft] = useState<string>();
  const { messageId, text, isEdited } = summary;
  const say = (written: string): void => {
    store.ask({ type: 'set-summary', laneId, messageId, text: written });
    setDraft(undefined);
  };
  return (
    <div class="summary-card" role="group" aria-label="Summary of what was said before">
      <div class="summary-head">
        <span>Sent instead of everything above{isEdited ? ' · edited' : ''}</span>
        <IconButton
          icon="edit"
          label="Edit the summary"
          hint="Edit: what you write is sent instead of the messages above"
          onClick={() => setDraft(text)}
        />
        <IconButton
          icon="trash"
          label="Forget the summary"
          hint="Forget it; another one is written when the messages above do not fit"
          onClick={() => say('')}
        />
      </div>
      {draft === undefined ? (
        <LongText text={text} />
      ) : (
        <>
          <textarea
            class="message-input"
            rows={6}
            aria-label="Summary"
            value={draft}
            onInput={({ currentTarget }) => setDraft(currentTarget.value)}
            onKeyDown={(event) => {
              // Shift+Enter is a line here, where elsewhere it runs; Escape leaves the field alone.
              if (event.key === 'Enter' || event.key === 'Escape') event.stopPropagation();
              if (event.key === 'Escape') setDraft(undefined);
            }}
          />
          <div class="message-editor-actions">
            <Button appearance="primary" onClick={() => say(draft)}>
              Save
            </Button>
            <Button appearance="secondary" title="Cancel (Escape)" onClick={() => setDraft(undefined)}>
              Cancel
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
