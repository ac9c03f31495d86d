import type { ChatRequest, GenerationSettings, ResponseFormat } from '../chat.ts';
import type { PreparedRun } from './prepareRun.ts';

/** How a call is to be answered: its settings, and what the answer must be. */
export interface CallSettings extends GenerationSettings {
  /** Absent for free text. */
  readonly responseFormat?: ResponseFormat;
}

/**
 * A lane's own settings over those of its prompt. `null` leaves a setting of the prompt to the service's default, and the
 * answer free.
 */
export type SettingOverrides = { readonly [K in keyof CallSettings]?: CallSettings[K] | null };

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
export function withOverrides(settings: CallSettings, overrides: SettingOverrides): CallSettings {
  return Object.fromEntries(
    Object.entries({ ...settings, ...overrides }).filter(([, value]) => value !== null),
  );
}

/** The overrides that change something: what a prompt says already, or never said, is left out. */
export function overridesThatDiffer(settings: CallSettings, overrides: SettingOverrides): SettingOverrides {
  const inPrompt: Readonly<Record<string, unknown>> = { ...settings };
  return Object.fromEntries(
    Object.entries(overrides).filter(([name, value]) => !isSame(inPrompt[name] ?? null, value)),
  );
}

/** The overrides that make `wanted` out of the prompt's settings. */
export function overridesFor(settings: CallSettings, wanted: CallSettings): SettingOverrides {
  const names = new Set([...Object.keys(settings), ...Object.keys(wanted)]) as Set<keyof CallSettings>;
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
  file: { readonly modelId: string; readonly settings: CallSettings },
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

/** How a request is to be answered. */
export function callSettingsOf({ settings, responseFormat }: ChatRequest): CallSettings {
  return { ...settings, ...(responseFormat ? { responseFormat } : {}) };
}

/** A request that is to be answered in another way. */
export function withCallSettings(
  { responseFormat: _, ...request }: ChatRequest,
  { responseFormat, ...settings }: CallSettings,
): ChatRequest {
  return { ...request, settings, ...(responseFormat ? { responseFormat } : {}) };
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
        ...withCallSettings(input.request, withOverrides(callSettingsOf(input.request), lane.settings)),
        model: modelId.slice(modelId.indexOf('/') + 1),
      },
    },
  };
}

/** Settings are plain data. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
