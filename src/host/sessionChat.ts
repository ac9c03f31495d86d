import { workspace } from 'vscode';
import type { Part } from '../core/chat.ts';
import type { Fitting } from '../core/context/fitting.ts';
import { type FitView, shownFit } from '../core/context/fitView.ts';
import { untitled } from '../core/conversation/conversation.ts';
import type { Said, SaidSummary } from '../core/conversation/said.ts';
import type { DeletedBranch } from '../core/conversation/store.ts';
import { messageOf } from '../core/errors.ts';
import { callSettingsOf, laneRun, withOverrides } from '../core/run/overrides.ts';
import type { PreparedRun } from '../core/run/prepareRun.ts';
import { promptOf, type ChatView, type HostMessage, type LaneView, type PanelState } from '../protocol.ts';
import { Blocked, problemOf, untrusted } from './blocked.ts';
import { type Chat, type OpenedLane, type Turn } from './chat.ts';
import { fitTurn } from './chatFitting.ts';
import { followUp } from './followUp.ts';
import { gone } from './chatTree.ts';
import { laneMessage, nowhere, type ShownPath } from './chatTurns.ts';
import { emptyLane, type Lane } from './lane.ts';
import type { SessionSurroundings } from './sessionSurroundings.ts';

/** What was said in a lane, and what a follow-up would make of it. */
export interface SaidInLane extends Said {
  readonly prepared: PreparedRun;
  readonly fitting: Fitting;
  readonly summary: SaidSummary | undefined;
}

/** What a chat asks of the session that it is part of. */
export interface ChatSession {
  readonly surroundings: SessionSurroundings;
  /** The conversation that the session is there for; absent for that of a prompt. */
  readonly chatId: string | undefined;
  readonly state: () => PanelState;
  readonly lanes: () => readonly Lane[];
  readonly post: (message: HostMessage) => void;
  /** Puts lanes in the place of those that there are. */
  readonly setLanes: (views: readonly LaneView[]) => void;
  /** Turns whatever keeps every lane from running into a problem that the panel shows. */
  readonly guarded: (action: () => Promise<void>) => Promise<void>;
  /** Brings back, once, what the lanes showed when the window closed. */
  readonly restore: () => void;
  readonly keep: () => void;
}

/** What is done in the conversation of a session: said, tried again, turned to, opened, left. */
export class SessionChat {
  readonly #chat: Chat;
  readonly #session: ChatSession;
  /** The lanes that were closed here. */
  readonly #closed = new Set<string>();
  /** Whether it is told that the conversation was deleted. */
  #isGone = false;

  constructor(chat: Chat, session: ChatSession) {
    this.#chat = chat;
    this.#session = session;
  }

  /** The conversation that a lane takes part in; `null` while it shows a run of the prompt and nothing more. */
  idOf(lane: LaneView): string | null {
    return this.#chat.idOf(lane);
  }

  /** What a lane showed when the window closed; `undefined` where its conversation is gone. */
  shown(laneId: string): ShownPath | undefined {
    return this.#chat.shown(laneId);
  }

