import type { VNode } from 'preact';
import {
  formatCount,
  laneIsRunning,
  maxLanes,
  modelIdOf,
  overridesThatDiffer,
  shortVersion,
  withOverrides,
  type LaneView,
  type PromptSetup,
} from '../../src/protocol.ts';
import { basicSettings, takes } from '../settings.ts';
import type { PanelStore } from '../state.ts';
import { IconButton } from './IconButton.tsx';
import { Icon } from './icons.tsx';
import { NumberBox } from './NumberBox.tsx';
import { once } from './once.ts';

interface LaneHeaderProps {
  readonly lane: LaneView;
  readonly prompt: PromptSetup | null;
  /** How many lanes there are. */
  readonly count: number;
  readonly isExpanded: boolean;
  readonly isMirrored: boolean;
  readonly settingsAreOpen: boolean;
  readonly store: PanelStore;
}

/** What a lane calls, and what can be done with it. Where it is the only one, the panel's header runs it. */
export function LaneHeader(props: LaneHeaderProps): VNode {
  const { lane, prompt, count, settingsAreOpen, store } = props;
  const modelId = modelIdOf(lane, prompt) ?? lane.run?.modelId;
  // A chat has no file that it could differ from.
  const isModified = !prompt?.isChat && differencesOf(lane, prompt).length > 0;
  return (
    <div class="lane-header">
      <div class="lane-row">
        <button
          type="button"
          class="model-button"
          title={modelTitle(lane, modelId)}
          onClick={() => store.ask({ type: 'choose-model', laneId: lane.id })}
        >
          <span class="model-name">{lane.model?.name ?? nameIn(modelId)}</span>
          <Icon name="select" />
        </button>
        <Temperature {...props} />
        <IconButton
          icon="settings"
          label={settingsAreOpen ? 'Close the settings' : 'Settings'}
          pressed={settingsAreOpen}
          onClick={() => store.openSettings(settingsAreOpen ? undefined : lane.id)}
        />
        <span class="lane-gap" />
        {count > 1 && <LaneActions {...props} />}
      </div>
      <div class="lane-row lane-note">
        <code class="model-id" title="The model that Run calls: provider/model">
          {modelId}
        </code>
        {count === 1 && !isModified && lane.model?.description && (
          <span class="model-note" title={lane.model.description}>
            {lane.model.description}
          </span>
        )}
        <span class="lane-gap" />
        {(lane.sampleCount ?? 1) > 1 && (
          <button
            type="button"
            class="link"
            title={`Each run asks ${lane.sampleCount} times. Change that in the settings`}
            onClick={() => store.openSettings(lane.id)}
          >
            ×{lane.sampleCount}
          </button>
        )}
        {isModified && <Modified {...props} />}
        {(count > 1 || lane.promptVersion !== null) && <Version {...props} />}
      </div>
    </div>
  );
}

function Temperature({ lane, prompt, store }: LaneHeaderProps): VNode | null {
  const [field] = basicSettings;
  if (!field || !prompt || !takes(lane.model, field)) return null;
  return (
    <label class="temperature" title="Temperature: how evenly the next token is drawn">
      <span>temp</span>
      <NumberBox
        field={field}
        label="Temperature"
        value={withOverrides(prompt.settings, lane.settings).temperature}
        onValue={(value) => store.setSetting(lane.id, { temperature: value as number | null })}
      />
    </label>
  );
}

/** What differs from the file, and the way to write it there or to drop it. */
function Modified({ lane, prompt, store }: LaneHeaderProps): VNode {
  const differences = differencesOf(lane, prompt).join(', ');
  const name = prompt?.name ?? 'the file';
  return (
    <>
      <span class="badge badge-modified" title={`Differs from ${name}: ${differences}`}>
        Modified
      </span>
      {lane.promptVersion === null && (
        <button
          type="button"
          class="link"
          title={`Write into ${name}: ${differences}`}
          onClick={() => store.ask({ type: 'apply-lane', laneId: lane.id })}
        >
          Apply
        </button>
      )}
      <button
        type="button"
        class="link"
        title={`Back to what ${name} says`}
        onClick={() => store.ask({ type: 'reset-lane', laneId: lane.id })}
      >
        Reset
      </button>
    </>
  );
}

/** Which version of the prompt the lane runs, and the way to another. */
function Version({ lane, store }: LaneHeaderProps): VNode {
  const { promptVersion, version } = lane;
  const label = promptVersion === null ? undefined : (version?.label ?? shortVersion(promptVersion));
  const runs = label === undefined ? 'the file as it is' : `version ${label} of the prompt`;
  return (
    <button
      type="button"
      class={label === undefined ? 'version-button' : 'version-button badge'}
      aria-label={`Version: ${label ?? 'working copy'}`}
      title={`Runs ${runs}. Choose another version${promptVersion === null ? '' : `\n${promptVersion}`}`}
      onClick={() => store.ask({ type: 'choose-version', laneId: lane.id })}
    >
      <Icon name="history" />
      {label}
    </button>
  );
}

function LaneActions({ lane, prompt, count, isExpanded, isMirrored, store }: LaneHeaderProps): VNode {
  const isRunning = laneIsRunning(lane);
  return (
    <>
      {isRunning ? (
        <IconButton icon="stop" label="Stop this lane" onClick={once(() => store.stop(lane.id))} />
      ) : (
        !prompt?.isChat && (
          <IconButton
            icon={lane.run ? 'rerun' : 'play'}
            label={lane.run ? 'Run this lane again' : 'Run this lane'}
            onClick={once(() => store.run(lane.id))}
          />
        )
      )}
      <IconButton
        icon="mirror"
        label="Follow-ups go to this lane"
        hint={isMirrored ? 'Follow-ups go to this lane too' : 'Follow-ups leave this lane out'}
        pressed={isMirrored}
        onClick={() => store.mirror(lane.id, !isMirrored)}
      />
      {count < maxLanes && (
        <IconButton
          icon="duplicate"
          label="Duplicate this lane"
          onClick={() => store.ask({ type: 'duplicate-lane', laneId: lane.id })}
        />
      )}
      <IconButton
        icon={isExpanded ? 'collapse' : 'expand'}
        label={isExpanded ? 'Back to all lanes' : 'Expand this lane to full width'}
        pressed={isExpanded}
        onClick={() => store.expand(isExpanded ? undefined : lane.id)}
      />
      <IconButton
        icon="close"
        label="Close this lane"
        onClick={() => store.ask({ type: 'remove-lane', laneId: lane.id })}
      />
    </>
  );
}

/** What of a lane is not as the file says, in words. */
function differencesOf(lane: LaneView, prompt: PromptSetup | null): readonly string[] {
  if (!prompt?.modelId) return [];
  const settings = Object.keys(overridesThatDiffer(prompt.settings, lane.settings));
  return [...(lane.modelId !== null && lane.modelId !== prompt.modelId ? ['model'] : []), ...settings];
}

function modelTitle({ model }: LaneView, modelId: string | undefined): string {
  const about = [
    `Choose another model than ${modelId ?? 'this one'}`,
    model?.description,
    model?.contextWindow === undefined ? undefined : `${formatCount(model.contextWindow)} tokens of context`,
  ];
  return about.filter((line) => line !== undefined).join('\n');
}

/** The model's own part of an id that nothing more is known of; of a file only its name. */
function nameIn(modelId: string | undefined): string {
  if (modelId === undefined) return 'Choose a model';
  const model = modelId.slice(modelId.indexOf('/') + 1);
  return model.endsWith('.gguf') ? model.slice(model.lastIndexOf('/') + 1) : model;
}
