import { type Disposable, EventEmitter, type Uri } from 'vscode';
import { messageOf } from '../core/errors.ts';
import { maxLanes } from '../core/run/comparison.ts';
import type { LaneChoice } from '../core/run/overrides.ts';
import type { OpenedPrompt } from '../core/run/prepareRun.ts';
import type { VariableValues } from '../core/store.ts';
import {
  emptyPanel,
  foldPanel,
  type HostMessage,
  type LaneView,
  modelIdOf,
  type PanelState,
  type ConversationUsage,
} from '../protocol.ts';
import { Blocked, nothingToRun, problemOf } from './blocked.ts';
import { type ByVersion, fulfilledIn, resultOf } from './byVersion.ts';
import { unreadBasis } from './basis.ts';
import { Chat } from './chat.ts';
import { Composer } from './composer.ts';
import { chatIdOf } from './chatUri.ts';
import { laneMessage } from './chatTurns.ts';
import { EventBatch } from './eventBatch.ts';
import { emptyLane, Lane, withPathOf } from './lane.ts';
import { LaneChoices } from './laneChoices.ts';
import { LaneMemory } from './laneMemory.ts';
import { LanePrompts } from './lanePrompts.ts';
import { movedPanel } from './movedPanel.ts';
import { SessionChat } from './sessionChat.ts';
import type { SessionSurroundings } from './sessionSurroundings.ts';

/**
 * One prompt file at work: what is known of it, its values, and the lanes that it is run in. It lives on when its panel
 * is closed, so runs go on and are all there when the panel comes back.
 */
export class Session implements Disposable {
  #uri: Uri;
  readonly #surroundings: SessionSurroundings;
  readonly #messages = new EventEmitter<HostMessage>();
  readonly #batch = new EventBatch((runs) => this.#post({ type: 'run-events', runs }));
  readonly #memory: LaneMemory;
  /** What is done in the conversation of the lanes. */
  readonly chat: SessionChat;
  /** What goes along with the next message. */
  readonly composer: Composer;
  /** What each lane is run with. */
  readonly choices: LaneChoices;
  readonly #prompts: LanePrompts;
  #state: PanelState = emptyPanel;
  #lanes: readonly Lane[];
  #lanesMade = 0;
  #isRestored = false;

  /** Every change of `state`, in order. */
  readonly onMessage = this.#messages.event;

