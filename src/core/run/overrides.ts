import type { GenerationSettings } from '../chat.ts';
import type { PreparedRun } from './prepareRun.ts';

/** A lane's own settings over those of its prompt. `null` leaves a setting of the prompt to the service's default. */
export type SettingOverrides = { readonly [K in keyof GenerationSettings]?: GenerationSettings[K] | null };

/** What a lane calls: a model and settings of its own, where it has them, instead of the prompt's. */
export interface LaneChoice {
  /** `provider/model`; `null` is the prompt's model. */
  readonly modelId: string | null;
  readonly settings: SettingOverrides;
}

/** The prompt's settings with a lane's own in their place. */
export function withOverrides(settings: GenerationSettings, overrides: SettingOverrides): GenerationSettings {
  return Object.fromEntries(
    Object.entries({ ...settings, ...overrides }).filter(([, value]) => value !== null),
  );
}

/** The overrides that change something: what a prompt says already, or never said, is left out. */
export function overridesThatDiffer(
  settings: GenerationSettings,
  overrides: SettingOverrides,
): SettingOverrides {
  const inPrompt: Readonly<Record<string, unknown>> = { ...settings };
  return Object.fromEntries(
    Object.entries(overrides).filter(([name, value]) => !isSame(inPrompt[name] ?? null, value)),
  );
}

/** The overrides that make `wanted` out of the prompt's settings. */
export function overridesFor(settings: GenerationSettings, wanted: GenerationSettings): SettingOverrides {
  const names = new Set([...Object.keys(settings), ...Object.keys(wanted)]) as Set<keyof GenerationSettings>;
  const all = Object.fromEntries([...names].map((name) => [name, wanted[name] ?? null]));
  return overridesThatDiffer(settings, all);
}

/** A prompt's run as a lane makes it. */
export function laneRun(prepared: PreparedRun, lane: LaneChoice): PreparedRun {
  const { input } = prepared;
  const modelId = lane.modelId ?? input.modelId;
  return {
    ...prepared,
    input: {
      ...input,
      modelId,
      request: {
        ...input.request,
        model: modelId.slice(modelId.indexOf('/') + 1),
        settings: withOverrides(input.request.settings, lane.settings),
      },
    },
  };
}

/** Settings are plain data. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
