import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { TurnView } from '../../src/protocol.ts';
import type { PanelStore } from '../state.ts';
import { Button } from '../toolkit.ts';
import { IconButton } from './IconButton.tsx';
import { LongText } from './LongText.tsx';
import { MessageAttachment } from './MessageAttachment.tsx';
import { MessageTime, MessageTools } from './MessageTools.tsx';
import { Siblings } from './Siblings.tsx';

interface UserMessageProps {
  readonly turn: TurnView;
  readonly laneId: string;
  readonly store: PanelStore;
  /** Returns why it cannot be asked again yet; `undefined` where it is. */
  readonly onEdit: (text: string) => string | undefined;
  readonly onTurn: (messageId: string) => void;
  readonly onBranch: () => void;
}

/** What the user said, and a pencil to say it in other words. */
export function UserMessage({ turn, laneId, store, onEdit, onTurn, onBranch }: UserMessageProps): VNode {
  const [isEdited, setIsEdited] = useState(false);
  if (isEdited) {
    // It stays until the new message takes this one's place, so that what the host refuses is not lost.
    return <Editor text={turn.text} onSave={onEdit} onCancel={() => setIsEdited(false)} />;
  }
  return (
    <>
      <div class="bubble" dir="auto">
        {turn.parts.map((part, index) => (
          <Along key={index} part={part} place={index + 1} />
        ))}
        {turn.text !== '' && <LongText text={turn.text} />}
      </div>
      <div class="turn-tools">
        <IconButton
          icon="edit"
          label="Edit this message"
          hint="Edit: say it in other words and run again; this message and its answer stay"
          onClick={() => setIsEdited(true)}
        />
        <MessageTools laneId={laneId} store={store} place={turn} text={turn.text} />
        <Siblings place={turn} onTurn={onTurn} onBranch={onBranch} />
        <MessageTime at={turn.at} />
      </div>
    </>
  );
}

/** What went along with a message of the user: images and attached texts. */
function Along({
  part,
  place,
}: {
  readonly part: TurnView['parts'][number];
  readonly place: number;
}): VNode | null {
  if (part.type === 'image') return <MessageImage url={part.url} place={place} />;
  return part.type === 'text' ? <MessageAttachment part={part} /> : null;
}

/** An image that went along. One that lies elsewhere is not loaded: only its address is shown. */
function MessageImage({ url, place }: { readonly url: string; readonly place: number }): VNode {
  return url.startsWith('data:') ? (
    <img class="message-image" src={url} alt={`Image ${place}`} />
  ) : (
    <p class="quiet">Image: {url}</p>
  );
}

interface EditorProps {
  readonly text: string;
  readonly onSave: UserMessageProps['onEdit'];
  readonly onCancel: () => void;
}

function Editor({ text, onSave, onCancel }: EditorProps): VNode {
  const [draft, setDraft] = useState(text);
  const [reason, setReason] = useState<string>();
  const save = () => {
    if (draft.trim() !== '') setReason(onSave(draft));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    // Shift+Enter is a line here, where elsewhere it runs.
    if (event.key === 'Enter' || event.key === 'Escape') event.stopPropagation();
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      save();
    } else if (event.key === 'Escape') {
      onCancel();
    }
  };
  return (
    <div class="message-editor">
      <textarea
        class="message-input"
        aria-label="Edit the message"
        value={draft}
        ref={focusOnce}
        onInput={({ currentTarget }) => setDraft(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div class="message-editor-actions">
        {reason !== undefined && <span role="alert">{reason}</span>}
        <Button appearance="primary" title="Save & run (Enter)" onClick={save}>
          Save &amp; run
        </Button>
        <Button appearance="secondary" title="Cancel (Escape)" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}

/** The keyboard goes on at the end of the text. Defined once, so that it is called for a new element only. */
function focusOnce(element: HTMLTextAreaElement | null): void {
  element?.focus();
  element?.setSelectionRange(element.value.length, element.value.length);
}
