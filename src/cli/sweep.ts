import type { ParseArgsOptionsConfig } from 'node:util';
import type { GenerationSettings } from '../core/chat.ts';
import { expectedOf, settingsOf } from '../core/prompt/settings.ts';
import { UsageError } from './command.ts';

/** The settings that can be given several values, by their options. */
const swept = {
  temperature: 'temperature',
  'top-p': 'topP',
  'top-k': 'topK',
  'min-p': 'minP',
  seed: 'seed',
  'max-output': 'maxOutputTokens',
} as const satisfies Readonly<Record<string, keyof GenerationSettings>>;

type Option = keyof typeof swept;

/** These options for `parseArgs`. */
export const sweepOptions = Object.fromEntries(
  Object.keys(swept).map((option) => [option, { type: 'string', multiple: true, default: [] }]),
) as unknown as Record<Option, { type: 'string'; multiple: true; default: string[] }> &
  ParseArgsOptionsConfig;

/** The values of each, as they are written; every one is tried with every other and with each model. */
export type SweptValues = Readonly<Record<Option, readonly string[]>>;

export const sweepUsage = Object.keys(swept)
  .map((option) => `[--${option} NUMBER]…`)
  .join(' ');

/**
 * Every combination of the values that are given; one empty one where none are.
 * @throws UsageError for a value that its setting does not take.
 */
export function combinationsOf(given: SweptValues): readonly GenerationSettings[] {
  let combinations: readonly GenerationSettings[] = [{}];
  for (const option of Object.keys(swept) as Option[]) {
    const values = given[option].map((text) => valueOf(option, text));
    if (values.length === 0) continue;
    combinations = combinations.flatMap((settings) =>
      values.map((value) => ({ ...settings, [swept[option]]: value })),
    );
  }
  return combinations;
}

function valueOf(option: Option, text: string): number {
  const value = Number(text);
  const setting = swept[option];
  if (text.trim() === '' || settingsOf({ [setting]: value }).warnings.length > 0) {
    throw new UsageError(`--${option} ${text} is not ${expectedOf(setting)}.`);
  }
  return value;
}