  /** What was said in a lane, and the run that a follow-up would make of it; `undefined` before a prompt's first answer. */
  saidIn(laneId: string): SaidInLane | undefined {
    const { lanes, prompt } = this.#session.state();
    const lane = lanes.find(({ id }) => id === laneId);
    if (!lane || !(lane.run || lane.message || this.#isChat)) return undefined;
    const said = this.#chat.saidIn(lane);
    return {
      ...said,
      prepared: followUp(this.#chat.runBefore(lane), promptOf(lane, prompt), said.messages),
      fitting: this.#chat.fitting,
      summary: this.#chat.summaryIn(said),
    };
  }

  /** The conversation that the lanes take part in; `null` while there is none. */
  get id(): string | null {
    return this.#session.state().chat?.id ?? null;
  }

  /** Asks a follow-up, or what a chat begins with, and says whether it was taken up: until then the view keeps it. */
  async send(text: string, along?: readonly Part[], laneIds?: readonly string[]): Promise<void> {
    const began = new Set<string>();
    await this.converse((chat, lane) => {
      const turn = chat.send(lane, text, along);
      const begin: Turn['begin'] = (run) => {
        const shown = turn.begin(run);
        if (began.size === 0) this.#session.post({ type: 'sent', isTaken: true });
        began.add(lane.id);
        return shown;
      };
      return { ...turn, begin };
    }, laneIds);
    if (began.size === 0) this.#session.post({ type: 'sent', isTaken: false });
  }

  /**
   * Asks for one more answer in every lane, or in these. A lane that runs already goes on as it is, and one that has
   * answered nothing yet has nothing to go on from, unless it is a chat.
   */
  async converse(turn: (chat: Chat, lane: LaneView) => Turn, laneIds?: readonly string[]): Promise<void> {
    const { guarded, restore, lanes, state, surroundings } = this.#session;
    await guarded(async () => {
      restore();
      if (!workspace.isTrusted) throw new Blocked(untrusted);
      const asked = lanes().filter(
        ({ id, isRunning, view }) =>
          !isRunning && (view.run || view.message || this.#isChat) && (!laneIds || laneIds.includes(id)),
      );
      if (asked.length === 0) return;
      this.#change({ problem: null });
      await Promise.all(
        asked.map((lane) =>
          lane.converse(async (signal) => {
            const before = this.#chat.runBefore(lane.view);
            const next = turn(this.#chat, lane.view);
            const whole = followUp(before, promptOf(lane.view, state().prompt), next.messages);
            const asked = { turn: next, lane: lane.view, prepared: whole };
            const { prepared, fit } = await fitTurn(this.#chat, surroundings, asked, signal);
            await surroundings.holdToBudget([laneRun(prepared, lane.view)]);
            return { prepared, begin: (run) => this.#begun({ ...next.begin(run), fit }) };
          }),
        ),
      );
    });
  }

  /** Turns a lane to another branch of its conversation, unless it runs. */
  turnTo(laneId: string, messageId: string): void {
    const lane = this.#session.lanes().find(({ id }) => id === laneId);
    if (!lane?.view.message || lane.isRunning) return;
    this.#reading(laneId, () => {
      const shown = this.#chat.turnTo(lane.view, messageId);
      if (shown) this.#changeLane(laneId, { ...shown, problem: null });
      this.#session.keep();
    });
  }

  /** Deletes a message and what follows it, unless the lane runs; returns what brings them back. */
  deleteMessage(laneId: string, messageId: string): DeletedBranch | undefined {
    const lane = this.#session.lanes().find(({ id }) => id === laneId);
    if (!lane || lane.isRunning) return undefined;
    return this.#reading(laneId, () => {
      const { deleted, shown } = this.#chat.delete(lane.view, messageId);
      this.#changeLane(laneId, { ...(shown ?? nowhere), problem: null });
      this.#session.keep();
      return deleted;
    });
  }

  /** Brings back what was deleted, and the lane to where it stood. */
  restoreMessage(laneId: string, deleted: DeletedBranch): void {
    this.#reading(laneId, () => {
      const shown = this.#chat.restore(laneId, deleted);
      if (shown) this.#changeLane(laneId, { ...shown, problem: null });
      this.#session.keep();
    });
  }

  /** Shows turns of a lane's conversation above those that are shown. */
  showEarlier(laneId: string): void {
    const lane = this.#session.lanes().find(({ id }) => id === laneId);
    this.#reading(laneId, () => {
      const earlier = lane && this.#chat.earlier(lane.view);
      if (earlier) this.#changeLane(laneId, earlier);
    });
  }

  /** Takes up a conversation in the place of the lanes that there are, which are stopped. */
  async open(conversationId: string): Promise<void> {
    await this.#session.guarded(() => {
      const opened = this.#chat.open(conversationId);
      if (!opened) throw gone();
      for (const lane of this.#session.lanes()) lane.stop();
      this.#change({ left: null, problem: null });
      this.#show(opened);
      return Promise.resolve();
    });
  }

  /**
   * Brings back what the lanes showed when the window closed. A chat that the history does not have is a new one.
   * @throws Error when the history cannot be read.
   */
  restore(): void {
    const { chatId } = this.#session;
    const opened = chatId === undefined ? undefined : this.#chat.open(chatId);
    if (opened) this.#show(opened);
    else this.showChat();
  }

  /** Goes back to the conversation that a run of the prompt has left, or lets it be. */
  async goBack(isWanted: boolean): Promise<void> {
    const { left } = this.#session.state();
    if (left && isWanted) await this.open(left.id);
    else this.#change({ left: null });
  }

  /** A lane, or every one, runs the prompt from the start, which takes it out of the conversation. */
  leave(laneId?: string): void {
    const { chat, lanes } = this.#session.state();
    if (chat && this.#chat.leave(lanes, laneId)) this.#change({ chat: null, left: chat });
  }

  /** Says what every turn of the chat sends first. */
  setSystem(text: string): void {
    if (!this.#isChat) return;
    try {
      this.#chat.setSystem(text, this.#session.state().lanes);
      this.showChat();
    } catch (error) {
      this.#change({ problem: problemOf(error) });
    }
  }

  /** Says what of the conversation is sent. */
  setFitting(fitting: Fitting): void {
    try {
      this.#chat.setFitting(fitting);
      this.showChat();
    } catch (error) {
      this.#change({ problem: problemOf(error) });
    }
  }

  /** Says what stands for what is left out up to a message; nothing for an empty text, so that another is written. */
  setSummary(laneId: string, messageId: string, text: string): void {
    const written = text.trim();
    this.#reading(laneId, () => {
      this.#chat.setSummary(messageId, written === '' ? null : { text: written, isEdited: true });
    });
  }

  /** Shows what of a lane's conversation would be sent. */
  showFit(laneId: string, fit: FitView | null): void {
    const shown = this.#session.state().lanes.find(({ id }) => id === laneId);
    if (!shown) return;
    const next = shownFit(shown.fit, fit);
    if (JSON.stringify(shown.fit) !== JSON.stringify(next)) this.#changeLane(laneId, { fit: next });
  }

  /** Shows what other panels and windows have written in the conversation. A lane that runs is caught up when it has ended. */
  reread(): void {
    try {
      const wasGone = this.#isGone;
      this.#isGone = this.#chat.isDeleted;
      if (this.#isGone) throw gone();
      if (wasGone) this.#change({ problem: null });
      this.#chat.rereadSystem();
      for (const { view, isRunning } of this.#session.lanes()) {
        const shown = view.message && !isRunning ? this.#chat.caughtUp(view) : undefined;
        if (shown) this.#changeLane(view.id, shown);
      }
      this.showChat();
    } catch (error) {
      this.#change({ problem: problemOf(error) });
    }
  }

  /** A lane is closed for good. */
  closed(laneId: string): void {
    this.#closed.add(laneId);
  }

  /** Writes which lanes the conversation has. */
  keepLanes(): void {
    const { chat, lanes } = this.#session.state();
    if (chat) this.#logged(() => this.#chat.keepLanes(lanes, this.#closed));
  }

  /** Tells what the lanes talk about, where that has changed. */
  showChat(): void {
    const { lanes, chat: shown, prompt } = this.#session.state();
    const { id, system } = this.#chat;
    const conversation = this.#logged(() => this.#chat.conversation);
    const isTalk = this.#isChat || lanes.some(({ message }) => message);
    const chat: ChatView | null = isTalk
      ? {
          id: id ?? this.#session.chatId ?? '',
          title: conversation?.title ?? untitled,
          system: this.#isChat ? system : null,
          fitting: conversation?.fitting ?? this.#chat.fitting,
        }
      : null;
    if (JSON.stringify(chat) === JSON.stringify(shown)) return;
    this.#change({ chat, ...(prompt?.isChat && chat ? { prompt: { ...prompt, name: chat.title } } : {}) });
  }

  /** What is beside an answer stops none: a history that fails now is asked again with the next change. */
  #logged<Result>(action: () => Result): Result | undefined {
    try {
      return action();
    } catch (error) {
      this.#session.surroundings.log.error(messageOf(error));
      return undefined;
    }
  }

  get #isChat(): boolean {
    return this.#session.chatId !== undefined;
  }

  /** An answer has its place now: what was left is done with, and the title may follow from what was said. */
  #begun<Shown extends Partial<LaneView>>(shown: Shown): Shown {
    this.#change({ left: null });
    return shown;
  }

  #show(opened: readonly OpenedLane[]): void {
    this.#closed.clear();
    this.#session.setLanes(opened.map((lane) => this.#viewOf(lane)));
    this.showChat();
  }

  /**
   * A lane as the history has it. In a chat it no longer rests on the prompt that it began with; in a prompt's panel it runs
   * the version that the lane of its name runs there.
   */
  #viewOf({ modelId, settings, ...lane }: OpenedLane): LaneView {
    const { run } = lane;
    const shown = this.#isChat ? undefined : this.#session.state().lanes.find(({ id }) => id === lane.id);
    const { promptVersion, version } = shown ?? emptyLane;
    const choice =
      this.#isChat && run
        ? { modelId: modelId ?? run.modelId, settings: withOverrides(callSettingsOf(run.request), settings) }
        : { modelId, settings };
    return { ...emptyLane, ...lane, ...choice, promptVersion, version };
  }

  /** What cannot be read or written is told in the lane that it is about. */
  #reading<Result>(laneId: string, action: () => Result): Result | undefined {
    try {
      return action();
    } catch (error) {
      this.#changeLane(laneId, { problem: problemOf(error) });
      return undefined;
    }
  }

  #change(state: Partial<PanelState>): void {
    this.#session.post({ type: 'change', state });
  }

  #changeLane(laneId: string, lane: Partial<LaneView>): void {
    this.#session.post(laneMessage(this.#session.state(), laneId, lane));
  }
}
