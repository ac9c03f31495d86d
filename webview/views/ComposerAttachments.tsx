import type { VNode } from 'preact';
import { attachmentLabel, formatCount, type AttachmentView } from '../../src/protocol.ts';
import type { PanelStore } from '../state.ts';
import type { View } from '../view.ts';
import { IconButton } from './IconButton.tsx';
import { Icon } from './icons.tsx';

interface ComposerAttachmentsProps {
  readonly view: View;
  readonly store: PanelStore;
}

/** The texts that go with the follow-up, each with its tokens and a way to take it out, and what keeps one from being sent. */
export function ComposerAttachments({ view, store }: ComposerAttachmentsProps): VNode | null {
  const { attachments } = view.panel;
  if (attachments.length === 0) return null;
  const problems = attachments.flatMap(({ problem }) => problem ?? []);
  return (
    <div class="attached">
      <ul class="attachments" aria-label="Attached to the message">
        {attachments.map((attachment) => (
          <Chip
            key={attachment.id}
            attachment={attachment}
            onDetach={() => store.ask({ type: 'detach', id: attachment.id })}
          />
        ))}
      </ul>
      {problems.length > 0 && (
        <p class="attachment-problem" role="alert">
          {problems.join(' ')}
        </p>
      )}
    </div>
  );
}

interface ChipProps {
  readonly attachment: AttachmentView;
  readonly onDetach: () => void;
}

function Chip({ attachment, onDetach }: ChipProps): VNode {
  const { tokens, note, problem } = attachment;
  const label = attachmentLabel(attachment);
  return (
    <li
      class={problem === undefined ? 'attachment' : 'attachment attachment-refused'}
      title={[label, problem ?? note].filter(Boolean).join('\n')}
    >
      <Icon name={problem === undefined ? 'file' : 'warning'} />
      <bdi class="attachment-name">{shortLabel(attachment)}</bdi>
      {tokens && (
        <span class="attachment-tokens">
          {tokens.isExact ? '' : '~'}
          {formatCount(tokens.count)} {tokens.count === 1 ? 'token' : 'tokens'}
        </span>
      )}
      <IconButton icon="close" label={`Take out ${label}`} onClick={onDetach} />
    </li>
  );
}

/** `parse.ts:3–9`, or the symbol: what tells one from another in little room. */
function shortLabel({ path, lines, symbol }: AttachmentView): string {
  if (symbol !== undefined) return attachmentLabel({ path: symbol });
  const [first, last] = lines ?? [];
  const range = first === undefined ? '' : first === last ? `:${first}` : `:${first}–${last}`;
  return `${attachmentLabel({ path: path.slice(path.lastIndexOf('/') + 1) })}${range}`;
}

/** Has the host ask what to attach. */
export function AttachButton({ store }: Pick<ComposerAttachmentsProps, 'store'>): VNode {
  return (
    <IconButton
      class="attach-context"
      icon="file"
      label="Attach context"
      hint="Attach the selection, a file or a symbol; text files can be dropped, too"
      onClick={() => store.ask({ type: 'attach' })}
    />
  );
}
