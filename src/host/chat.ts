import { besideWritten, type Message, type Part, type ToolResultPart } from '../core/chat.ts';
import { type Fitting, keepAll } from '../core/context/fitting.ts';
import type { Summary } from '../core/context/summary.ts';
import {
  type Answers,
  type Conversation,
  ConversationError,
  type ConversationMessage,
  type LaneState,
} from '../core/conversation/conversation.ts';
import { type Said, saidOn, type SaidSummary, summaryIn } from '../core/conversation/said.ts';
import type { DeletedBranch } from '../core/conversation/store.ts';
import { childrenOf, forkAt, leafBelow, pathTo, siblingsOf } from '../core/conversation/tree.ts';
import { maxLanes } from '../core/run/comparison.ts';
import type { Run } from '../core/store.ts';
import type { LaneView } from '../protocol.ts';
import { caughtUp } from './caughtUp.ts';
import { type ChatStore, ChatTree, gone } from './chatTree.ts';
import { nowhere, type PathView, pathView, type ShownPath, turnsAtOnce } from './chatTurns.ts';
import { asksOn, notBegun, notRun } from './followUp.ts';

/** One more answer in a lane: what is said before it, and its place. */
export interface Turn extends Said {
  /**
   * Adds the answer to the conversation, as its run begins; returns how the lane then stands.
   * @throws ConversationError when the conversation is gone.
   */
  readonly begin: (run: Run) => ShownPath;
}

/** What a chat begins with. */
export interface ChatStart {
  /** The prompt file whose answers are gone on with, wherever it was moved to; absent for a chat without one. */
  readonly promptUri?: () => string;
  /** The conversation to go on with; absent where there is none yet. */
  readonly id?: string;
}

/** A lane of a conversation that is opened, and what it shows. */
export type OpenedLane = Pick<LaneView, 'id' | 'modelId' | 'settings'> & ShownPath;

/** What is said before the answer, or nothing: the answer follows what is there. */
type Words = Message | null;

/**
 * What a session's lanes talk about: one conversation, in which each lane has a path of its own. A prompt's is made at the
 * first follow-up, and a lane that runs the prompt again leaves it; when all have left, the next follow-up begins another
 * one. A chat without a prompt is its conversation from the first message on.
 *
 * Calls throw an Error that says what to do next when the history cannot be read. One that cannot be written stops
 * nothing: the conversation goes on in memory, and its answers say that they are not saved.
 */
export class Chat {
  readonly #store: ChatStore;
  readonly #promptUri: (() => string) | undefined;
  /** The id that a chat without a prompt will have. */
  readonly #reservedId: string | undefined;
  #tree: ChatTree | null;
  #system = '';
  #fitting: Fitting = keepAll;

  constructor(store: ChatStore, { promptUri, id }: ChatStart) {
    this.#store = store;
    this.#promptUri = promptUri;
    this.#reservedId = promptUri === undefined ? id : undefined;
    this.#tree = promptUri !== undefined && id !== undefined ? new ChatTree(store, id) : null;
  }

  /** The conversation that lanes take part in; `null` where there is none (yet). */
  get id(): string | null {
    return this.#tree?.id ?? null;
  }

  /** Whether it was deleted since it was taken up. */
  get isDeleted(): boolean {
    return this.#tree?.isDeleted ?? false;
  }

  /** As the history has it; `undefined` where it has none. */
  get conversation(): Conversation | undefined {
    return this.#tree?.conversation();
  }

  /** What every turn of the chat sends first; empty for nothing. */
  get system(): string {
    return this.#system;
  }

  /** How its paths are made to fit the windows of their models. */
  get fitting(): Fitting {
    return this.conversation?.fitting ?? this.#fitting;
  }

  /** The conversation that a lane takes part in; `null` while it shows a run of the prompt and nothing more. */
  idOf({ message }: Pick<LaneView, 'message'>): string | null {
    return message && this.id;
  }

  /**
   * Takes up a conversation of the history: its lanes, the first six of them, each with what it shows.
   * @returns `undefined` where the history has none of that id.
   */
  open(id: string): readonly OpenedLane[] | undefined {
    const stored = this.#store.conversations.get(id);
    if (!stored) return undefined;
    this.#tree = new ChatTree(this.#store, id);
    const { messages, conversation } = stored;
    this.#system = conversation.system ?? '';
    const last = messages.at(-1);
    const isNowhere = conversation.lanes.every(({ headId }) => headId === null);
    const newest = isNowhere && last ? leafBelow(messages, last.id).id : null;
    return conversation.lanes.slice(0, maxLanes).map(({ id: laneId, modelId, settings, headId }) => {
      const at = headId ?? newest;
      const shown = at === null ? undefined : this.#shownAt(at);
      return { id: laneId, modelId, settings, ...(shown ?? nowhere) };
    });
  }

