import { randomUUID } from 'node:crypto';
import {
  type Answer,
  type Conversation,
  ConversationError,
  type ConversationMessage,
  type MessageDraft,
} from '../core/conversation/conversation.ts';
import type { Summary } from '../core/context/summary.ts';
import type { ConversationStore, NewConversation } from '../core/conversation/store.ts';
import { pathTo } from '../core/conversation/tree.ts';
import { messageOf } from '../core/errors.ts';
import type { Run, RunStore } from '../core/store.ts';

/** Where runs and conversations are kept. */
export interface ChatStore extends RunStore {
  readonly conversations: ConversationStore;
}

/**
 * The tree of one conversation as its lanes use it: what the history has and, beside it, what the history did not take.
 * Where that cannot be written the conversation goes on in memory, and `unsaved` says why.
 */
export class ChatTree {
  readonly id: string;
  readonly #store: ChatStore;
  /** What was read last, for when nothing can be read any more. */
  #read: readonly ConversationMessage[] = [];
  #held: readonly ConversationMessage[] = [];
  readonly #runs = new Map<string, Run>();
  readonly #summaries = new Map<string, Summary | null>();
  #unsaved: string | undefined;
  /** Whether the history has it at all. */
  #isKept = true;

  constructor(store: ChatStore, id: string) {
    this.#store = store;
    this.id = id;
  }

  /** Begins a conversation, in memory where the history cannot be written. */
  static begin(store: ChatStore, start: NewConversation): ChatTree {
    try {
      return new ChatTree(store, store.conversations.create(start).id);
    } catch (error) {
      const tree = new ChatTree(store, start.id ?? randomUUID());
      tree.#isKept = false;
      tree.#unsaved = messageOf(error);
      return tree;
    }
  }

  /** Why what is said from now on is not in the history; `undefined` while it is. */
  get unsaved(): string | undefined {
    return this.#unsaved;
  }

  /** Whether the history had it and has it no more. */
  get isDeleted(): boolean {
    return this.#isKept && this.#unsaved === undefined && this.conversation() === undefined;
  }

  /** The conversation itself, as the history has it now; `undefined` where it has none. */
  conversation(): Conversation | undefined {
    return this.#isKept ? this.#tolerant(() => this.#store.conversations.conversation(this.id)) : undefined;
  }

  /**
   * All messages, parents before their children.
   * @throws ConversationError when the conversation was deleted.
   */
  messages(): readonly ConversationMessage[] {
    if (this.#isKept) {
      const tree = this.#tolerant(() => this.#store.conversations.get(this.id) ?? null);
      if (tree === null) throw gone();
      if (tree) this.#read = tree.messages;
    }
    const all = this.#held.length === 0 ? this.#read : [...this.#read, ...this.#held];
    return this.#summaries.size === 0 ? all : all.map((message) => this.#summarised(message));
  }

  /**
   * Adds a message, as `ConversationStore.append` does.
   * @throws ConversationError when the conversation, the lane or the message above is gone.
   */
  append(draft: MessageDraft, laneId?: string): ConversationMessage {
    const written = this.#written(() => this.#store.conversations.append(this.id, draft, laneId));
    if (written) return written;
    const message = { ...draft, id: randomUUID(), conversationId: this.id, createdAt: Date.now() };
    this.#held = [...this.#held, message];
    return message;
  }

  /** Says what the path says up to a message, or takes that away; in memory where it cannot be written. */
  setSummary(messageId: string, summary: Summary | null): void {
    const isWritten = this.#written(() => {
      this.#store.conversations.setSummary(messageId, summary);
      return true;
    });
    if (!isWritten) this.#summaries.set(messageId, summary);
  }

  /** Changes something in the history that is no message; nothing where it cannot be written. */
  change(action: (conversations: ConversationStore) => void): void {
    this.#written(() => {
      action(this.#store.conversations);
      return true;
    });
  }

  /** Holds on to a run that the history did not take, so that what comes below it knows its answer. */
  remember(run: Run | null): void {
    if (run?.unsaved !== undefined) this.#runs.set(run.id, run);
  }

  /** What the runs answered of these messages. */
  answers(path: readonly ConversationMessage[]): ReadonlyMap<string, Answer> {
    const ids = path.flatMap(({ runId }) => (runId === undefined ? [] : [runId]));
    const kept = this.#isKept && this.#tolerant(() => this.#store.conversations.answers(this.id, ids));
    return new Map([...(kept || []), ...ids.flatMap((id) => [...this.#remembered(id)])]);
  }

  /** The run of an answer, whole. */
  run(id: string): Run | undefined {
    return this.#runs.get(id) ?? this.#tolerant(() => this.#store.get(id));
  }

  /** The run of the newest answer above a message, or else the one that the conversation ended with; its answer may be deleted. */
  runBefore(messageId: string): Run | undefined {
    const above = pathTo(this.messages(), messageId).findLast(({ runId }) => runId !== undefined);
    const known = above?.runId === undefined ? undefined : this.run(above.runId);
    return known ?? (this.#isKept ? this.#store.conversations.runs(this.id).at(-1) : undefined);
  }

  #summarised({ summary: kept, ...message }: ConversationMessage): ConversationMessage {
    const held = this.#summaries.get(message.id);
    const summary = held === undefined ? kept : held;
    return summary ? { ...message, summary } : message;
  }

  *#remembered(id: string): Iterable<[string, Run]> {
    const run = this.#runs.get(id);
    if (run) yield [id, run];
  }

  /** What a write answers; `undefined` where nothing can be written, now or since some time ago. */
  #written<Result>(write: () => Result): Result | undefined {
    if (this.#unsaved !== undefined) return undefined;
    try {
      return write();
    } catch (error) {
      // What is wrong with the conversation is the user's to know; else it is the file that takes nothing.
      if (error instanceof ConversationError) throw error;
      this.#unsaved = messageOf(error);
      return undefined;
    }
  }

  /** What a read answers; `undefined` where the history, which took nothing before, cannot be read either. */
  #tolerant<Result>(read: () => Result): Result | undefined {
    try {
      return read();
    } catch (error) {
      if (this.#unsaved === undefined) throw error;
      return undefined;
    }
  }
}

export function gone(): ConversationError {
  return new ConversationError(
    'This conversation was deleted. Run the prompt again or open a new chat to begin another one.',
  );
}
