import { type Disposable, window } from 'vscode';
import { maxLanes } from '../core/run/comparison.ts';
import type { VariableValues } from '../core/store.ts';
import { modelIdOf } from '../protocol.ts';
import { AnswerCode, type UsedCode } from './answerCode.ts';
import { AnswerDiff } from './answerDiff.ts';
import { AnswerDocuments } from './answerDocuments.ts';
import type { ModelChoice } from './modelLines.ts';
import { SchemaActions } from './schemaActions.ts';
import type { Session } from './session.ts';
import type { PromptVersions } from './versions/promptVersions.ts';
import { promptUriOf } from './versions/versionUri.ts';

/** What is done with the lanes of a session after asking the user something. */
export class LaneActions implements Disposable {
  readonly #documents = new AnswerDocuments();
  readonly #diff = new AnswerDiff(this.#documents);
  readonly #code = new AnswerCode(this.#documents);
  readonly schemas = new SchemaActions();
  readonly #models: ModelChoice;
  readonly #versions: PromptVersions;

  constructor(models: ModelChoice, versions: PromptVersions) {
    this.#models = models;
    this.#versions = versions;
  }

  /** Returns whether the user has chosen one. */
  async chooseModel(session: Session, laneId: string): Promise<boolean> {
    const { lanes, prompt } = session.state;
    const lane = lanes.find(({ id }) => id === laneId);
    const { pickModel } = await import('./modelPicker.ts');
    const modelId = lane && (await pickModel(this.#models, modelIdOf(lane, prompt)));
    if (modelId !== undefined) session.choices.setModel(laneId, modelId);
    return modelId !== undefined;
  }

  /** Deletes a message of a lane and what follows it, and offers to undo that. */
  async deleteMessage(session: Session, laneId: string, messageId: string): Promise<void> {
    const deleted = session.chat.deleteMessage(laneId, messageId);
    if (!deleted) return;
    const count = deleted.count === 1 ? '1 message was' : `${deleted.count} messages were`;
    const undo = 'Undo';
    if ((await window.showInformationMessage(`${count} deleted.`, undo)) === undo) {
      session.chat.restoreMessage(laneId, deleted);
    }
  }

  /** Asks what of the conversation is sent. */
  async chooseFitting(session: Session): Promise<void> {
    const { chat } = session.state;
    if (!chat) return;
    const { askForFitting } = await import('./chooseFitting.ts');
    const fitting = await askForFitting(chat.fitting, this.#models);
    if (fitting) session.chat.setFitting(fitting);
  }

  async chooseVersion(session: Session, laneId: string): Promise<void> {
    const { pickVersion } = await import('./versions/pickVersion.ts');
    const title = 'Which Version Does This Lane Run?';
    const picked = await pickVersion(this.#versions, promptUriOf(session.uri), { title });
    if (picked) await session.choices.setVersion(laneId, picked.isWorkingCopy ? null : picked.version);
  }

  /** Runs versions side by side in the place of the lanes that there are, with the model and settings of the first. */
  async runVersions(session: Session, versions: readonly (string | null)[]): Promise<void> {
    const { lanes, prompt } = session.state;
    const { modelId = null, settings = {} } = lanes[0] ?? {};
    session.replaceLanes(versions.map((promptVersion) => ({ modelId, settings, promptVersion })));
    await session.run(prompt?.values);
  }

  /** Opens a lane for each of the models that the user chooses, as many as there is room for. */
  async addLane(session: Session): Promise<void> {
    const { lanes, prompt } = session.state;
    const last = lanes.at(-1);
    const limit = maxLanes - lanes.length;
    if (!last || limit < 1) return;
    const { pickModels } = await import('./modelPicker.ts');
    const title = 'Compare with Which Models?';
    addModels(session, await pickModels(this.#models, { title, current: modelIdOf(last, prompt), limit }));
  }

  /** Opens further lanes where there is only one. */
  async compare(session: Session): Promise<void> {
    if (session.state.lanes.length < 2) await this.addLane(session);
  }

  /** Varies one thing of the first lane over several values, a lane for each, and runs them. */
  async sweep(session: Session, values: VariableValues): Promise<void> {
    // Before anything is asked: what a form lacks is wanted first, and no lane goes for a sweep that cannot run.
    if (!(await session.isReady(values))) return;
    const [first] = session.state.lanes;
    const { askForSweep } = await import('./sweep.ts');
    const lanes = first && (await askForSweep(first, this.#models));
    if (lanes) await session.runIn(lanes, values);
  }

  /** Shows how the answer of a lane differs from another in the editor's own diff. */
  async diff(session: Session, laneId?: string): Promise<void> {
    await this.#diff.show(session.state.lanes, laneId);
  }

  /** Takes a block of code out of an answer. */
  async useCode(used: UsedCode): Promise<void> {
    await this.#code.use(used);
  }

  dispose(): void {
    this.schemas.dispose();
    this.#code.dispose();
    this.#documents.dispose();
  }
}

/** Opens a lane for each model, with what else the last lane has. Says how many found no room. */
export function addModels(session: Session, modelIds: readonly string[]): void {
  const { lanes } = session.state;
  const last = lanes.at(-1);
  if (!last) return;
  const { settings, promptVersion } = last;
  session.add(...modelIds.map((modelId) => ({ modelId, settings, promptVersion })));
  const left = modelIds.slice(maxLanes - lanes.length);
  if (left.length > 0) {
    void window.showInformationMessage(
      `A panel holds ${maxLanes} lanes at most. There was no room for ${left.join(', ')}.`,
    );
  }
}
