import { window } from 'vscode';
import type { GenerationSettings } from '../core/chat.ts';
import { expectedOf, settingsOf } from '../core/prompt/settings.ts';
import { maxLanes } from '../core/run/comparison.ts';
import type { LaneChoice } from '../core/run/overrides.ts';
import { type ModelChoice, pickModels } from './modelPicker.ts';

type Swept = 'temperature' | 'topP' | 'seed';

const suggestions: Readonly<Record<Swept, string>> = {
  temperature: '0, 0.5, 1',
  topP: '0.5, 0.8, 1',
  seed: '1, 2, 3',
};

/**
 * Asks what to vary and over which values.
 * @param base what stays the same in all lanes
 * @returns a lane for each value, or `undefined` when the user turns away
 */
export async function askForSweep(
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
    { title: 'Sweep (1/2)', placeHolder: 'What is to differ from lane to lane?' },
  );
  if (!what) return undefined;
  if (!what.setting) {
    const models = await pickModels(choice, { title: 'Sweep (2/2): Models', limit: maxLanes });
    return models.length === 0 ? undefined : models.map((modelId) => ({ ...base, modelId }));
  }
  const { setting } = what;
  const text = await window.showInputBox({
    title: `Sweep (2/2): ${what.label}`,
    prompt: `Values with commas between them, 2 to ${maxLanes}. Each gets a lane and runs; the lanes that are here now go.`,
    value: suggestions[setting],
    validateInput: (list) => complaintOn(setting, list),
  });
  if (text === undefined) return undefined;
  return valuesIn(text).map((value) => ({ ...base, settings: { ...base.settings, [setting]: value } }));
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
