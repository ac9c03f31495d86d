import { window } from 'vscode';
import type { GenerationSettings } from '../core/chat.ts';
import { expectedOf, settingsOf } from '../core/prompt/settings.ts';
import { maxLanes } from '../core/run/comparison.ts';
import type { LaneChoice } from '../core/run/overrides.ts';
import { maxSamples } from '../core/run/samples.ts';
import type { ModelChoice } from './modelLines.ts';
import { pickModels } from './modelPicker.ts';

type Swept = 'temperature' | 'topP' | 'seed';

const suggestions: Readonly<Record<Swept, string>> = {
  temperature: '0, 0.5, 1',
  topP: '0.5, 0.8, 1',
  seed: '1, 2, 3',
};

/**
 * Asks what to vary, over which values, and how many samples to take of each.
 * @param base what stays the same in all lanes
 * @returns a lane for each value, or `undefined` when the user turns away
 */
export async function askForSweep(
  base: LaneChoice,
  choice: ModelChoice,
): Promise<readonly LaneChoice[] | undefined> {
  const lanes = await askForLanes(base, choice);
  const count = lanes && (await askForSamples(base.sampleCount ?? 1));
  return count === undefined ? undefined : lanes?.map((lane) => ({ ...lane, sampleCount: count }));
}

async function askForLanes(
  base: LaneChoice,
  choice: ModelChoice,
): Promise<readonly LaneChoice[] | undefined> {
  const what = await window.showQuickPick(
    [
      { label: 'Temperature', description: 'from sure to adventurous', setting: 'temperature' as const },
      { label: 'Top-p', description: 'from narrow to the whole distribution', setting: 'topP' as const },
      { label: 'Seed', description: 'how much the answer varies by chance', setting: 'seed' as const },
      { label: 'Model', description: 'the same prompt on several models', setting: undefined },
    ],
    { title: 'Sweep (1/3)', placeHolder: 'What is to differ from lane to lane?' },
  );
  if (!what) return undefined;
  if (!what.setting) {
    const models = await pickModels(choice, { title: 'Sweep (2/3): Models', limit: maxLanes });
    return models.length === 0 ? undefined : models.map((modelId) => ({ ...base, modelId }));
  }
  const { setting } = what;
  const text = await window.showInputBox({
    title: `Sweep (2/3): ${what.label}`,
    prompt: `Values with commas between them, 2 to ${maxLanes}. Each gets a lane and runs; the lanes that are here now go.`,
    value: suggestions[setting],
    validateInput: (list) => complaintOn(setting, list),
  });
  if (text === undefined) return undefined;
  return valuesIn(text).map((value) => ({ ...base, settings: { ...base.settings, [setting]: value } }));
}

async function askForSamples(before: number): Promise<number | undefined> {
  const text = await window.showInputBox({
    title: 'Sweep (3/3): Samples',
    prompt: `How many answers does each lane give? 1 to ${maxSamples}; with several it says how many are identical.`,
    value: String(before),
    validateInput: (typed) =>
      sampleCountIn(typed) === undefined ? `Write a whole number from 1 to ${maxSamples}.` : undefined,
  });
  return text === undefined ? undefined : sampleCountIn(text);
}

/** How many samples a text asks for, or `undefined` where that cannot be. */
function sampleCountIn(text: string): number | undefined {
  const count = Number(text.trim() === '' ? NaN : text);
  return Number.isInteger(count) && count >= 1 && count <= maxSamples ? count : undefined;
}

/** What is wrong with a list of values, or `undefined`. */
export function complaintOn(setting: keyof GenerationSettings, text: string): string | undefined {
  const values = valuesIn(text);
  const wrong = values.find((value) => settingsOf({ [setting]: value }).warnings.length > 0);
  if (wrong !== undefined) return `Each value must be ${expectedOf(setting)}.`;
  if (values.length < 2) return 'Write at least two values, such as 0, 0.5, 1.';
  return values.length > maxLanes ? `Write at most ${maxLanes} values.` : undefined;
}

function valuesIn(text: string): readonly number[] {
  return text
    .split(/[,;\s]+/)
    .filter((part) => part !== '')
    .map(Number);
}
