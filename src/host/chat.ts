import type { Message, ToolResultPart } from '../core/chat.ts';
import {
  type Answers,
  ConversationError,
  type ConversationMessage,
} from '../core/conversation/conversation.ts';
import { requestMessages } from '../core/conversation/request.ts';
import type { ConversationStore, DeletedBranch } from '../core/conversation/store.ts';
import { forkAt, leafBelow, pathTo, siblingsOf } from '../core/conversation/tree.ts';
import type { PreparedRun } from '../core/run/prepareRun.ts';
import type { Run, RunStore } from '../core/store.ts';
import type { LaneView, PromptSetup } from '../protocol.ts';
import { type PathView, pathView, type ShownPath, turnsAtOnce } from './chatTurns.ts';

/** Where runs and conversations are kept. */
export interface ChatStore extends RunStore {
  readonly conversations: ConversationStore;
}

/** One more answer in a lane: what is sent for it, and its place. */
export interface Turn {
  readonly messages: readonly Message[];
  /**
   * Adds the answer to the conversation, as its run begins; returns how the lane then stands.
   * @throws Error when the conversation cannot be written.
   */
  readonly begin: (run: Run) => ShownPath;
}

/** What a lane has talked about so far, as the next turn sends it. */
export interface Talk {
  readonly messages: readonly Message[];
  /** How many of them are the prompt's own. */
  readonly promptMessages: number;
}

/** What is said before the answer, or nothing: the answer follows what is there. */
type Said = Message | null;

/**
 * What a session's lanes talk about: one conversation, made at the first follow-up, in which each lane has a path of its
 * own. A lane that runs the prompt again leaves it; when all have left, the next follow-up begins another one.
 *
 * Every call throws an Error that says what to do next when the history cannot be read or written.
 */
export class Chat {
  readonly #store: ChatStore;
  readonly #promptUri: string;
  #id: string | null;

  /** @param id The conversation that was kept; `null` where there is none to go on with. */
  constructor(store: ChatStore, promptUri: string, id: string | null) {
    this.#store = store;
    this.#promptUri = promptUri;
    this.#id = id;
  }

  /** The conversation that a lane takes part in; `null` while it shows a run of the prompt and nothing more. */
  idOf({ message }: Pick<LaneView, 'message'>): string | null {
    return message ? this.#id : null;
  }

