import type { Uri } from 'vscode';
import { choicesOnceApplied, overridesThatDiffer, type SettingOverrides } from '../core/run/overrides.ts';
import type { OpenedPrompt } from '../core/run/prepareRun.ts';
import { type HostMessage, type LaneView, type PanelState, promptOf } from '../protocol.ts';
import { type ByVersion, resultOf } from './byVersion.ts';
import { writeToPrompt } from './writeToPrompt.ts';

/** What the choices ask of the session that they are part of. */
export interface ChoosingSession {
  readonly uri: () => Uri;
  readonly state: () => PanelState;
  /** Takes over what the view that asked for it shows already, without telling it. */
  readonly fold: (message: HostMessage) => void;
  readonly changeLane: (laneId: string, change: Partial<LaneView>) => void;
  /** Turns whatever goes wrong into a problem that the panel shows. */
  readonly guarded: (action: () => Promise<void>) => Promise<void>;
  readonly open: () => Promise<ByVersion<OpenedPrompt>>;
  readonly show: () => Promise<void>;
  /** Finds out what is known of the lanes' models. */
  readonly describe: () => void;
  /** Writes down which lanes there are. */
  readonly keep: () => void;
}

/** What each lane of a session is run with: version, model, settings and how often; and which of its samples it shows. */
export class LaneChoices {
  readonly #session: ChoosingSession;

  constructor(session: ChoosingSession) {
    this.#session = session;
  }

  /** Gives a lane a version of the prompt to run, or with `null` the file as it is. What it has answered stays. */
  async setVersion(laneId: string, promptVersion: string | null): Promise<void> {
    this.#session.changeLane(laneId, { promptVersion, version: null, problem: null });
    this.#session.keep();
    await this.#session.show();
  }

  /** Gives a lane a model. The prompt's own becomes none of the lane's. */
  setModel(laneId: string, modelId: string): void {
    const lane = this.#session.state().lanes.find(({ id }) => id === laneId);
    const own = lane && modelId === promptOf(lane, this.#session.state().prompt)?.modelId ? null : modelId;
    this.#session.changeLane(laneId, { modelId: own, problem: null });
    this.#session.keep();
    this.#session.describe();
  }

  /** Gives a lane settings. The view that asked for them shows them already, and types on while they are on their way. */
  setSettings(laneId: string, settings: SettingOverrides, { isShown = true } = {}): void {
    if (isShown) this.#session.fold({ type: 'lane', laneId, lane: { settings } });
    else this.#session.changeLane(laneId, { settings });
    this.#session.keep();
  }

  /** Has a lane run the prompt so many times at once. */
  setSampleCount(laneId: string, sampleCount: number): void {
    this.#session.changeLane(laneId, { sampleCount });
    this.#session.keep();
  }

  /** Shows another of a lane's samples. */
  showSample(laneId: string, runId: string): void {
    const lane = this.#session.state().lanes.find(({ id }) => id === laneId);
    const run = lane?.samples?.runs.find(({ id }) => id === runId);
    if (run) this.#session.changeLane(laneId, { run });
    this.#session.keep();
  }

  /** Takes a lane back to the prompt's model and settings. */
  reset(laneId: string): void {
    this.#session.changeLane(laneId, { modelId: null, settings: {}, problem: null });
    this.#session.keep();
    this.#session.describe();
  }

  /**
   * Writes a lane's model and settings into the front matter, in the editor, unsaved. The other lanes stay what they are:
   * what they had from the file becomes their own. A lane that runs a version has nothing to write into the file.
   */
  async apply(laneId: string): Promise<void> {
    const { lanes, prompt } = this.#session.state();
    const lane = lanes.find(({ id }) => id === laneId);
    if (!lane || lane.promptVersion !== null || !prompt?.modelId) return;
    const file = { modelId: prompt.modelId, settings: prompt.settings };
    await this.#session.guarded(async () => {
      await writeToPrompt(this.#session.uri(), {
        ...(lane.modelId === null ? {} : { modelId: lane.modelId }),
        settings: overridesThatDiffer(file.settings, lane.settings),
      });
      for (const [id, choice] of choicesOnceApplied(this.#session.state().lanes, lane, file))
        this.#session.changeLane(id, choice);
      resultOf(await this.#session.open(), null);
      this.#session.keep();
    });
  }
}
