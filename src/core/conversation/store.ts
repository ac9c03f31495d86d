import type { Fitting } from '../context/fitting.ts';
import type { Summary } from '../context/summary.ts';
import type { Outcome, Run } from '../store.ts';
import type {
  Answer,
  Conversation,
  ConversationMessage,
  ConversationTree,
  LaneState,
  MessageDraft,
} from './conversation.ts';
import type { ImportedConversation } from './import.ts';

/**
 * Where conversations are kept, beside the runs that hold their answers. Everything is written before a call returns.
 * Several windows may use one store at once: each read sees what all of them have written, and `changesSince` tells a
 * view what to read again.
 *
 * Every call throws an Error that says what to do next when the store cannot be read or written; those that change a
 * conversation throw a ConversationError when it, or what they name in it, is not there.
 */
export interface ConversationStore {
  /** A new conversation, with one lane where none are given. */
  create(start?: NewConversation): Conversation;

  /** A conversation without its messages; `undefined` where there is none or it was deleted. */
  conversation(id: string): Conversation | undefined;

  /** A conversation with its messages but not their answers; `undefined` where there is none or it was deleted. */
  get(id: string): ConversationTree | undefined;

  /**
   * What the runs of a conversation answered so far, by run id. Reading the runs alone that are shown or that are still
   * under way is possible with `runIds`. `RunStore.get` has what was sent and the log-probabilities.
   */
  answers(conversationId: string, runIds?: readonly string[]): ReadonlyMap<string, Answer>;

  /**
   * Adds a message, and makes it the head of the lane `laneId` where one is given. The first message of the user gives
   * an untitled conversation its title. An answer is added with its `runId` as its run begins, before or after the run
   * is recorded.
   */
  append(conversationId: string, draft: MessageDraft, laneId?: string): ConversationMessage;

  /** Turns a lane to another message of its conversation; to before the first one with `null`. */
  setHead(conversationId: string, laneId: string, headId: string | null): void;

  /**
   * Replaces the lanes: their order, models and settings. A lane that was there already stays where it stands, even
   * where `headId` says otherwise, because another window may have moved it; `setHead` moves it.
   */
  setLanes(conversationId: string, lanes: readonly LaneState[]): void;

  /** Gives a conversation the user's title; an empty one gives it back the title of its first message. */
  rename(id: string, title: string): void;
  /** What every turn sends first; an empty text takes it away. */
  setSystem(id: string, system: string): void;
  setFitting(id: string, fitting: Fitting): void;
  setPinned(id: string, pinned: boolean): void;
  setArchived(id: string, archived: boolean): void;

  /** Deletes a conversation. It can be restored for {@link keepDeletedMs}; then its runs go with it. */
  delete(id: string): void;
  /** Brings a deleted conversation back as it was. */
  restore(id: string): void;

  /** Names the branch that begins at a message; an empty name takes the name away. */
  nameBranch(messageId: string, name: string): void;
  setFavourite(messageId: string, favourite: boolean): void;
  /** Says what the path says up to a message; `null` takes that away. */
  setSummary(messageId: string, summary: Summary | null): void;

  /**
   * Deletes a message and everything below it. Lanes that stood there go to the message above. Undone by
   * `restoreBranch` with what this returns, for {@link keepDeletedMs}.
   */
  deleteBranch(messageId: string): DeletedBranch;
  /** Brings a branch back, and the lanes that stood in it unless they have moved on since. */
  restoreBranch(deleted: DeletedBranch): void;

  /** The conversations and loose runs that a filter lets through, those that changed last first. */
  list(page: ListPage, filter?: HistoryFilter): HistoryList;
  /** The models and prompt files that a filter can name, in alphabetical order. */
  facets(): HistoryFacets;
  /** How many entries `list` has in all. */
  count(filter?: HistoryFilter): number;

  /**
   * Finds messages and ended answers that hold all the words, newest first. Words match regardless of case and accents;
   * the last one also as the beginning of a word; `"several words"` in quotes as they stand. Nothing is found for no words.
   */
  search(words: string, page: SearchPage): SearchList;

  /**
   * What has changed since a `cursor` that this gave; for `null` nothing, but a cursor to begin with, asked for before the
   * first list is read. Cheap enough to be asked every second.
   */
  changesSince(cursor: number | null): Changes;

