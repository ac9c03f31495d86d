import { type ContextFigures, type LaneView, modelIdOf } from '../src/protocol.ts';
import type { View } from './view.ts';

/** What a lane's window would hold, as far as it is known for what is written now. */
export interface LaneContext {
  readonly lane: LaneView;
  /** The short name of its model. */
  readonly name: string;
  /** Absent while it is being worked out, and where it cannot be. */
  readonly figures?: ContextFigures;
  /** Why it cannot be. */
  readonly problem?: string;
}

/** What is known for what is written now; figures of another draft say nothing. */
export function contextOf(lane: LaneView, { draft, panel: { prompt } }: View): LaneContext {
  const { context } = lane;
  const modelId = modelIdOf(lane, prompt) ?? lane.run?.modelId ?? '';
  const name = lane.model?.name ?? modelId.slice(modelId.lastIndexOf('/') + 1);
  if (context?.draft !== draft) return { lane, name };
  const { figures, problem } = context;
  return { lane, name, ...(figures ? { figures } : {}), ...(problem === undefined ? {} : { problem }) };
}
