import type { VNode } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { settingDocs } from '../../src/protocol.ts';
import { readSetting, settingText, type SettingField } from '../settings.ts';
import { IconButton } from './IconButton.tsx';
import { Icon } from './icons.tsx';
import { NumberBox } from './NumberBox.tsx';

interface SettingRowProps {
  readonly field: SettingField;
  /** The value in force; `undefined` where it is left to the service. */
  readonly value: unknown;
  /** What the file says; `undefined` where it says nothing. */
  readonly inFile: unknown;
  /** Whether the lane has a value of its own. */
  readonly isOwn: boolean;
  readonly onValue: (value: unknown) => void;
}

/** One setting: its name, a mark and a way back where it differs from the file, its control, and what it does. */
export function SettingRow(props: SettingRowProps): VNode {
  const { field, inFile, isOwn, onValue } = props;
  const id = useId();
  const fileText =
    inFile === undefined ? 'the default of the service' : settingText(inFile).replaceAll('\n', ', ');
  const doc = settingDocs[field.name];
  return (
    <div class={isOwn ? 'setting setting-own' : 'setting'}>
      <div class="setting-head">
        <label for={id}>{field.label}</label>
        {isOwn && <span class="setting-dot" role="img" aria-label="differs from the file" />}
        {isOwn && (
          <IconButton icon="reset" label={`Back to the file: ${fileText}`} onClick={() => onValue(inFile)} />
        )}
        <span class="lane-gap" />
        <Box {...props} id={id} />
      </div>
      <Slider {...props} />
      <Texts {...props} id={id} />
      <p class="setting-help" id={`${id}-help`} title={doc.summary}>
        {doc.effect}
      </p>
    </div>
  );
}

/** The control beside the name. */
function Box({ field, value, onValue, id }: SettingRowProps & { readonly id: string }): VNode | null {
  const { control } = field;
  switch (control.kind) {
    case 'range':
    case 'whole':
      return <NumberBox field={field} value={value} onValue={onValue} id={id} describedBy={`${id}-help`} />;
    case 'choice':
      return (
        <select
          id={id}
          class="setting-choice"
          aria-describedby={`${id}-help`}
          value={settingText(value)}
          onChange={({ currentTarget }) => onValue(currentTarget.value === '' ? null : currentTarget.value)}
        >
          <option value="">default</option>
          {control.choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      );
    case 'texts':
      return null;
    default:
      control satisfies never;
      return null;
  }
}

/** Beside the number, for the hand; the keyboard and screen readers have the number. */
function Slider({ field, value, onValue }: SettingRowProps): VNode | null {
  const { control } = field;
  if (control.kind !== 'range') return null;
  const at = Number(value ?? control.neutral);
  return (
    <input
      class={value === undefined ? 'slider slider-unset' : 'slider'}
      type="range"
      min={control.min}
      max={control.max}
      step={control.step}
      tabIndex={-1}
      aria-hidden="true"
      value={at}
      style={{ '--filled': `${((at - control.min) / (control.max - control.min)) * 100}%` }}
      onInput={({ currentTarget }) => onValue(Number(currentTarget.value))}
    />
  );
}

/** Several texts, a line each. */
function Texts({ field, value, onValue, id }: SettingRowProps & { readonly id: string }): VNode | null {
  const text = settingText(value);
  const [draft, setDraft] = useState<string>();
  useEffect(() => {
    if (draft !== undefined && settingText(readSetting(field, draft).value) !== text) setDraft(undefined);
  }, [text]);
  if (field.control.kind !== 'texts') return null;
  const shown = draft ?? text;
  const take = (typed: string) => {
    const read = readSetting(field, typed);
    if (read.message === undefined) onValue(read.value);
    setDraft(typed);
  };
  return (
    <>
      <textarea
        id={id}
        class="setting-texts"
        rows={Math.max(1, shown.split('\n').length)}
        spellcheck={false}
        placeholder="One text a line; \n is a line break"
        aria-describedby={`${id}-help`}
        value={shown}
        onInput={({ currentTarget }) => take(currentTarget.value)}
        onBlur={() => setDraft(undefined)}
      />
      {readSetting(field, shown).message !== undefined && (
        <p class="field-error">
          <Icon name="error" /> {readSetting(field, shown).message}
        </p>
      )}
    </>
  );
}
