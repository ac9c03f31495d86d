import type { ChatRequest } from '../core/chat.ts';
import type { Run } from '../core/store.ts';
import type { Correction } from '../core/tokens/estimate.ts';
import { correctionOf, mostRuns } from '../core/usage/correction.ts';
import type { ReportedRun } from './sqliteUsage.ts';

export interface LearnedCorrectionsSurroundings {
  /** The newest finished runs of a model whose input was reported, the newest first. */
  readonly reportedRuns: (modelId: string, limit: number) => readonly ReportedRun[];
  readonly runOf: (id: string) => Pick<Run, 'request'> | undefined;
  /** The input of a request as it is counted here, without a correction. */
  readonly count: (request: ChatRequest, modelId: string, signal: AbortSignal) => Promise<number>;
}

/** What the runs of each model say about counts for it, by counting again what they sent. Nothing of it is stored. */
export class LearnedCorrections {
  readonly #surroundings: LearnedCorrectionsSurroundings;
  /** What was counted, by run; 0 for a run that cannot be compared. What a run has sent never changes. */
  readonly #counted = new Map<string, number>();

  constructor(surroundings: LearnedCorrectionsSurroundings) {
    this.#surroundings = surroundings;
  }

  /** `undefined` where nothing was learned. @throws LlmError `cancelled` after an abort. */
  async of(modelId: string, signal: AbortSignal): Promise<Correction | undefined> {
    const samples: { readonly reported: number; readonly counted: number }[] = [];
    for (const { id, inputTokens } of this.#reportedRuns(modelId)) {
      const counted = this.#counted.get(id) ?? (await this.#count(id, modelId, signal));
      this.#counted.set(id, counted);
      samples.push({ reported: inputTokens, counted });
    }
    return correctionOf(samples);
  }

  #reportedRuns(modelId: string): readonly ReportedRun[] {
    try {
      return this.#surroundings.reportedRuns(modelId, mostRuns);
    } catch {
      // An estimate without a correction is better than none when the history cannot be read.
      return [];
    }
  }

  async #count(id: string, modelId: string, signal: AbortSignal): Promise<number> {
    const { runOf, count } = this.#surroundings;
    const request = runOf(id)?.request;
    const hasImages = request?.messages.some(({ content }) => content.some(({ type }) => type === 'image'));
    return request && !hasImages ? count(request, modelId, signal) : 0;
  }
}
