/** What a panel shows of the prompts that its lanes run. */
import type { CallSettings, LaneChoice } from '../run/overrides.ts';
import type { PromptReference, VariableValues } from '../store.ts';
import type { VariableField } from './variables.ts';

/** What a prompt says about how it is run. */
export interface PromptSetup extends Pick<PromptReference, 'name'> {
  /** Present where no file stands behind it: `name` is then a chat's title, and there is nothing to run. */
  readonly isChat?: true;
  /** The hash of its text; absent while it has not been read. */
  readonly version?: string;
  /** `provider/model` of its front matter, or else the user's default model; absent while it has not been read. */
  readonly modelId?: string;
  /** The settings of its `config`, and what its `output` asks the answer to be. */
  readonly settings: CallSettings;
}

/** A prompt file as the panel needs it. Until it has been read without an error, only `uri` and `name` tell. */
export interface PromptView extends PromptSetup, Pick<PromptReference, 'uri'> {
  /** The front matter's `description`; absent where it has none. */
  readonly description?: string;
  /** The variables of all versions that lanes run, as one form. */
  readonly fields: readonly VariableField[];
  /** The values that the form starts with: the last run's, else the file's defaults. */
  readonly values: VariableValues;
}

/** A version of the prompt that a lane runs in the place of the file as it is. */
export interface VersionView extends PromptSetup {
  /** What it goes by: a name, a commit or the beginning of its hash. */
  readonly label: string;
}

/** As far as a lane says what it runs. */
type LanePrompt = Pick<LaneChoice, 'promptVersion'> & { readonly version: VersionView | null };

/** What a lane runs: its version, or else the prompt file; `null` while that has not been read. */
export function promptOf(lane: LanePrompt, prompt: PromptSetup | null): PromptSetup | null {
  return lane.promptVersion === null ? prompt : lane.version;
}

/** `provider/model` that a lane calls; absent while neither it nor its prompt says. */
export function modelIdOf(
  lane: Pick<LaneChoice, 'modelId'> & LanePrompt,
  prompt: PromptSetup | null,
): string | undefined {
  return lane.modelId ?? promptOf(lane, prompt)?.modelId;
}
