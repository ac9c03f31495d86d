import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { readSetting, settingText, type SettingField } from '../settings.ts';

interface NumberBoxProps {
  readonly field: SettingField;
  /** The value in force; `undefined` where it is left to the service. */
  readonly value: unknown;
  /** The setting, or `null` to leave it to the service. What is out of range is not passed on. */
  readonly onValue: (value: unknown) => void;
  /** What a screen reader says where no label stands beside it. */
  readonly label?: string;
  readonly id?: string;
  readonly describedBy?: string;
}

/** A number that can be typed, or stepped with the arrow keys. Empty is the service's own default. */
export function NumberBox({ field, value, onValue, label, id, describedBy }: NumberBoxProps): VNode {
  const text = settingText(value);
  // What is being typed, such as `0.` on the way to `0.5`; gone when the value is changed from elsewhere.
  const [draft, setDraft] = useState<string>();
  useEffect(() => {
    if (draft !== undefined && settingText(readSetting(field, draft).value) !== text) setDraft(undefined);
  }, [text]);
  const shown = draft ?? text;
  const { message } = readSetting(field, shown);

  const take = (typed: string) => {
    const read = readSetting(field, typed);
    if (read.message === undefined) onValue(read.value);
    setDraft(typed);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const { control } = field;
    if (direction === undefined || !('step' in control)) return;
    event.preventDefault();
    const from = shown === '' ? ('neutral' in control ? control.neutral : 0) : Number(shown);
    const stepped = Number((from + direction * control.step).toFixed(4));
    if (readSetting(field, String(stepped)).message === undefined) take(String(stepped));
  };
  return (
    <input
      class="number-box"
      type="text"
      inputMode="decimal"
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      aria-invalid={message !== undefined}
      title={message ?? ''}
      placeholder={shown === '' ? 'default' : ''}
      value={shown}
      onInput={({ currentTarget }) => take(currentTarget.value)}
      onBlur={() => setDraft(undefined)}
      onKeyDown={onKeyDown}
    />
  );
}
