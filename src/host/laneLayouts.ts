import type { Memento } from 'vscode';
import * as z from 'zod/mini';
import { maxLanes } from '../core/run/comparison.ts';
import type { LaneChoice } from '../core/run/overrides.ts';
import { overridesFrom } from '../core/run/overridesFrom.ts';
import { KeptByUri } from './keptByUri.ts';

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

const schema = z.array(
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
);

/** The lanes of each prompt, kept with the workspace over a reload of the window. */
export class LaneLayouts {
  readonly #kept: KeptByUri<readonly KeptLane[], z.infer<typeof schema>>;

  constructor(memento: Memento) {
    this.#kept = new KeptByUri(memento, 'llmPlayground.lanes', schema);
  }

  /** The lanes that a prompt had, or none where nothing is kept. */
  of(promptUri: string): readonly KeptLane[] {
    const lanes = this.#kept.of(promptUri) ?? [];
    return lanes.slice(0, maxLanes).map((lane) => ({ ...lane, settings: overridesFrom(lane.settings) }));
  }

  /** Keeps the lanes of a prompt. One lane as the prompt says, without follow-ups, is what every prompt starts with, and not kept. */
  keep(promptUri: string, lanes: readonly KeptLane[]): void {
    const [first] = lanes;
    const isPlain =
      lanes.length === 1 &&
      first?.modelId === null &&
      first.promptVersion === null &&
      Object.keys(first.settings).length === 0 &&
      (first.sampleCount ?? 1) === 1 &&
      first.conversationId == null;
    this.#kept.keep(promptUri, isPlain ? undefined : lanes);
  }

  /** Takes lanes along to other URIs; `movedTo` answers `undefined` for those that stay. */
  move(movedTo: (promptUri: string) => string | undefined): void {
    this.#kept.move(movedTo);
  }
}