  /** What a lane showed when the window closed; `undefined` where its conversation is gone. */
  shown(laneId: string): ShownPath | undefined {
    if (this.#id === null) return undefined;
    const conversation = this.#store.conversations.get(this.#id)?.conversation;
    const headId = conversation?.lanes.find(({ id }) => id === laneId)?.headId;
    return headId == null ? undefined : this.#shownAt(headId);
  }

  /** What the lane has talked about. Changes nothing: one that is not in the conversation stays outside. */
  talk({ message, run }: LaneView): Talk {
    if (!run) throw new ConversationError(notRun);
    if (message) {
      const path = pathTo(this.#messages(), message.id);
      return talkOf(path, this.#answersOf(path));
    }
    const asked = run.request.messages.map(({ role, content }) => ({ ...outside, role, content }));
    const answer = { ...outside, role: 'assistant' as const, content: [], runId: run.id };
    return talkOf([...asked, answer], new Map([[run.id, run]]));
  }

  /** A follow-up below what the lane shows. */
  send(lane: LaneView, text: string, images: readonly string[] = []): Turn {
    const content = [
      ...images.map((url) => ({ type: 'image' as const, url })),
      { type: 'text' as const, text },
    ];
    return this.#below(lane, this.#enter(lane), { role: 'user', content });
  }

  /** A message of the user in other words, beside the old one. */
  edit(lane: LaneView, messageId: string, text: string): Turn {
    this.#enter(lane);
    const messages = this.#messages();
    const { parentId } = forkAt(messages, messageId);
    // Its images stay.
    const others =
      messages.find(({ id }) => id === messageId)?.content.filter(({ type }) => type !== 'text') ?? [];
    return this.#below(lane, parentId, { role: 'user', content: [...others, { type: 'text', text }] });
  }

  /** Another try at an answer, the newest where none is named, beside the old one. */
  retry(lane: LaneView, messageId?: string): Turn {
    const newest = this.#enter(lane);
    const { parentId } = forkAt(this.#messages(), messageId ?? newest);
    return this.#below(lane, parentId, null);
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
  turnTo(lane: LaneView, messageId: string): ShownPath | undefined {
    const messages = this.#messages();
    const shown = this.#shownAt(leafBelow(messages, messageId).id, lane.earlier, messages);
    if (shown?.message) this.#store.conversations.setHead(this.#known(), lane.id, shown.message.id);
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
    conversations.setHead(this.#known(), lane.id, shown?.message?.id ?? headId);
    return { deleted, shown };
  }

  /** Brings back what was deleted, and shows the lane where it stood. */
  restore(laneId: string, deleted: DeletedBranch): ShownPath | undefined {
    const { conversations } = this.#store;
    conversations.restoreBranch(deleted);
    const headId = deleted.heads.find((head) => head.laneId === laneId)?.headId;
    if (headId !== undefined) conversations.setHead(this.#known(), laneId, headId);
    return headId === undefined ? undefined : this.#shownAt(headId);
  }

  /** The lane's turns with some more above them; `undefined` where it has none. */
  earlier({ message, earlier }: LaneView): Pick<LaneView, 'turns' | 'earlier'> | undefined {
    if (!message || earlier === 0) return undefined;
    const path = this.#pathAt(message.id, Math.max(0, earlier - turnsAtOnce));
    return path && { turns: path.turns, earlier: path.earlier };
  }

  /** Takes a lane out of the conversation, which stays in the history. */
  leave(laneId: string, lanes: readonly LaneView[]): void {
    const inChat = lanes.filter(({ message }) => message);
    if (this.#id === null || !inChat.some(({ id }) => id === laneId)) return;
    const id = this.#id;
    if (inChat.length === 1) this.#id = null;
    this.#store.conversations.setHead(id, laneId, null);
  }

  #below(lane: LaneView, parentId: string | null, said: Said): Turn {
    const id = this.#known();
    const path = pathTo(this.#messages(), parentId);
    const asked = said ? [...path, { id: '', conversationId: id, createdAt: 0, parentId, ...said }] : path;
    return {
      messages: requestMessages(asked, this.#answersOf(path)).messages,
      begin: (run) => {
        const { conversations } = this.#store;
        const above = said ? conversations.append(id, { parentId, ...said }).id : parentId;
        const answer = conversations.append(
          id,
          { parentId: above, role: 'assistant', content: [], runId: run.id },
          lane.id,
        );
        const shown = this.#pathAt(answer.id, lane.message ? lane.earlier : undefined);
        const { turns = [], earlier = 0, message = null } = shown ?? {};
        return { turns, earlier, message, run };
      },
    };
  }

  /** The message at which a lane stands. One that is not in the conversation enters it with the run that it shows. */
  #enter({ id: laneId, modelId, settings, message, run }: LaneView): string {
    if (message) return message.id;
    if (!run) throw new ConversationError(notRun);
    const { conversations } = this.#store;
    const lane = { id: laneId, modelId, settings, headId: null };
    const tree = this.#id === null ? undefined : conversations.get(this.#id);
    const head = tree?.conversation.lanes.find(({ id }) => id === laneId)?.headId;
    // It entered before, for an answer that then could not begin.
    if (head != null && tree?.messages.some(({ id, runId }) => id === head && runId === run.id)) return head;
    if (tree) {
      const lanes = tree.conversation.lanes.filter(({ id }) => id !== laneId);
      conversations.setLanes(tree.conversation.id, [...lanes, lane]);
    }
    const { id } = tree?.conversation ?? conversations.create({ promptUri: this.#promptUri, lanes: [lane] });
    this.#id = id;
    let parentId: string | null = null;
    for (const { role, content } of run.request.messages) {
      parentId = conversations.append(id, { parentId, role, content }).id;
    }
    const answer = { parentId, role: 'assistant', content: [], runId: run.id } as const;
    return conversations.append(id, answer, laneId).id;
  }

  #shownAt(headId: string, earlier?: number, messages = this.#messages()): ShownPath | undefined {
    const path = this.#pathAt(headId, earlier, messages);
    const run = path && this.#store.get(path.runId);
    return run && { turns: path.turns, earlier: path.earlier, message: path.message, run };
  }

  #pathAt(headId: string, earlier?: number, messages = this.#messages()): PathView | undefined {
    return pathView(messages, pathTo(messages, headId), (shown) => this.#answersOf(shown), earlier);
  }

  #answersOf(path: readonly ConversationMessage[]): ReturnType<ConversationStore['answers']> {
    const runIds = path.flatMap(({ runId }) => (runId === undefined ? [] : [runId]));
    return this.#store.conversations.answers(this.#known(), runIds);
  }

  #messages(): readonly ConversationMessage[] {
    const tree = this.#store.conversations.get(this.#known());
    if (!tree) throw gone();
    return tree.messages;
  }

  #known(): string {
    if (this.#id === null) throw gone();
    return this.#id;
  }
}

/** A message that is in no conversation yet. */
const outside = { id: '', conversationId: '', createdAt: 0, parentId: null };

function talkOf(path: readonly ConversationMessage[], answers: Answers): Talk {
  const first = path.findIndex(({ runId }) => runId !== undefined);
  return {
    messages: requestMessages(path, answers).messages,
    promptMessages: requestMessages(path.slice(0, first), answers).messages.length,
  };
}

/** The run of a follow-up: what the lane's run was, with the prompt's model and settings as they are now. */
export function followUp(
  { run }: LaneView,
  prompt: PromptSetup | null,
  messages: readonly Message[],
): PreparedRun {
  if (!run) throw new ConversationError(notRun);
  const { modelId = run.modelId, settings } = prompt ?? {};
  const isRead = prompt?.version !== undefined && settings !== undefined;
  return {
    warnings: [],
    input: {
      ...(run.prompt ? { prompt: run.prompt } : {}),
      variables: run.variables,
      modelId,
      request: { ...run.request, messages, ...(isRead ? { settings } : {}) },
    },
  };
}

const notRun = 'Run the prompt first, then go on from its answer.';

function gone(): ConversationError {
  return new ConversationError('This conversation was deleted. Run the prompt again to begin another one.');
}
