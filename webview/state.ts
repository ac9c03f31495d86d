import {
  type Filled,
  foldPanel,
  laneIsRunning,
  newestRun,
  overridesThatDiffer,
  protocolVersion,
  type CodeAction,
  type HostMessage,
  type PanelAction,
  type SettingOverrides,
  type ViewMessage,
} from '../src/protocol.ts';
import { lanesAsked, reasonAgainstImages } from './lanesAsked.ts';
import { type AnswerMode, type Saved, savedFrom, savedOf } from './saved.ts';
import type { Frames } from './frames.ts';
import { readFiles } from './draftFiles.ts';
import type { DraftImage } from './images.ts';
import { draftsThatDiffer, filledDrafts, readForm, valuesShown, type Drafts } from './form.ts';
import { firstView, type LaneRequest, takenOver, type View } from './view.ts';

/** The host is told what is written when nothing has changed for this long, in ms. */
const quietMs = 120;

/** What VS Code gives a webview; `getState` survives a reload of the webview. */
export interface VsCodeApi {
  postMessage(message: ViewMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** The panel's state: what the host sent, folded, and what the user typed. */
export class PanelStore {
  view: View;
  #saved: Saved;
  readonly #api: VsCodeApi;
  readonly #frames: Frames;
  /** The draft that the host knows. */
  #toldOf: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Ends when all images that were given have been read. */
  #reading: Promise<void> = Promise.resolve();

  /** Every change of `view` asks for a frame. */
  constructor(api: VsCodeApi, frames: Frames) {
    this.#api = api;
    this.#frames = frames;
    this.#saved = savedFrom(api.getState());
    this.view = firstView(this.#saved);
  }

  /** What another page can take over. */
  get saved(): Saved {
    return this.#saved;
  }

  tellSilence(hostIsSilent: boolean): void {
    this.#set({ hostIsSilent });
  }

  /** Tells the host that messages are listened to; it answers with a snapshot. */
  connect(): void {
    this.#api.postMessage({ type: 'ready', protocol: protocolVersion });
  }

  receive(message: HostMessage): void {
    if (message.type === 'snapshot' && message.protocol !== protocolVersion) {
      this.#set({ connection: 'outdated' });
      return;
    }
    // What the host said before it was asked is in the snapshot.
    if (message.type !== 'snapshot' && this.view.connection !== 'open') return;
    if (message.type === 'filled') {
      this.#fill(message);
      this.#api.postMessage({ type: 'has-filled', id: message.id });
      return;
    }
    if (message.type === 'sent') {
      this.#taken(message.isTaken);
      return;
    }
    if (message.type === 'snapshot' && message.kept !== undefined) {
      const kept = savedFrom(message.kept);
      this.view = takenOver(this.view, kept);
      this.#saved = { ...kept, drafts: this.view.drafts };
    }
    const before = this.view.panel;
    const panel = foldPanel(before, message);
    if (message.type === 'run-events') {
      this.view = { ...this.view, panel };
      this.#frames.unhurried();
      return;
    }
    const newRun = newestRun(panel.lanes)?.id !== newestRun(before.lanes)?.id;
    const newPrompt = panel.prompt?.uri !== before.prompt?.uri;
    // A prompt that was there before is the same one, moved to another place.
    const typed = before.prompt ? this.view.drafts : this.#savedDrafts(panel.prompt?.uri);
    this.#set({
      connection: 'open',
      panel,
      drafts: draftsThatDiffer(panel.prompt?.fields ?? [], valuesShown(panel), typed),
      ...(newRun || newPrompt ? { messages: {}, filled: undefined } : {}),
    });
    this.#save();
    if (this.#toldOf !== this.view.draft || newPrompt) this.#tellDraft();
  }

  type(name: string, text: string): void {
    const { panel, drafts, messages } = this.view;
    const fields = panel.prompt?.fields ?? [];
    this.#set({
      drafts: draftsThatDiffer(fields, valuesShown(panel), { ...drafts, [name]: text }),
      messages: without(messages, name),
      filled: undefined,
    });
    this.#save();
    this.#formChanged();
  }

  /** Asks the host where to fill the form from, or to keep what it says. */
  askToFill(): void {
    const { panel, drafts } = this.view;
    const { values, messages } = readForm(panel.prompt?.fields ?? [], valuesShown(panel), drafts);
    const unfit = Object.keys(messages).filter((name) => (drafts[name] ?? '') !== '');
    this.#api.postMessage({ type: 'fill', values, unfit });
  }

  /** Asks the host where to fill one field from, or at once which file. */
  askToFillField(name: string, source?: 'file'): void {
    this.#api.postMessage({ type: 'fill-field', name, ...(source ? { source } : {}) });
  }

