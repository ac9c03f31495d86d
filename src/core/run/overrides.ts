import type { GenerationSettings } from '../chat.ts';
import type { PreparedRun } from './prepareRun.ts';

/** A lane's own settings over those of its prompt. `null` leaves a setting of the prompt to the service's default. */
export type SettingOverrides = { readonly [K in keyof GenerationSettings]?: GenerationSettings[K] | null };

/** What a lane calls: a model and settings of its own, where it has them, instead of the prompt's. */
export interface LaneCall {
  /** `provider/model`; `null` is the prompt's model. */
  readonly modelId: string | null;
  readonly settings: SettingOverrides;
}

/** What a lane runs, and calls for it. */
export interface LaneChoice extends LaneCall {
  /** The version of the prompt that it runs; `null` is the file as it is. */
  readonly promptVersion: string | null;
  /** How many times it runs the prompt at once; absent for once. */
  readonly sampleCount?: number | undefined;
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

/**
 * What lanes choose once the choice of one of them is what the file says: it has none of its own any more, and the others
 * call what they called before. Lanes that run a version have nothing from the file.
 * @param file what it said before
 */
export function choicesOnceApplied<Lane extends LaneChoice & { readonly id: string }>(
  lanes: readonly Lane[],
  applied: Lane,
  file: { readonly modelId: string; readonly settings: GenerationSettings },
): ReadonlyMap<string, LaneCall> {
  const written = withOverrides(file.settings, applied.settings);
  const others = lanes.filter(({ id, promptVersion }) => id !== applied.id && promptVersion === null);
  return new Map<string, LaneCall>([
    [applied.id, { modelId: null, settings: {} }],
    ...others.map(
      ({ id, modelId, settings }) =>
        [
          id,
          {
            modelId: modelId ?? (applied.modelId === null ? null : file.modelId),
            settings: overridesFor(written, withOverrides(file.settings, settings)),
          },
        ] as const,
    ),
  ]);
}

/** A prompt's run as a lane makes it. */
export function laneRun(prepared: PreparedRun, lane: LaneCall): PreparedRun {
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
