import type { FitView } from '../core/context/fitView.ts';
import { laneRun } from '../core/run/overrides.ts';
import type { PreparedRun } from '../core/run/prepareRun.ts';
import type { LaneView } from '../protocol.ts';
import type { Chat, Turn } from './chat.ts';
import type { Fitted, Unfitted } from './fitter.ts';
import type { SessionSurroundings } from './sessionSurroundings.ts';

/** A run of which no more is sent than the conversation wants. */
export interface FittedRun {
  readonly prepared: PreparedRun;
  /** `null` where everything is sent. */
  readonly fit: FitView | null;
}

/**
 * Leaves out of a lane's next turn what the conversation does not send; summaries that it needs are written first, and kept.
 * @throws LlmError and Blocked as Fitter and Summaries do.
 */
export async function fitTurn(
  chat: Chat,
  { fitter, summaries }: Pick<SessionSurroundings, 'fitter' | 'summaries'>,
  { turn, lane, prepared }: { readonly turn: Turn; readonly lane: LaneView; readonly prepared: PreparedRun },
  signal: AbortSignal,
): Promise<FittedRun> {
  const { modelId, request } = laneRun(prepared, lane).input;
  const unfitted = (): Unfitted => ({
    modelId,
    request,
    said: turn,
    fitting: chat.fitting,
    summary: chat.summaryIn(turn),
  });
  let fitted: Fitted = await fitter.fit(unfitted(), true, signal);
  while (fitted.summariseTo !== undefined) {
    const { end, text } = await summaries.make(chat.id, unfitted(), fitted.summariseTo, signal);
    const messageId = turn.ids[end - 1];
    // What is summarised is in the conversation, so it has an id.
    if (messageId == null) break;
    chat.setSummary(messageId, { text });
    fitted = await fitter.fit(unfitted(), true, signal);
  }
  return {
    fit: fitted.view,
    prepared: {
      ...prepared,
      input: {
        ...prepared.input,
        request: { ...prepared.input.request, messages: fitted.request.messages },
      },
    },
  };
}