  /** Takes back what the form was filled with. */
  unfill(): void {
    const { filled, panel } = this.view;
    if (!filled) return;
    const fields = panel.prompt?.fields ?? [];
    this.#set({
      drafts: draftsThatDiffer(fields, valuesShown(panel), filled.before),
      messages: {},
      filled: undefined,
    });
    this.#save();
    this.#formChanged();
  }

  /**
   * Asks the host to run the prompt with the form's values, in every lane or in one, or says beside the fields what they
   * lack. What runs already is not started again.
   */
  run(laneId?: string): void {
    const { panel, drafts } = this.view;
    const lanes = panel.lanes.filter(({ id }) => laneId === undefined || id === laneId);
    // A chat has nothing to run: the same keys send what is written.
    if (panel.prompt?.isChat) {
      this.send();
      return;
    }
    if (!panel.prompt || lanes.every(laneIsRunning)) return;
    const { values, messages } = readForm(panel.prompt.fields, valuesShown(panel), drafts);
    this.#set({ messages });
    if (Object.keys(messages).length > 0) return;
    this.#api.postMessage({ type: 'run', values, ...(laneId === undefined ? {} : { laneId }) });
  }

  /** Stops what runs, in every lane or in one. */
  stop(laneId?: string): void {
    const runs = this.view.panel.lanes.filter(
      (lane) => laneIsRunning(lane) && (laneId === undefined || lane.id === laneId),
    );
    if (runs.length > 0) this.#api.postMessage({ type: 'stop', ...(laneId === undefined ? {} : { laneId }) });
  }

  /** Gives a lane a setting of its own; `null` leaves it to the service. */
  setSetting(laneId: string, setting: SettingOverrides): void {
    const { panel } = this.view;
    const lane = panel.lanes.find(({ id }) => id === laneId);
    if (!lane || !panel.prompt) return;
    const settings = overridesThatDiffer(panel.prompt.settings, { ...lane.settings, ...setting });
    this.#set({ panel: foldPanel(panel, { type: 'lane', laneId, lane: { settings } }) });
    this.#api.postMessage({ type: 'set-settings', laneId, settings });
    this.#draftChanged();
  }

  /** Asks the host for something that it does with what the form says: a sweep, or to keep the comparison. */
  askWithValues(type: 'sweep' | 'save-comparison'): void {
    const { panel, drafts } = this.view;
    const { values } = readForm(panel.prompt?.fields ?? [], valuesShown(panel), drafts);
    this.#api.postMessage({ type, values });
  }

  /** Asks the host for something that it does with a lane, or with all. */
  ask(message: Extract<ViewMessage, { type: LaneRequest }>): void {
    this.#api.postMessage(message);
  }

  /** Says a message in other words and asks again. Returns why it cannot be asked yet; `undefined` where it is. */
  edit(laneId: string, messageId: string, text: string): string | undefined {
    const lane = this.view.panel.lanes.find(({ id }) => id === laneId);
    if (lane && laneIsRunning(lane)) return 'Wait for the answer, or stop it.';
    this.#api.postMessage({ type: 'edit', laneId, messageId, text });
    return undefined;
  }

  /** Puts lines of a message, each behind a `>`, into the composer, where the user goes on. */
  quote(text: string): void {
    const lines = text
      .trim()
      .split('\n')
      .map((line) => `> ${line}`);
    const before = this.view.followUp.trimEnd();
    this.#writeFollowUp(`${before === '' ? '' : `${before}\n\n`}${lines.join('\n')}\n\n`);
  }

  /** Takes files along with the follow-up: texts, and images if the models that are asked take any. */
  async addFiles(files: readonly File[]): Promise<void> {
    const reason = reasonAgainstImages(this.view);
    // One after another: what is pasted while others are read would be lost with them.
    this.#reading = this.#reading.then(async () => {
      const { images, texts, problem } = await readFiles(files, this.view.images, reason);
      this.setImages(images, problem);
      for (const text of texts) this.#api.postMessage({ type: 'attach-text', ...text });
    });
    await this.#reading;
  }

  /** @param fileProblem what is wrong with files that were left out. */
  setImages(images: readonly DraftImage[], fileProblem?: string): void {
    this.#set({ images, fileProblem });
  }

  openSheet(sheetIsOpen: boolean): void {
    this.#set({ sheetIsOpen });
  }

  /** What the user types is in the field already; what else shows it waits for what streams. */
  typeFollowUp(followUp: string): void {
    this.view = { ...this.view, followUp };
    this.#frames.typed();
    this.#save();
    this.#draftChanged();
  }

  #writeFollowUp(followUp: string): void {
    this.typeFollowUp(followUp);
    this.#frames.now();
  }

  /** Asks the lanes on with what the composer says, unless all that would be asked are still answering. */
  send(): void {
    const { followUp, images, panel } = this.view;
    const asked = lanesAsked(this.view);
    const canAnswer = !asked.every(laneIsRunning);
    if (
      (followUp.trim() === '' && images.length === 0 && panel.attachments.length === 0) ||
      !canAnswer ||
      this.view.sending !== undefined ||
      (panel.problem?.missing.length ?? 0) > 0
    )
      return;
    const laneIds = asked.length < panel.lanes.length ? asked.map(({ id }) => id) : undefined;
    this.#set({ sending: followUp });
    this.#api.postMessage({
      type: 'send',
      text: followUp,
      ...(images.length > 0 ? { images: images.map(({ url }) => url) } : {}),
      ...(laneIds ? { laneIds } : {}),
    });
  }

  /** What was refused, for a value that is missing or a budget that is spent, stays to be sent again. */
  #taken(isTaken: boolean): void {
    const { followUp, sending } = this.view;
    this.#set({ sending: undefined });
    if (!isTaken) return;
    this.setImages([]);
    if (followUp === sending) this.#writeFollowUp('');
  }

  /** Says what every turn of a chat sends first. */
  setSystem(text: string): void {
    const { chat } = this.view.panel;
    if (chat && text.trim() !== chat.system) this.#api.postMessage({ type: 'set-system', text });
  }

  /** Whether follow-ups go to a lane. */
  mirror(laneId: string, isMirrored: boolean): void {
    const others = this.view.unmirrored.filter((id) => id !== laneId);
    this.#set({ unmirrored: isMirrored ? others : [...others, laneId] });
    this.#save();
  }

  openContext(contextIsOpen: boolean): void {
    this.#set({ contextIsOpen });
  }

  openSettings(laneId: string | undefined): void {
    this.#set({ settingsOf: laneId });
    this.#save();
  }

  expand(laneId: string | undefined): void {
    this.#set({ expanded: laneId });
    this.#save();
  }

  scrollTogether(scrollsTogether: boolean): void {
    this.#set({ scrollsTogether });
    this.#save();
  }

  /** Remembers where a lane is scrolled to; `undefined` while it follows what is written. */
  scrolled(laneId: string, top: number | undefined): void {
    const others = without(this.view.scrolls, laneId);
    this.view = { ...this.view, scrolls: top === undefined ? others : { ...others, [laneId]: top } };
    this.#save();
  }

  act(action: PanelAction): void {
    this.#api.postMessage({ type: 'action', action });
  }

  /** Takes a block of code out of an answer, to where the user works. */
  useCode(action: CodeAction, code: string, language: string): void {
    this.#api.postMessage({ type: 'code', action, code, language });
  }

  showAnswerAs(answerMode: AnswerMode): void {
    this.#set({ answerMode });
    this.#save();
  }

  /** What is filled in counts as typed, and what does not fit in it is said at once. */
  #fill(message: Filled): void {
    const { panel, drafts } = this.view;
    const fields = panel.prompt?.fields ?? [];
    const values = valuesShown(panel);
    const next = draftsThatDiffer(fields, values, filledDrafts(fields, drafts, message));
    const touched = new Set([...Object.keys(message.values), ...Object.keys(message.texts)]);
    const { messages } = readForm(fields, values, next);
    this.#set({
      drafts: next,
      messages: Object.fromEntries(Object.entries(messages).filter(([name]) => touched.has(name))),
      filled: { from: message.from, before: drafts },
    });
    this.#save();
    this.#formChanged();
  }

  /** The form counts where a lane would run the prompt from the start. */
  #formChanged(): void {
    if (this.view.panel.lanes.some(({ run }) => !run)) this.#draftChanged();
  }

  /** What stood there is stale from now on; the host is told once nothing is typed for a moment. */
  #draftChanged(): void {
    this.view = { ...this.view, draft: this.view.draft + 1 };
    this.#frames.unhurried();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tellDraft(), quietMs);
  }

  #tellDraft(): void {
    const { panel, drafts, followUp, draft } = this.view;
    clearTimeout(this.#timer);
    this.#toldOf = draft;
    const { fields = [] } = panel.prompt ?? {};
    const runsPrompt = panel.lanes.some(({ run }) => !run);
    this.#api.postMessage({
      type: 'draft',
      draft,
      text: followUp,
      ...(runsPrompt ? { values: readForm(fields, valuesShown(panel), drafts).values } : {}),
    });
  }

  #set(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    this.#frames.now();
  }

  #savedDrafts(promptUri: string | undefined): Drafts {
    return promptUri === this.#saved.promptUri ? this.#saved.drafts : {};
  }

  #save(): void {
    const { prompt } = this.view.panel;
    if (prompt) this.#saved = savedOf(this.view, prompt.uri);
    this.#api.setState(this.#saved);
  }
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== name));
}