  /** What a lane showed when the window closed; `undefined` where its conversation is gone. */
  shown(laneId: string): ShownPath | undefined {
    const headId = this.conversation?.lanes.find(({ id }) => id === laneId)?.headId;
    return headId == null ? undefined : this.#shownAt(headId);
  }

  /** Takes over the system prompt that another panel or window has written. */
  rereadSystem(): void {
    const { conversation } = this;
    if (conversation && this.#tree?.unsaved === undefined) this.#system = conversation.system ?? '';
  }

  /** How a lane stands after others have written in the conversation; `undefined` where it shows that already. */
  caughtUp(lane: LaneView): ShownPath | undefined {
    const messages = this.#messages();
    const pathAt = (headId: string): PathView | undefined => this.#pathAt(headId, lane.earlier, messages);
    return caughtUp(lane, { tree: this.#known(), messages, pathAt });
  }

  /** What the lane has talked about. Changes nothing: one that is not in the conversation stays outside. */
  saidIn({ message, run }: LaneView): Said {
    if (message) {
      const path = pathTo(this.#messages(), message.id);
      return this.#said(path, this.#known().answers(path));
    }
    if (!run) return this.#said([], new Map());
    const asked = run.request.messages.map(({ role, content }) => ({ ...outside, role, content }));
    const answer = { ...outside, role: 'assistant' as const, content: [], runId: run.id };
    return this.#said([...asked, answer], new Map([[run.id, run]]));
  }

  /** The run that a lane goes on from, also where the answer of that was deleted; `null` where it has none. */
  runBefore({ run, message }: LaneView): Run | null {
    return run ?? (message && this.#known().runBefore(message.id)) ?? null;
  }

  /**
   * A follow-up below what the lane shows, or the first message of a chat.
   * @param along what goes before the text, which may then be empty: images and attached texts.
   */
  send(lane: LaneView, text: string, along: readonly Part[] = []): Turn {
    const written = text.trim() === '' && along.length > 0 ? [] : [{ type: 'text' as const, text }];
    return this.#below(lane, this.#enter(lane), { role: 'user', content: [...along, ...written] });
  }

  /** A message of the user in other words, beside the old one. */
  edit(lane: LaneView, messageId: string, text: string): Turn {
    this.#enter(lane);
    const messages = this.#messages();
    const { parentId } = forkAt(messages, messageId);
    // What went along with it stays.
    const along = besideWritten(messages.find(({ id }) => id === messageId)?.content ?? []);
    return this.#below(lane, parentId, { role: 'user', content: [...along, { type: 'text', text }] });
  }

  /** Another try at an answer, the newest where none is named, beside the old one. */
  retry(lane: LaneView, messageId?: string): Turn {
    const newest = this.#enter(lane);
    if (newest === null) throw new ConversationError(notBegun);
    const { parentId, role } = forkAt(this.#messages(), messageId ?? newest);
    // What the user said last may have got no answer yet.
    return this.#below(lane, role === 'assistant' ? parentId : newest, null);
  }

  /** What the tools answered that the newest answer calls, and the model's next answer below it. */
  answerCalls(lane: LaneView, results: readonly ToolResultPart[]): Turn {
    return this.#below(lane, this.#enter(lane), { role: 'tool', content: results });
  }

  /** The rest of an answer that was cut off, below it. */
  resume(lane: LaneView): Turn {
    return this.#below(lane, this.#enter(lane), null);
  }

  /** Turns a lane to the branch of a message, where that was left last. */
  turnTo({ id: laneId, earlier }: LaneView, messageId: string): ShownPath | undefined {
    const messages = this.#messages();
    const shown = this.#shownAt(leafBelow(messages, messageId).id, earlier, messages);
    const headId = shown?.message?.id;
    if (headId !== undefined) {
      this.#known().change((conversations) => conversations.setHead(this.#known().id, laneId, headId));
    }
    return shown;
  }

  /**
   * Deletes a message and what follows it. The lane turns to the message beside it, or else stands at the one above.
   * `shown` is absent where nothing is left to show.
   */
  delete(
    lane: LaneView,
    messageId: string,
  ): { readonly deleted: DeletedBranch; readonly shown: ShownPath | undefined } {
    const { conversations } = this.#store;
    const beside = siblingsOf(this.#messages(), messageId).filter(({ id }) => id !== messageId);
    const { parentId } = forkAt(this.#messages(), messageId);
    const deleted = conversations.deleteBranch(messageId);
    const messages = this.#messages();
    const last = beside.at(-1);
    const headId = last ? leafBelow(messages, last.id).id : parentId;
    const shown = headId === null ? undefined : this.#shownAt(headId, lane.earlier, messages);
    conversations.setHead(this.#known().id, lane.id, shown?.message?.id ?? headId);
    return { deleted, shown };
  }

  /** Brings back what was deleted, and shows the lane where it stood. */
  restore(laneId: string, deleted: DeletedBranch): ShownPath | undefined {
    this.#store.conversations.restoreBranch(deleted);
    const headId = deleted.heads.find((head) => head.laneId === laneId)?.headId;
    if (headId !== undefined) this.#store.conversations.setHead(this.#known().id, laneId, headId);
    return headId === undefined ? undefined : this.#shownAt(headId);
  }

  /** The lane's turns with some more above them; `undefined` where it has none. */
  earlier({ message, earlier }: LaneView): Pick<LaneView, 'turns' | 'earlier'> | undefined {
    if (!message || earlier === 0) return undefined;
    const path = this.#pathAt(message.id, Math.max(0, earlier - turnsAtOnce));
    return path && { turns: path.turns, earlier: path.earlier };
  }

  /**
   * Takes a lane out of the conversation, or all, without a change in the history: there it stands as it was.
   * @returns whether none is left in it, so that the next follow-up begins another one.
   */
  leave(lanes: readonly LaneView[], laneId?: string): boolean {
    if (lanes.some(({ id, message }) => message && laneId !== undefined && id !== laneId)) return false;
    this.#tree = null;
    return true;
  }

  /** What every turn of the chat sends first; nothing for an empty text. Begins the conversation where there is none. */
  setSystem(system: string, lanes: readonly LaneView[]): void {
    if (!this.#tree && system.trim() === '') return;
    this.#system = system.trim();
    this.#tree ??= this.#begun(lanes.map(laneState));
    const { id } = this.#tree;
    this.#tree.change((conversations) => conversations.setSystem(id, system));
  }

  /** Says how its paths are made to fit. Before there is a conversation, for the one that will begin. */
  setFitting(fitting: Fitting): void {
    this.#fitting = fitting;
    const { id } = this.#tree ?? {};
    if (id !== undefined) this.#tree?.change((conversations) => conversations.setFitting(id, fitting));
  }

  /** The summary that stands for most of what is said; `undefined` where nothing is summarised. */
  summaryIn(said: Said): SaidSummary | undefined {
    return summaryIn(said, this.#tree?.messages() ?? []);
  }

  setSummary(messageId: string, summary: Summary | null): void {
    this.#known().setSummary(messageId, summary);
  }

  /** Writes which lanes there are and what they call. Those of the conversation that were never shown stay. */
  keepLanes(lanes: readonly LaneView[], closed: ReadonlySet<string>): void {
    const stored = this.#tree?.conversation();
    if (!stored) return;
    const shown = lanes.map(laneState);
    const inChat = shown.filter(
      ({ id, headId }) =>
        headId !== null || this.#promptUri === undefined || stored.lanes.some((lane) => lane.id === id),
    );
    const hidden = stored.lanes.filter(({ id }) => !closed.has(id) && shown.every((lane) => lane.id !== id));
    const wanted = [...inChat, ...hidden];
    const said = (all: readonly LaneState[]): string =>
      JSON.stringify(all.map(({ headId: _, ...lane }) => lane));
    if (wanted.length === 0 || said(wanted) === said(stored.lanes)) return;
    this.#tree?.change((conversations) => conversations.setLanes(stored.id, wanted));
  }

  #below(lane: LaneView, parentId: string | null, said: Words): Turn {
    const tree = this.#known();
    const path = pathTo(tree.messages(), parentId);
    const asked = said
      ? [...path, { id: '', conversationId: tree.id, createdAt: 0, parentId, ...said }]
      : path;
    const spoken = this.#said(asked, tree.answers(path));
    return {
      ...(spoken.continues && !lane.model?.capabilities.continues ? asksOn(spoken) : spoken),
      begin: (run) => {
        const above = said ? this.#saidAt(parentId, said) : parentId;
        const answer = { parentId: above, role: 'assistant', content: [], runId: run.id } as const;
        const { id } = tree.append(answer, lane.id);
        const shown = this.#pathAt(id, lane.message ? lane.earlier : undefined);
        const { turns = [], earlier = 0, message = null, lead = '' } = shown ?? {};
        const { unsaved } = tree;
        return { turns, earlier, message, lead, run: unsaved === undefined ? run : { ...run, unsaved } };
      },
    };
  }

  /**
   * The message at which a lane stands; `null` before the first one of a chat. A lane that is not in the conversation
   * enters it with the run that it shows.
   */
  #enter(lane: LaneView): string | null {
    const { id: laneId, message, run } = lane;
    this.#tree?.remember(run);
    if (message) return message.id;
    if (!run && this.#promptUri !== undefined) throw new ConversationError(notRun);
    const own: LaneState = { ...laneState(lane), headId: null };
    const stored = this.#tree?.conversation();
    if (!this.#tree) {
      this.#tree = this.#begun([own]);
    } else if (stored) {
      const head = stored.lanes.find(({ id }) => id === laneId)?.headId;
      const messages = this.#tree.messages();
      // It entered before, for an answer that then could not begin.
      if (run && head != null && messages.some(({ id, runId }) => id === head && runId === run.id))
        return head;
      const others = stored.lanes.filter(({ id }) => id !== laneId);
      this.#tree.change((conversations) => {
        conversations.setLanes(stored.id, [...others, own]);
        // One that was in it before stands where it was then.
        conversations.setHead(stored.id, laneId, null);
      });
    }
    this.#tree.remember(run);
    let parentId: string | null = null;
    for (const { role, content } of run?.request.messages ?? []) {
      parentId = this.#tree.append({ parentId, role, content }).id;
    }
    if (!run) return null;
    return this.#tree.append({ parentId, role: 'assistant', content: [], runId: run.id }, laneId).id;
  }

  #begun(lanes: readonly LaneState[]): ChatTree {
    return ChatTree.begin(this.#store, {
      ...(this.#promptUri === undefined ? {} : { promptUri: this.#promptUri() }),
      ...(this.#reservedId === undefined ? {} : { id: this.#reservedId }),
      ...(this.#system === '' ? {} : { system: this.#system }),
      ...(this.#fitting === keepAll ? {} : { fitting: this.#fitting }),
      lanes,
    });
  }

  /** The message with these words, which lanes that stand in one place share. */
  #saidAt(parentId: string | null, said: Message): string {
    const text = JSON.stringify(said.content);
    const same = childrenOf(this.#messages(), parentId).find(
      ({ role, content }) => role === said.role && JSON.stringify(content) === text,
    );
    return (same ?? this.#known().append({ parentId, ...said })).id;
  }

  #said(path: readonly ConversationMessage[], answers: Answers): Said {
    return saidOn(path, answers, { system: this.#system, isOfPrompt: this.#promptUri !== undefined });
  }

  #shownAt(headId: string, earlier?: number, messages = this.#messages()): ShownPath | undefined {
    const path = this.#pathAt(headId, earlier, messages);
    if (!path) return undefined;
    const { runId, ...shown } = path;
    return { ...shown, run: runId === null ? null : (this.#known().run(runId) ?? null) };
  }

  #pathAt(headId: string, earlier?: number, messages = this.#messages()): PathView | undefined {
    return pathView(messages, pathTo(messages, headId), {
      from: this.#promptUri === undefined ? 'start' : 'answer',
      answersOf: (shown) => this.#known().answers(shown),
      ...(earlier === undefined ? {} : { earlier }),
    });
  }

  #messages(): readonly ConversationMessage[] {
    return this.#known().messages();
  }

  #known(): ChatTree {
    if (!this.#tree) throw gone();
    return this.#tree;
  }
}

/** A message that is in no conversation yet. */
const outside = { id: '', conversationId: '', createdAt: 0, parentId: null };

function laneState({ id, modelId, settings, message }: LaneView): LaneState {
  return { id, modelId, settings, headId: message?.id ?? null };
}
