import type { Memento } from 'vscode';
import * as z from 'zod/mini';
import { maxLanes } from '../core/run/comparison.ts';
import type { LaneChoice } from '../core/run/overrides.ts';
import { overridesFrom } from '../core/run/overridesFrom.ts';

/** A lane as it is kept while the window is closed. */
export interface KeptLane extends LaneChoice {
  /** The run that it showed, which the history has; `null` before the first one. */
  readonly runId: string | null;
  /** The samples that it has made, `runId` among them; absent where it has none. */
  readonly sampleIds?: readonly string[] | undefined;
  /** What its conversation calls it; absent in what an older version kept. */
  readonly id?: string | undefined;
  /** The conversation that it takes part in; `null` or absent where it does not. */
  readonly conversationId?: string | null | undefined;
}

const key = 'llmPlayground.lanes';
const schema = z.record(
  z.string(),
  z.array(
    z.object({
      modelId: z.nullable(z.string()),
      promptVersion: z._default(z.nullable(z.string()), null),
      settings: z.record(z.string(), z.json()),
      sampleCount: z.optional(z.number()),
      runId: z.nullable(z.string()),
      sampleIds: z.optional(z.array(z.string())),
      id: z.optional(z.string()),
      conversationId: z.optional(z.nullable(z.string())),
    }),
  ),
);

/** The lanes of this many prompts are kept, those that changed last. */
const maxPrompts = 50;

/** The lanes of each prompt, kept with the workspace over a reload of the window. */
export class LaneLayouts {
  readonly #memento: Memento;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  /** The lanes that a prompt had, or none where nothing is kept. */
  of(promptUri: string): readonly KeptLane[] {
    const lanes = this.#all()[promptUri] ?? [];
    return lanes.slice(0, maxLanes).map((lane) => ({ ...lane, settings: overridesFrom(lane.settings) }));
  }

  /** Keeps the lanes of a prompt. One lane as the prompt says, without follow-ups, is what every prompt starts with, and not kept. */
  keep(promptUri: string, lanes: readonly KeptLane[]): void {
    const { [promptUri]: before, ...others } = this.#all();
    const [first] = lanes;
    const isPlain =
      lanes.length === 1 &&
      first?.modelId === null &&
      first.promptVersion === null &&
      Object.keys(first.settings).length === 0 &&
      (first.sampleCount ?? 1) === 1 &&
      first.conversationId == null;
    if (isPlain && !before) return;
    const kept = Object.entries({ ...others, ...(isPlain ? {} : { [promptUri]: lanes }) });
    void this.#memento.update(key, Object.fromEntries(kept.slice(-maxPrompts)));
  }

  /** Takes lanes along to other URIs; `movedTo` answers `undefined` for those that stay. */
  move(movedTo: (promptUri: string) => string | undefined): void {
    const moved = Object.entries(this.#all()).map(([uri, lanes]) => [movedTo(uri) ?? uri, lanes]);
    void this.#memento.update(key, Object.fromEntries(moved));
  }

  #all(): z.infer<typeof schema> {
    const parsed = schema.safeParse(this.#memento.get(key));
    return parsed.success ? parsed.data : {};
  }
}