  constructor(uri: Uri, surroundings: SessionSurroundings) {
    this.#uri = uri;
    this.#surroundings = surroundings;
    this.#prompts = new LanePrompts(surroundings, {
      uri: () => this.#uri,
      state: () => this.#state,
      change: (change) => this.#change(change),
      changeLane: (id, change) => this.#changeLane(id, change),
    });
    this.choices = new LaneChoices({
      uri: () => this.#uri,
      state: () => this.#state,
      fold: (message) => {
        this.#state = foldPanel(this.#state, message);
      },
      changeLane: (id, change) => this.#changeLane(id, change),
      guarded: (action) => this.#guarded(action),
      open: () => this.#open(),
      show: () => this.show(),
      describe: () => this.#describe(),
      keep: () => this.#keep(),
    });
    this.#memory = new LaneMemory(() => this.#uri.toString(), surroundings);
    const chatId = chatIdOf(uri);
    // A conversation has its lanes in the history.
    const kept = chatId === undefined ? this.#memory.kept : [];
    const id =
      chatId ?? kept.find(({ conversationId }) => conversationId != null)?.conversationId ?? undefined;
    const chat = new Chat(surroundings.store, {
      ...(chatId === undefined ? { promptUri: () => this.#uri.toString() } : {}),
      ...(id === undefined ? {} : { id }),
    });
    const own = { surroundings, state: () => this.#state, post: this.#post.bind(this) };
    this.chat = new SessionChat(chat, {
      ...own,
      chatId,
      lanes: () => this.#lanes,
      setLanes: (lanes) => this.#setLanes(lanes),
      guarded: (action) => this.#guarded(action),
      restore: () => this.#restore(),
      keep: () => this.#keep(),
    });
    this.composer = new Composer({
      ...own,
      chat: this.chat,
      onMessage: this.onMessage,
      uri: () => this.#uri.toString(),
    });
    this.#lanesMade = Math.max(0, ...kept.map((lane) => Number(lane.id) || 0));
    const views =
      kept.length > 0 ? kept.map((lane) => this.#viewOf(lane, lane.id)) : [this.#viewOf(emptyLane)];
    this.#state = { ...emptyPanel, prompt: unreadBasis(uri), lanes: views };
    this.#lanes = views.map(({ id }) => this.#laneOf(id));
  }

  /** The prompt's, or that of the chat. */
  get uri(): Uri {
    return this.#uri;
  }

  /** Whether no prompt stands behind it. */
  get isChat(): boolean {
    return chatIdOf(this.uri) !== undefined;
  }

  get state(): PanelState {
    return this.#state;
  }

  /** Whether any lane runs. */
  get isRunning(): boolean {
    return this.#lanes.some((lane) => lane.isRunning);
  }

  /** Shows the prompt and its newest runs from the history, without running anything. */
  async show(): Promise<void> {
    await this.#guarded(async () => {
      this.#restore();
      const opened = await this.#open();
      if (!this.isChat) resultOf(opened, null);
      this.#change({ problem: null });
    });
  }

  /** Reads a prompt that is shown again after it was changed. What cannot be read while somebody types stays as it was. */
  async refresh(): Promise<void> {
    if (!this.#isRestored) return;
    const { status } = (await this.#open()).get(null) ?? {};
    if (status === 'fulfilled' && this.#state.problem?.position) this.#change({ problem: null });
  }

  /** Goes on as it is where the prompt's file was moved to. */
  async moveTo(uri: Uri): Promise<void> {
    this.#uri = uri;
    this.#change(movedPanel(this.#state, uri));
    await this.refresh();
  }

  /** Takes over what the versions that lanes run go by now. */
  async nameVersions(): Promise<void> {
    if (this.#state.lanes.some(({ version }) => version)) await this.refresh();
  }

  /**
   * Runs the prompt in every lane, or in one, with `values`, or else with those of the last run in this window. Where a
   * value is missing, the panel asks for it instead. A lane that runs already goes on as it is, and one whose version cannot
   * be read says so alone.
   */
  async run(values: VariableValues | undefined = this.#prompts.values, laneId?: string): Promise<void> {
    const lanes = this.#lanes.filter(
      (lane) => !lane.isRunning && (laneId === undefined || lane.id === laneId),
    );
    if (lanes.length === 0) return;
    await this.#guarded(async () => {
      this.#restore();
      if (this.isChat) throw new Blocked(nothingToRun);
      const views = lanes.map(({ view }) => view);
      const prepared = this.#prompts.prepare(values ?? {}, views).then(async (all) => {
        this.#describe();
        return this.#prompts.withinBudget(all, views);
      });
      const runs = lanes.map((lane) =>
        lane.run(prepared.then((all) => resultOf(all, lane.view.promptVersion))),
      );
      this.#change({});
      await Promise.all([prepared, ...runs]);
    });
  }

  /** Tells the panel what others have found out: values for its form, how full windows would be, what holds of a lane. */
  tell(message: Extract<HostMessage, { type: 'filled' | 'contexts' | 'lane' }>): void {
    this.#post(message);
  }

  /** Shows what the conversation has used. */
  showUsed(used: ConversationUsage | null): void {
    this.#change({ used });
  }

  /** Stops what runs in every lane, or in one; the text is kept. */
  stop(laneId?: string): void {
    for (const lane of this.#lanes) if (laneId === undefined || lane.id === laneId) lane.stop();
  }

  /** Adds lanes at the right hand, as many as there is room for. */
  add(...choices: readonly LaneChoice[]): void {
    const added = choices.slice(0, maxLanes - this.#lanes.length).map((choice) => this.#viewOf(choice));
    // What is talked about is what a new lane goes on with.
    const talk = this.#state.lanes.findLast(({ message }) => message);
    this.#setLanes([...this.#state.lanes, ...added.map((lane) => (talk ? withPathOf(talk, lane) : lane))]);
  }

  /** Puts these lanes in the place of all that there are, which are stopped. */
  replaceLanes(choices: readonly LaneChoice[]): void {
    this.stop();
    this.chat.leave();
    this.#setLanes(choices.slice(0, maxLanes).map((choice) => this.#viewOf(choice)));
  }

  /** Whether the prompt can be run with these values. Where it cannot, the panel says why, and asks for what is missing. */
  async isReady(values: VariableValues): Promise<boolean> {
    let isReady = false;
    await this.#guarded(async () => {
      this.#restore();
      isReady = fulfilledIn(await this.#prompts.prepare(values, this.#state.lanes)).length > 0;
    });
    return isReady;
  }

  /**
   * Puts these lanes in the place of all that there are, which are stopped, and runs them with `values`. Where the prompt
   * cannot be run or the budget does not let it, everything stays as it was.
   */
  async runIn(choices: readonly LaneChoice[], values: VariableValues): Promise<void> {
    await this.#guarded(async () => {
      this.#restore();
      const prepared = await this.#prompts.withinBudget(
        await this.#prompts.prepare(values, choices),
        choices,
      );
      if (fulfilledIn(prepared).length === 0) return;
      this.replaceLanes(choices);
      await Promise.all(
        this.#lanes.map((lane) => lane.run(Promise.try(() => resultOf(prepared, lane.view.promptVersion)))),
      );
    });
  }

  /** Puts a lane of the same version, model and settings beside a lane. */
  duplicate(laneId: string): void {
    const { lanes } = this.#state;
    const index = lanes.findIndex(({ id }) => id === laneId);
    const lane = lanes[index];
    if (!lane || lanes.length >= maxLanes) return;
    const copy = { ...this.#viewOf(lane), model: lane.model, version: lane.version };
    this.#setLanes(lanes.toSpliced(index + 1, 0, lane.message ? withPathOf(lane, copy) : copy));
  }

  /** Closes a lane and stops what runs in it; the last one stays. */
  remove(laneId: string): void {
    if (this.#lanes.length === 1) return;
    this.stop(laneId);
    this.chat.closed(laneId);
    this.#setLanes(this.#state.lanes.filter(({ id }) => id !== laneId));
  }

  /** Ends what runs because the window closes: it was not the user who stopped it. */
  dispose(): void {
    for (const lane of this.#lanes) lane.interrupt();
    this.composer.dispose();
    this.#batch.dispose();
  }

  /** Reads what the lanes run, and then what they call for it. */
  async #open(): Promise<ByVersion<OpenedPrompt>> {
    const opened = this.isChat ? this.#openChat() : await this.#prompts.open();
    this.#describe();
    return opened;
  }

  #openChat(): ByVersion<OpenedPrompt> {
    const basis = unreadBasis(this.uri);
    const { defaultModel: modelId } = this.#surroundings.settings();
    this.#change({ prompt: { ...basis, name: this.#state.chat?.title ?? basis.name, modelId } });
    return new Map();
  }

  /** Finds out what is known of each lane's model, while everything else goes on. */
  #describe(): void {
    for (const lane of this.#lanes) {
      const modelId = modelIdOf(lane.view, this.#state.prompt);
      if (modelId !== undefined) void lane.describe(modelId);
    }
  }

  /** Brings back, once, the runs that the lanes showed when the window closed, or else the prompt's newest. */
  #restore(): void {
    if (this.#isRestored) return;
    this.#isRestored = true;
    void this.composer.restore();
    if (this.isChat) {
      this.chat.restore();
      return;
    }
    for (const [id, lane] of this.#memory.shown(this.#state.lanes, this.chat)) this.#changeLane(id, lane);
    this.chat.showChat();
  }

  /** A new lane. The prompt's own model is none of the lane's. */
  #viewOf(choice: LaneChoice, id = String(++this.#lanesMade)): LaneView {
    const { modelId, settings, promptVersion, sampleCount } = choice;
    const own = promptVersion === null && modelId === this.#state.prompt?.modelId ? null : modelId;
    return { ...emptyLane, id, modelId: own, settings, promptVersion, sampleCount };
  }

  #laneOf(id: string): Lane {
    return new Lane(id, {
      surroundings: this.#surroundings,
      batch: this.#batch,
      view: () => this.#state.lanes.find((lane) => lane.id === id) ?? { ...emptyLane, id },
      change: (change) => {
        this.#changeLane(id, change);
        if (!change.run && !change.samples) return;
        this.chat.showChat();
        this.#keep();
      },
      leaveChat: () => this.chat.leave(id),
    });
  }

  #setLanes(views: readonly LaneView[]): void {
    // A conversation knows its lanes by their ids.
    this.#lanesMade = Math.max(this.#lanesMade, ...views.map(({ id }) => Number(id) || 0));
    this.#lanes = views.map(({ id }) => this.#lanes.find((lane) => lane.id === id) ?? this.#laneOf(id));
    const runsVersions = [...views, ...this.#state.lanes].some(({ promptVersion }) => promptVersion !== null);
    this.#change({ lanes: views });
    this.#keep();
    this.#describe();
    // A lane that came may have to be read, and one that went takes its variables along.
    if (runsVersions) void this.refresh();
  }

  /** Writes down which lanes there are, where they come back from: a conversation's in the history, those of a prompt here. */
  #keep(): void {
    this.chat.keepLanes();
    if (!this.isChat) this.#memory.keep(this.#state.lanes, this.chat);
  }

  /** Turns whatever keeps every lane from running into a problem that the panel shows. */
  async #guarded(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#change({ problem: problemOf(error) });
      if (!(error instanceof Blocked)) this.#surroundings.log.error(messageOf(error));
    }
  }

  #change(state: Partial<PanelState>): void {
    this.#post({ type: 'change', state });
  }

  #changeLane(laneId: string, lane: Partial<LaneView>): void {
    this.#post(laneMessage(this.#state, laneId, lane));
  }

  #post(message: HostMessage): void {
    this.#state = foldPanel(this.#state, message);
    this.#messages.fire(message);
  }
}
