import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { overridesThatDiffer, withOverrides, type LaneView, type PromptSetup } from '../../src/protocol.ts';
import {
  advancedSettings,
  basicSettings,
  presets,
  settingsFor,
  takes,
  type SettingField,
} from '../settings.ts';
import type { PanelStore } from '../state.ts';
import { IconButton } from './IconButton.tsx';
import { Icon } from './icons.tsx';
import { ResponseFormat } from './ResponseFormat.tsx';
import { SampleCount } from './SampleCount.tsx';
import { SettingRow } from './SettingRow.tsx';

interface SettingsDrawerProps {
  readonly lane: LaneView;
  /** Its place among the lanes, from 1. */
  readonly place: number;
  readonly count: number;
  readonly prompt: PromptSetup;
  readonly store: PanelStore;
}

/** All settings of a lane, over the right side of the panel. Changes take effect with the next run. */
export function SettingsDrawer(props: SettingsDrawerProps): VNode {
  const { lane, place, count, prompt, store } = props;
  const drawer = useRef<HTMLElement>(null);
  const name = lane.model?.name ?? lane.modelId ?? prompt.modelId ?? '';

  // Before it is drawn: Escape can come as soon as it is seen.
  useLayoutEffect(() => {
    // Back to the gear, or wherever the keyboard was.
    const before = document.activeElement;
    drawer.current?.querySelector<HTMLElement>('.preset')?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    store.openSettings(undefined);
  };

  return (
    <section
      class="drawer"
      role="dialog"
      aria-label={`Settings of ${name}`}
      ref={drawer}
      onKeyDown={onKeyDown}
    >
      <div class="drawer-head">
        <h2>
          Settings <span class="quiet">{count > 1 ? `lane ${place}, ${name}` : name}</span>
        </h2>
        <IconButton
          icon="close"
          label="Close the settings (Escape)"
          onClick={() => store.openSettings(undefined)}
        />
      </div>
      <div class="drawer-body">
        <Presets {...props} />
        <Group {...props} title="Basic" fields={basicSettings} />
        {!prompt.isChat && <SampleCount lane={lane} store={store} />}
        <Advanced {...props} />
        {!lane.model && (
          <p class="drawer-note">
            What this model takes is not known. A setting that it does not take is told with the answer.
          </p>
        )}
      </div>
    </section>
  );
}

function Presets({ lane, prompt, store }: SettingsDrawerProps): VNode {
  const inForce = withOverrides(prompt.settings, lane.settings);
  return (
    <div class="presets" role="group" aria-label="Presets">
      {presets.map(({ name, title, settings }) => {
        const taken = settingsFor(lane.model, settings);
        const isOn = Object.keys(overridesThatDiffer(inForce, taken)).length === 0;
        return (
          <button
            key={name}
            type="button"
            class="preset"
            title={title}
            aria-pressed={isOn}
            onClick={() => store.setSetting(lane.id, taken)}
          >
            {name}
          </button>
        );
      })}
    </div>
  );
}

/** Folded away while nothing in it is set. */
function Advanced(props: SettingsDrawerProps): VNode {
  const { lane, prompt } = props;
  const inForce: Readonly<Record<string, unknown>> = { ...withOverrides(prompt.settings, lane.settings) };
  const isSet = (name: string): boolean => inForce[name] !== undefined;
  const isOpen = useRef(isSet('responseFormat') || advancedSettings.some(({ name }) => isSet(name)));
  return (
    <details class="fold" open={isOpen.current}>
      <summary>
        <Icon name="chevron" />
        Advanced
      </summary>
      <Group {...props} title="Advanced" fields={advancedSettings}>
        <ResponseFormat lane={lane} prompt={prompt} store={props.store} />
      </Group>
    </details>
  );
}

function Group({
  lane,
  prompt,
  store,
  title,
  fields,
  children,
}: SettingsDrawerProps & {
  readonly title: string;
  readonly fields: readonly SettingField[];
  /** What stands below them. */
  readonly children?: ComponentChildren;
}): VNode {
  const inForce = withOverrides(prompt.settings, lane.settings);
  const own = overridesThatDiffer(prompt.settings, lane.settings);
  const hidden = fields.filter((field) => !takes(lane.model, field));
  return (
    <div class="setting-group" role="group" aria-label={title}>
      {fields
        .filter((field) => takes(lane.model, field))
        .map((field) => (
          <SettingRow
            key={field.name}
            field={field}
            value={inForce[field.name]}
            inFile={prompt.settings[field.name]}
            isOwn={field.name in own}
            onValue={(value) => store.setSetting(lane.id, { [field.name]: value ?? null })}
          />
        ))}
      {children}
      {hidden.length > 0 && (
        <p class="drawer-note">
          {hidden.map(({ label }) => label).join(', ')}: {lane.model?.name ?? 'this model'} does not take{' '}
          {hidden.length === 1 ? 'it' : 'them'}.
        </p>
      )}
    </div>
  );
}
