import type { ComponentChildren, VNode } from 'preact';
import type { MessagePlace } from '../../src/protocol.ts';
import { type MenuContext, menuContext } from '../contextOf.ts';
import { IconButton } from './IconButton.tsx';
import { Icon } from './icons.tsx';

interface SiblingsProps {
  readonly place: MessagePlace;
  /** Turns to another message in the same place. */
  readonly onTurn: (messageId: string) => void;
  /** Asks what to do with the branch; absent where there is nothing to do. */
  readonly onBranch?: () => void;
}

/** ‹ 2/3 › where a message has others beside it, what the branch is called, and a menu of what can be done with it. */
export function Siblings({ onBranch, ...props }: SiblingsProps): VNode {
  const { name, favourite } = props.place;
  return (
    <>
      {favourite && (
        <span class="branch-mark" role="img" aria-label="Favourite" title="Favourite">
          ★
        </span>
      )}
      {name !== undefined && (
        <span class="branch-mark" title="The name of this branch">
          {name}
        </span>
      )}
      <Steps {...props} noun="version" />
      {onBranch && (
        <IconButton
          icon="more"
          label="Branch…"
          hint="Branch…: name, mark or delete this message and what follows"
          onClick={onBranch}
        />
      )}
    </>
  );
}

interface StepsProps extends Pick<SiblingsProps, 'onTurn'> {
  readonly place: Pick<MessagePlace, 'id' | 'siblings'>;
  readonly noun: 'version' | 'answer';
}

/** ‹ 2/3 › alone; nothing where there is only one. */
export function Steps({ place, onTurn, noun }: StepsProps): VNode | null {
  const { siblings } = place;
  if (siblings.length < 2) return null;
  const index = siblings.indexOf(place.id);
  const step = (by: -1 | 1, label: string, shape: string) => {
    const target = siblings[index + by];
    return (
      <button
        type="button"
        class={`sibling ${shape}`}
        title={label}
        aria-label={label}
        disabled={target === undefined}
        onClick={() => target !== undefined && onTurn(target)}
      >
        <Icon name="chevron" />
      </button>
    );
  };
  return (
    <span class="siblings" role="group" aria-label={`${names[noun]} ${index + 1} of ${siblings.length}`}>
      {step(-1, `Previous ${noun} (Alt+Up)`, 'sibling-previous')}
      <span>
        {index + 1}/{siblings.length}
      </span>
      {step(1, `Next ${noun} (Alt+Down)`, 'sibling-next')}
    </span>
  );
}

const names = { version: 'Version', answer: 'Answer' } as const;

interface PlacedProps extends Omit<SiblingsProps, 'place' | 'onBranch'> {
  /** `null` while the message is no part of a conversation. */
  readonly place: Pick<MessagePlace, 'id' | 'siblings'> | null;
  readonly class: string;
  readonly label: string;
  /** What its context menu is told. */
  readonly menu: MenuContext;
  readonly children: ComponentChildren;
}

/**
 * A message that has the focus turns to the one beside it with Alt and an arrow up or down, and gives the focus to the
 * message above or below with an arrow left or right. Tab stops where there is one beside it.
 */
export function Placed({ place, onTurn, label, menu, children, ...more }: PlacedProps): VNode {
  const siblings = place?.siblings ?? [];
  const onKeyDown = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }) => {
    if (!event.altKey || event.defaultPrevented || !event.key.startsWith('Arrow')) return;
    event.preventDefault();
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      messageBeside(event.currentTarget, event.key === 'ArrowLeft' ? -1 : 1)?.focus();
      return;
    }
    const target = siblings[siblings.indexOf(place?.id ?? '') + (event.key === 'ArrowUp' ? -1 : 1)];
    if (target !== undefined) onTurn(target);
  };
  return (
    <section
      class={more.class}
      aria-label={label}
      data-message
      {...menuContext(menu)}
      tabIndex={siblings.length > 1 ? 0 : -1}
      onKeyDown={onKeyDown}
    >
      {children}
    </section>
  );
}

/** The message above or below in the same lane. */
function messageBeside(message: HTMLElement, by: -1 | 1): HTMLElement | undefined {
  const all = [...(message.closest('.lane')?.querySelectorAll<HTMLElement>('[data-message]') ?? [])];
  return all[all.indexOf(message) + by];
}
