import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { type LaneView, maxSamples } from '../../src/protocol.ts';
import type { PanelStore } from '../state.ts';

interface SampleCountProps {
  readonly lane: LaneView;
  readonly store: PanelStore;
}

/** How many times a lane runs the prompt at once. It is no setting of the model, so the file has no place for it. */
export function SampleCount({ lane, store }: SampleCountProps): VNode {
  const id = useId();
  const take = (count: number) => {
    if (Number.isInteger(count) && count >= 1 && count <= maxSamples)
      store.ask({ type: 'set-sample-count', laneId: lane.id, count });
  };
  return (
    <div class="setting">
      <div class="setting-head">
        <label for={id}>Samples</label>
        <span class="lane-gap" />
        <input
          class="number-box"
          type="number"
          id={id}
          min={1}
          max={maxSamples}
          aria-describedby={`${id}-help`}
          value={lane.sampleCount ?? 1}
          onChange={({ currentTarget }) => take(currentTarget.valueAsNumber)}
        />
      </div>
      <p class="setting-help" id={`${id}-help`}>
        How many times each run asks, up to {maxSamples}. The lane then says how many answers are identical.
      </p>
    </div>
  );
}
