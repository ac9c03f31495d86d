import type { Part } from '../chat.ts';
import { ConversationError, type ConversationMessage, type MessageDraft } from './conversation.ts';

// All functions here take the messages of one conversation in the order in which they were written. The index over an
// array is kept as long as the array, so an array that was passed in once must not be changed in place.

/**
 * The messages from the root to `headId`; none for `null`.
 * @throws ConversationError when a message on the way is missing, or the way leads in a circle.
 */
export function pathTo<Message extends Node>(
  messages: readonly Message[],
  headId: string | null,
): readonly Message[] {
  const { byId } = indexOf(messages);
  const path: Message[] = [];
  for (let id = headId; id !== null;) {
    const message = byId.get(id);
    if (!message) throw missing(id);
    if (path.length === messages.length) throw circular(id);
    path.push(message);
    id = message.parentId;
  }
  return path.reverse();
}

/** What follows a message, oldest first; the first messages of the conversation for `null`. */
export function childrenOf<Message extends Node>(
  messages: readonly Message[],
  parentId: string | null,
): readonly Message[] {
  return indexOf(messages).children.get(parentId) ?? [];
}

/**
 * The messages that stand in the same place, oldest first, the message itself among them.
 * @throws ConversationError when there is no such message.
 */
export function siblingsOf<Message extends Node>(
  messages: readonly Message[],
  messageId: string,
): readonly Message[] {
  return childrenOf(messages, messageIn(messages, messageId).parentId);
}

/**
 * Where a lane stands that turns to the branch of `messageId`: the message in it that was written last, which is
 * always an end.
 * @throws ConversationError when there is no such message.
 */
export function leafBelow<Message extends Node>(messages: readonly Message[], messageId: string): Message {
  let leaf = messageIn(messages, messageId);
  const branch = new Set([messageId]);
  for (const message of messages) {
    if (message.parentId === null || !branch.has(message.parentId)) continue;
    branch.add(message.id);
    leaf = message;
  }
  return leaf;
}

/**
 * Whether the path to `messageId` leads through `aboveId`, another message.
 * @throws ConversationError when there is no message `messageId`.
 */
export function isBelow(messages: readonly Node[], messageId: string, aboveId: string): boolean {
  return messageId !== aboveId && pathTo(messages, messageId).some(({ id }) => id === aboveId);
}

/**
 * The message that stands beside `messageId`: an edited message with `content`, or another try at an answer, whose run
 * the caller adds as `runId`. Nothing is copied: what follows the old message stays with it.
 * @throws ConversationError when there is no such message.
 */
export function forkAt(
  messages: readonly ConversationMessage[],
  messageId: string,
  content: readonly Part[] = [],
): MessageDraft {
  const { parentId, role } = messageIn(messages, messageId);
  return { parentId, role, content };
}

/**
 * The messages with each parent before its children, else in their order.
 * @throws ConversationError when two have one id, a parent is missing, or messages lead in a circle.
 */
export function inTreeOrder<Message extends Node>(messages: readonly Message[]): readonly Message[] {
  const { byId, children } = indexOf(messages);
  if (byId.size !== messages.length) {
    const seen = new Set<string>();
    const twice = messages.find(({ id }) => seen.size === seen.add(id).size);
    throw new ConversationError(`Two messages have the id "${twice?.id ?? ''}".`);
  }
  const orphan = messages.find(({ parentId }) => parentId !== null && !byId.has(parentId));
  if (orphan?.parentId != null) throw missing(orphan.parentId);

  const place = new Map(messages.map(({ id }, index) => [id, index]));
  const isOrdered = messages.every(
    ({ parentId }, index) => parentId === null || (place.get(parentId) ?? index) < index,
  );
  if (isOrdered) return messages;

  const ordered: Message[] = [...(children.get(null) ?? [])];
  // Grows while it is read: a level after another.
  for (const { id } of ordered) for (const child of children.get(id) ?? []) ordered.push(child);
  if (ordered.length === messages.length) return ordered;
  const reached = new Set(ordered.map(({ id }) => id));
  throw circular(messages.find(({ id }) => !reached.has(id))?.id ?? '');
}

type Node = Pick<ConversationMessage, 'id' | 'parentId'>;

interface Index<Message> {
  readonly byId: ReadonlyMap<string, Message>;
  readonly children: ReadonlyMap<string | null, readonly Message[]>;
}

const indexes = new WeakMap<readonly Node[], Index<Node>>();

function indexOf<Message extends Node>(messages: readonly Message[]): Index<Message> {
  const known = indexes.get(messages) as Index<Message> | undefined;
  if (known) return known;
  const index = {
    byId: new Map(messages.map((message) => [message.id, message])),
    children: Map.groupBy(messages, ({ parentId }) => parentId),
  };
  indexes.set(messages, index);
  return index;
}

function messageIn<Message extends Node>(messages: readonly Message[], id: string): Message {
  const message = indexOf(messages).byId.get(id);
  if (!message) throw missing(id);
  return message;
}

function missing(id: string): ConversationError {
  return new ConversationError(
    `The conversation has no message "${id}", though another message points at it.`,
  );
}

function circular(id: string): ConversationError {
  return new ConversationError(`The messages of the conversation lead in a circle, by way of "${id}".`);
}
