/** The settings without their looks: which there are, what they are called, and what the text in a field means. */
import {
  expectedOf,
  settingsOf,
  type GenerationSettings,
  type ModelCapabilities,
  type ModelView,
} from '../src/protocol.ts';

export type SettingName = keyof GenerationSettings;

/** How a setting is shown and changed. */
export interface SettingField {
  readonly name: SettingName;
  readonly label: string;
  readonly control:
    | {
        readonly kind: 'range';
        readonly min: number;
        readonly max: number;
        readonly step: number;
        /** What changes nothing, or the service's usual default: where the slider stands while nothing is set. */
        readonly neutral: number;
      }
    | { readonly kind: 'whole'; readonly step: number }
    | { readonly kind: 'texts' }
    | { readonly kind: 'choice'; readonly choices: readonly string[] };
  /** What a model must be able to for it; absent where every model takes it. */
  readonly needs?: keyof ModelCapabilities;
}

export const basicSettings: readonly SettingField[] = [
  {
    name: 'temperature',
    label: 'Temperature',
    control: { kind: 'range', min: 0, max: 2, step: 0.05, neutral: 1 },
    needs: 'temperature',
  },
  {
    name: 'topP',
    label: 'Top-p',
    control: { kind: 'range', min: 0, max: 1, step: 0.01, neutral: 1 },
    needs: 'topP',
  },
  { name: 'maxOutputTokens', label: 'Max output tokens', control: { kind: 'whole', step: 50 } },
  { name: 'stop', label: 'Stop', control: { kind: 'texts' }, needs: 'stop' },
];

export const advancedSettings: readonly SettingField[] = [
  { name: 'topK', label: 'Top-k', control: { kind: 'whole', step: 1 }, needs: 'topK' },
  {
    name: 'minP',
    label: 'Min-p',
    control: { kind: 'range', min: 0, max: 1, step: 0.01, neutral: 0 },
    needs: 'minP',
  },
  {
    name: 'frequencyPenalty',
    label: 'Frequency penalty',
    control: { kind: 'range', min: -2, max: 2, step: 0.1, neutral: 0 },
    needs: 'penalties',
  },
  {
    name: 'presencePenalty',
    label: 'Presence penalty',
    control: { kind: 'range', min: -2, max: 2, step: 0.1, neutral: 0 },
    needs: 'penalties',
  },
  {
    name: 'repeatPenalty',
    label: 'Repeat penalty',
    control: { kind: 'range', min: 0, max: 2, step: 0.05, neutral: 1 },
    needs: 'repeatPenalty',
  },
  {
    name: 'xtcProbability',
    label: 'XTC probability',
    control: { kind: 'range', min: 0, max: 1, step: 0.05, neutral: 0 },
    needs: 'xtc',
  },
  {
    name: 'xtcThreshold',
    label: 'XTC threshold',
    control: { kind: 'range', min: 0, max: 0.5, step: 0.01, neutral: 0.1 },
    needs: 'xtc',
  },
  {
    name: 'dryMultiplier',
    label: 'DRY multiplier',
    control: { kind: 'range', min: 0, max: 5, step: 0.1, neutral: 0 },
    needs: 'dry',
  },
  {
    name: 'dryBase',
    label: 'DRY base',
    control: { kind: 'range', min: 1, max: 4, step: 0.05, neutral: 1.75 },
    needs: 'dry',
  },
  {
    name: 'dryAllowedLength',
    label: 'DRY allowed length',
    control: { kind: 'whole', step: 1 },
    needs: 'dry',
  },
  { name: 'seed', label: 'Seed', control: { kind: 'whole', step: 1 }, needs: 'seed' },
  {
    name: 'reasoningEffort',
    label: 'Reasoning effort',
    control: { kind: 'choice', choices: ['none', 'low', 'medium', 'high'] },
    needs: 'reasoningEffort',
  },
  { name: 'logprobs', label: 'Token probabilities', control: { kind: 'whole', step: 1 }, needs: 'logprobs' },
];

/** Settings that go well together, the first row of the drawer. */
export const presets: readonly {
  readonly name: string;
  readonly title: string;
  readonly settings: GenerationSettings;
}[] = [
  {
    name: 'Precise',
    title: 'Always the likeliest token: for facts, extraction and tests',
    settings: { temperature: 0, topP: 1 },
  },
  {
    name: 'Balanced',
    title: 'Some variety without the long tail: for most answers',
    settings: { temperature: 0.7, topP: 0.95 },
  },
  {
    name: 'Creative',
    title: 'Unlikely tokens get a chance: for ideas and stories',
    settings: { temperature: 1.2, topP: 0.98 },
  },
  {
    name: 'Code',
    title: 'Sure tokens with a little room: for code',
    settings: { temperature: 0.2, topP: 0.9 },
  },
];

/** Whether a model takes a setting. Of a model that nothing is known of, everything is tried. */
export function takes(model: ModelView | null, { needs }: Pick<SettingField, 'needs'>): boolean {
  return !model || needs === undefined || model.capabilities[needs] === true;
}

/** The part of some settings that a model takes. */
export function settingsFor(model: ModelView | null, settings: GenerationSettings): GenerationSettings {
  const all = [...basicSettings, ...advancedSettings];
  const taken = all.filter((field) => takes(model, field)).map(({ name }): string => name);
  return Object.fromEntries(Object.entries(settings).filter(([name]) => taken.includes(name)));
}

/** A setting's value as the text of its field; `''` where it is left to the service. */
export function settingText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((text) => JSON.stringify(text).slice(1, -1)).join('\n');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What the text of a setting's field means: a value, `null` for the service's default, or what is wrong with it. */
export function readSetting(
  { name, control }: Pick<SettingField, 'name' | 'control'>,
  text: string,
): { readonly value?: unknown; readonly message?: string } {
  if (text.trim() === '') return { value: null };
  const value = valueOf(control.kind, text);
  const isTaken = settingsOf({ [name]: value }).warnings.length === 0;
  return isTaken ? { value } : { message: `Write ${expectedOf(name)}.` };
}

function valueOf(kind: SettingField['control']['kind'], text: string): unknown {
  switch (kind) {
    case 'range':
    case 'whole':
      return Number(text.trim().replace(',', '.'));
    case 'texts':
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map(unescaped);
    case 'choice':
      return text;
    default:
      return kind satisfies never;
  }
}

/** A line with its `\n` and `\t` read as in JSON; as it is where it is no JSON text. */
function unescaped(line: string): string {
  try {
    return JSON.parse(`"${line}"`) as string;
  } catch {
    return line;
  }
}
