import type { Part, Role } from '../chat.ts';
import type { Fitting } from '../context/fitting.ts';
import type { Summary } from '../context/summary.ts';
import type { LaneCall } from '../run/overrides.ts';
import type { Run } from '../store.ts';

/**
 * A conversation is a tree of messages and the lanes that look at it. Each lane shows the path from the root to its
 * head; editing or retrying adds a sibling and copies nothing.
 */
export interface Conversation {
  readonly id: string;
  /** One line, never empty. */
  readonly title: string;
  /** Whether the title follows from the first message, or the user wrote it. */
  readonly titleSource: 'auto' | 'user';
  /** In ms since 1970. */
  readonly createdAt: number;
  /** When a message was last added, in ms since 1970; never before `createdAt`, whatever the clock did. */
  readonly updatedAt: number;
  readonly pinned: boolean;
  readonly archived: boolean;
  /** The prompt file that it began with; absent where it began without one. */
  readonly promptUri?: string;
  /** What every turn sends before its path, whichever it is; absent for nothing. */
  readonly system?: string;
  /** How its paths are made to fit the windows of their models; absent where everything is sent. */
  readonly fitting?: Fitting;
  /** From left to right; at least one. */
  readonly lanes: readonly LaneState[];
}

/** One column: what it calls, and where in the tree it stands. */
export interface LaneState extends LaneCall {
  /** Unique within the conversation. */
  readonly id: string;
  /** The last message that it shows; `null` before the first one. */
  readonly headId: string | null;
}

/** One message in the tree. */
export interface ConversationMessage {
  readonly id: string;
  readonly conversationId: string;
  /** The message that it follows; `null` for a first message, of which there can be several. */
  readonly parentId: string | null;
  readonly role: Role;
  /** In reading order. Empty where `runId` says what was answered. */
  readonly content: readonly Part[];
  /** In ms since 1970. The order of siblings is the order in which they were written, not this. */
  readonly createdAt: number;
  /**
   * The run that holds this answer; only assistant messages have one. An assistant message below another one
   * continues its answer.
   */
  readonly runId?: string;
  /** What the user calls the branch that begins here; absent where it has no name. */
  readonly name?: string;
  /** Present where the user marked the branch that begins here. */
  readonly favourite?: true;
  /** What the path says up to here, this message included; absent where it was never summarised. */
  readonly summary?: Summary;
}

/** A message that is not in the store yet, which gives it its id and its time. */
export type MessageDraft = Pick<ConversationMessage, 'parentId' | 'role' | 'content' | 'runId'>;

/** A conversation with all its messages, in the order in which they were written: parents before their children. */
export interface ConversationTree {
  readonly conversation: Conversation;
  readonly messages: readonly ConversationMessage[];
}

/** What a run answered, without what can be megabytes: the messages that were sent, and the log-probabilities. */
export type Answer = Omit<Run, 'request' | 'logprobs'>;

/** Answers by the id of their run. */
export type Answers = ReadonlyMap<string, Pick<Answer, 'text' | 'toolCalls' | 'outcome'>>;

/** Something is wrong with a conversation or with a file that should hold one. The message says what to do next. */
export class ConversationError extends Error {
  override readonly name = 'ConversationError';
}

/** The title of a conversation in which nobody has written anything. */
export const untitled = 'New conversation';