  /**
   * The conversation that a run belongs to. A loose run becomes one: what was sent as messages, and its answer.
   * `undefined` where there is no such run.
   */
  openRun(runId: string): Conversation | undefined;

  /** Adds a conversation from a file. Ids that are taken are replaced, so the same file can be imported twice. */
  import(imported: ImportedConversation): Conversation;

  /** The runs of a conversation whole, as an export wants them, oldest first. */
  runs(conversationId: string): readonly Run[];
}

/** How long what was deleted can be restored, in ms. It is removed for good when the store is opened after that. */
export const keepDeletedMs = 30 * 24 * 60 * 60 * 1000;

export interface NewConversation {
  /** Absent for a new one. One that is taken is refused with an Error. */
  readonly id?: string;
  /** Absent to take the title from the first message. */
  readonly title?: string;
  readonly promptUri?: string;
  readonly system?: string;
  readonly fitting?: Fitting;
  /** At least one; `headId` is `null` in all of them. */
  readonly lanes?: readonly LaneState[];
}

/** A deletion that can be undone; plain data. */
export interface DeletedBranch {
  readonly messageId: string;
  /** The lanes that stood in the branch, with where they stood. */
  readonly heads: readonly { readonly laneId: string; readonly headId: string }[];
  /** How many messages it had, the one at its beginning included. */
  readonly count: number;
}

/** Which entries of the history are wanted; all conditions hold at once. */
export interface HistoryFilter {
  /** Those that began with this prompt file. */
  readonly promptUri?: string;
  /** Those with a run of this model, `provider/model` as asked for. */
  readonly modelId?: string;
  /** Those whose title, messages or answers hold these words, as in `search`. */
  readonly text?: string;
  /** Absent for both; loose runs are never pinned. */
  readonly pinned?: boolean;
  /** Defaults to false; loose runs are never archived. */
  readonly archived?: boolean;
}

export interface HistoryFacets {
  /** `provider/model` */
  readonly modelIds: readonly string[];
  readonly promptUris: readonly string[];
}

export interface ListPage {
  readonly limit: number;
  /** `next` of the page before; absent for the first page. */
  readonly after?: string;
}

export interface HistoryList {
  readonly entries: readonly HistoryEntry[];
  /** Where the next page begins; absent on the last page. */
  readonly next?: string;
}

/** A line of the history. A run is loose as long as it has no place in a conversation. */
export type HistoryEntry =
  | {
      readonly kind: 'conversation';
      readonly conversation: Omit<Conversation, 'lanes'>;
      readonly messageCount: number;
      /** The models of its runs, `provider/model`, in alphabetical order. */
      readonly modelIds: readonly string[];
      /** How its last run stands; absent where it has none. */
      readonly outcome?: Outcome;
    }
  | { readonly kind: 'run'; readonly run: Answer };

export interface SearchPage {
  readonly limit: number;
  /** `next` of the page before; absent for the first page. */
  readonly after?: number;
}

export interface SearchList {
  readonly hits: readonly SearchHit[];
  /** Where the next page begins; absent on the last page. */
  readonly next?: number;
}

/** One message or answer that was found. */
export interface SearchHit {
  /** The conversation and its title; both absent for a loose run. */
  readonly conversationId?: string;
  readonly title?: string;
  /** The message that was found; absent for a loose run. */
  readonly messageId?: string;
  /** The run that was found; absent for a message that is no run's answer. */
  readonly runId?: string;
  /** The run's model, `provider/model`; absent where `runId` is. */
  readonly modelId?: string;
  /** When the message was written or the run was started, in ms since 1970. */
  readonly at: number;
  /** The text around what was found, in pieces. */
  readonly snippet: readonly SnippetPiece[];
}

export interface SnippetPiece {
  readonly text: string;
  /** Whether this is what was looked for. */
  readonly isMatch: boolean;
}

export interface Changes {
  /** To be asked with the next time. */
  readonly cursor: number;
  /** Conversations that were added, changed, deleted or restored, and those in which a run began or ended. */
  readonly conversationIds: readonly string[];
  /** Loose runs that began or ended. */
  readonly runIds: readonly string[];
}
