import type { RefObject, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { laneIsRunning } from '../../src/protocol.ts';
import { editorFiles, hasEditorFiles, hasFiles } from '../dropped.ts';
import { lanesAsked } from '../lanesAsked.ts';
import type { PanelStore } from '../state.ts';
import type { View } from '../view.ts';
import { ChatUsage } from './ChatUsage.tsx';
import { AttachButton, ComposerAttachments } from './ComposerAttachments.tsx';
import { ComposerImages, ImageButton } from './ComposerImages.tsx';
import { Context } from './Context.tsx';
import { IconButton } from './IconButton.tsx';

interface ComposerProps {
  readonly view: View;
  readonly store: PanelStore;
}

/** Where the user goes on from the answers, in every lane whose switch is on. */
export function Composer({ view, store }: ComposerProps): VNode {
  const { lanes } = view.panel;
  const input = useRef<HTMLTextAreaElement>(null);
  useFocusOnceAttached(input, view);
  const reason = reasonNotToWrite(view);
  const asked = lanesAsked(view);
  const isBegun = !view.panel.prompt?.isChat || lanes.some(({ message }) => message);
  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLTextAreaElement }) => {
    if (event.isComposing) return;
    // Shift+Enter is a line here, where elsewhere it runs; Escape leaves, and stops only from outside.
    if (event.key === 'Enter' || event.key === 'Escape') event.stopPropagation();
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      store.send();
    } else if (event.key === 'Escape') {
      event.currentTarget.blur();
    }
  };
  const to = asked.length < lanes.length ? `${asked.length} of ${lanes.length} lanes` : 'all lanes';
  return (
    <div
      class="composer"
      onDragOver={(event) => {
        if (hasFiles(event.dataTransfer) || hasEditorFiles(event.dataTransfer)) event.preventDefault();
      }}
      onDrop={(event) => {
        const { dataTransfer } = event;
        if (hasEditorFiles(dataTransfer))
          store.ask({ type: 'attach-files', uris: editorFiles(dataTransfer) });
        else if (hasFiles(dataTransfer)) void store.addFiles([...(dataTransfer?.files ?? [])]);
        else return;
        event.preventDefault();
      }}
    >
      <ComposerAttachments view={view} store={store} />
      <ComposerImages view={view} store={store} />
      <div class="composer-box">
        <textarea
          ref={input}
          class="message-input"
          rows={1}
          aria-label={
            lanes.length > 1
              ? `${isBegun ? 'Follow-up' : 'Message'} in ${to}`
              : isBegun
                ? 'Follow-up'
                : 'Message'
          }
          placeholder={
            reason ??
            `${isBegun ? 'Ask a follow-up' : 'Write a message'}${lanes.length > 1 ? ` in ${to}` : ''}`
          }
          title={reason}
          disabled={reason !== undefined}
          value={view.followUp}
          onInput={({ currentTarget }) => store.typeFollowUp(currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            if (!hasFiles(event.clipboardData)) return;
            event.preventDefault();
            void store.addFiles([...(event.clipboardData?.files ?? [])]);
          }}
          dir="auto"
        />
        <AttachButton store={store} />
        <ImageButton view={view} store={store} />
        <IconButton
          class={reason === undefined && hasSomethingToSend(view) ? 'send' : 'send send-idle'}
          icon="send"
          label="Send"
          hint={reason ?? (asked.some(isFree) ? 'Send (Enter)' : 'Wait for the answer, or stop it')}
          onClick={() => store.send()}
        />
      </div>
      <div class="composer-figures">
        <Context view={view} store={store} />
        <ChatUsage used={view.panel.used} />
      </div>
    </div>
  );
}

/** Why nothing can be asked yet, and what to do; `undefined` where it can. */
function reasonNotToWrite(view: View): string | undefined {
  const { lanes, problem, prompt } = view.panel;
  if (problem && problem.missing.length > 0) return problem.message;
  if (!prompt?.isChat && lanes.every(({ run, message }) => !run && !message)) {
    return 'Run the prompt first, then ask a follow-up here.';
  }
  if (lanesAsked(view).length === 0) return 'Switch a lane on in its header to ask it.';
  return undefined;
}

function hasSomethingToSend({ followUp, images, panel: { attachments } }: View): boolean {
  return followUp.trim() !== '' || images.length > 0 || attachments.length > 0;
}

/** Where the user goes on once something is attached, by whichever way. */
function useFocusOnceAttached(input: RefObject<HTMLElement | null>, { panel: { attachments } }: View): void {
  const before = useRef(attachments.length);
  useEffect(() => {
    if (attachments.length > before.current) input.current?.focus();
    before.current = attachments.length;
  }, [attachments.length]);
}

function isFree(lane: View['panel']['lanes'][number]): boolean {
  return !laneIsRunning(lane);
}
