import { type QuickPickItem, window } from 'vscode';
import { ConversationError, type ConversationMessage } from '../../core/conversation/conversation.ts';
import type { History } from './entry.ts';

/** A message of a conversation, at which a branch begins. */
export interface BranchId {
  readonly conversationId: string;
  readonly messageId: string;
}

interface BranchItem extends QuickPickItem {
  readonly act: () => Promise<void> | void;
}

/**
 * Asks what to do with a branch, and does it.
 * @param onChange Called when the branch was changed.
 * @throws ConversationError when it is not there any more.
 */
export async function askForBranchAction(
  { conversations }: History,
  { conversationId, messageId }: BranchId,
  onChange: () => void,
): Promise<void> {
  const message = conversations.get(conversationId)?.messages.find(({ id }) => id === messageId);
  if (!message) throw new ConversationError('The branch is not in the conversation any more.');
  const { favourite = false, name } = message;
  const items: readonly BranchItem[] = [
    {
      label: name === undefined ? '$(tag) Name…' : '$(tag) Rename…',
      ...(name === undefined ? {} : { description: name }),
      act: async () => {
        const written = await askForName(message);
        if (written !== undefined) conversations.nameBranch(messageId, written);
      },
    },
    {
      label: favourite ? '$(star-full) Remove from favourites' : '$(star-empty) Mark as favourite',
      act: () => conversations.setFavourite(messageId, !favourite),
    },
    {
      label: '$(trash) Delete',
      description: 'this message and everything below it',
      act: async () => {
        const deleted = conversations.deleteBranch(messageId);
        onChange();
        const what = deleted.count === 1 ? 'Deleted 1 message.' : `Deleted ${deleted.count} messages.`;
        if ((await window.showInformationMessage(what, 'Undo')) === 'Undo')
          conversations.restoreBranch(deleted);
      },
    },
  ];
  const picked = await window.showQuickPick(items, {
    title: message.role === 'user' ? 'This Message and What Follows' : 'This Answer and What Follows',
  });
  await picked?.act();
  if (picked) onChange();
}

function askForName({ name }: ConversationMessage): Thenable<string | undefined> {
  return window.showInputBox({
    title: 'Name of This Branch',
    prompt: 'Shown beside ‹ 2/3 ›. Empty takes the name away.',
    value: name ?? '',
    validateInput: (text) => (text.trim().length > 100 ? 'At most 100 characters.' : undefined),
  });
}
