import type { VNode } from 'preact';
import type { MessagePlace } from '../../src/protocol.ts';
import { formatClock, formatTime } from '../format.ts';
import type { PanelStore } from '../state.ts';
import { CopyButton } from './CopyButton.tsx';
import { IconButton } from './IconButton.tsx';

interface MessageToolsProps {
  readonly laneId: string;
  readonly store: PanelStore;
  /** `null` while it is no part of a conversation. */
  readonly place: MessagePlace | null;
  readonly text: string;
}

/** Puts what is selected in a message into the composer as a quote, or all of it. */
export function QuoteButton({ text, store }: Pick<MessageToolsProps, 'text' | 'store'>): VNode {
  const quote = ({ currentTarget }: MouseEvent) => {
    const button = currentTarget instanceof Element ? currentTarget : null;
    store.quote(selectedIn(button?.closest('.turn, .newest')) ?? text);
    button?.closest('.panel')?.querySelector<HTMLElement>('.composer textarea')?.focus();
  };
  return (
    <IconButton
      icon="quote"
      label="Quote this message"
      hint="Quote: put this message, or what is selected in it, into the follow-up"
      onClick={quote}
    />
  );
}

/** Another try at an answer, with the same model or another one. */
export function RetryButtons({ laneId, store, place }: Omit<MessageToolsProps, 'text'>): VNode {
  const about = { laneId, ...(place ? { messageId: place.id } : {}) };
  return (
    <>
      <IconButton
        icon="rerun"
        label="Try this answer again"
        hint="Try again: another answer beside this one"
        onClick={() => store.ask({ type: 'retry', ...about })}
      />
      <IconButton
        icon="swap"
        label="Try again with another model"
        hint="Try again with another model, which this lane then calls"
        onClick={() => store.ask({ type: 'retry-with', ...about })}
      />
    </>
  );
}

/** What every message above the newest answer has: quote, copy, delete. */
export function MessageTools({ laneId, store, place, text }: MessageToolsProps): VNode {
  return (
    <>
      <QuoteButton text={text} store={store} />
      <CopyButton text={() => text} label="Copy this message" />
      {place && (
        <IconButton
          icon="trash"
          label="Delete this message"
          hint="Delete this message and what follows it; it can be undone"
          onClick={() => store.ask({ type: 'delete-message', laneId, messageId: place.id })}
        />
      )}
    </>
  );
}

/** When a message was written: the time of day, and all of it on hover. */
export function MessageTime({ at }: { readonly at: number }): VNode {
  return (
    <time dateTime={new Date(at).toISOString()} title={formatTime(at)}>
      {formatClock(at, Date.now())}
    </time>
  );
}

/** The text that is selected in an element; `undefined` where none is. */
function selectedIn(element: Element | null | undefined): string | undefined {
  const selection = getSelection();
  const isIn = element && selection?.anchorNode && element.contains(selection.anchorNode);
  const text = isIn ? selection.toString().trim() : '';
  return text === '' ? undefined : text;
}
