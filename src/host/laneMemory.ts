import { messageOf } from '../core/errors.ts';
import type { LaneView } from '../protocol.ts';
import type { SessionChat } from './sessionChat.ts';
import type { KeptLane } from './laneLayouts.ts';
import type { SessionSurroundings } from './sessionSurroundings.ts';

/** What the lanes of a prompt were when the window closed, and what they are, for the next time. */
export class LaneMemory {
  /** From left to right; none where every lane is as the prompt says. */
  readonly kept: readonly KeptLane[];
  readonly #promptUri: () => string;
  readonly #surroundings: Pick<SessionSurroundings, 'layouts' | 'log' | 'store'>;

  /** @param promptUri another one once the prompt's file was moved */
  constructor(promptUri: () => string, surroundings: Pick<SessionSurroundings, 'layouts' | 'log' | 'store'>) {
    this.#promptUri = promptUri;
    this.#surroundings = surroundings;
    this.kept = surroundings.layouts.of(promptUri());
  }

  keep(lanes: readonly LaneView[], chat: Pick<SessionChat, 'idOf' | 'shown'>): void {
    const kept = lanes.map((lane) => ({
      modelId: lane.modelId,
      settings: lane.settings,
      promptVersion: lane.promptVersion,
      sampleCount: lane.sampleCount,
      runId: lane.run?.id ?? null,
      sampleIds: lane.samples?.runs.map(({ id }) => id),
      id: lane.id,
      conversationId: chat.idOf(lane),
    }));
    this.#surroundings.layouts.keep(this.#promptUri(), kept);
  }

  /**
   * What each lane showed when the window closed, or else, where there is one lane, the prompt's newest run. A history that
   * cannot be read is told in the log: the panel works without it, and the next run says that it is not saved.
   */
  shown(
    lanes: readonly LaneView[],
    chat: Pick<SessionChat, 'idOf' | 'shown'>,
  ): ReadonlyMap<string, Partial<LaneView>> {
    const { store, log } = this.#surroundings;
    const shown = new Map<string, Partial<LaneView>>();
    try {
      for (const [index, lane] of lanes.entries()) {
        if (lane.run) continue;
        const kept = this.kept[index];
        const inChat = kept?.conversationId == null ? undefined : chat.shown(lane.id);
        const run = kept?.runId == null ? undefined : store.get(kept.runId);
        const [newest] = lanes.length === 1 ? store.list({ limit: 1, promptUri: this.#promptUri() }) : [];
        const samples = kept?.sampleIds?.flatMap((id) => store.get(id) ?? []) ?? [];
        shown.set(
          lane.id,
          inChat ?? {
            run: run ?? newest ?? null,
            samples: run && samples.length > 1 ? { runs: samples, pending: 0 } : null,
          },
        );
      }
    } catch (error) {
      log.error(messageOf(error));
    }
    return shown;
  }
}
