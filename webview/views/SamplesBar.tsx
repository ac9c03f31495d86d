import type { VNode } from 'preact';
import { type LaneView, type MessagePlace, sampleGroups, samplesInWords } from '../../src/protocol.ts';
import { Steps } from './Siblings.tsx';

interface SamplesBarProps {
  readonly lane: LaneView;
  readonly onTurn: (runId: string) => void;
}

/** How many samples of a lane are identical, and the way through those that differ. */
export function SamplesBar({ lane, onTurn }: SamplesBarProps): VNode | null {
  const { samples, run } = lane;
  const place = placeAmongSamples(lane);
  if (!samples || !place) return null;
  const shown = sampleGroups(samples).find((group) => group.some(({ id }) => id === run?.id));
  const times = shown?.length ?? 1;
  return (
    <div class="samples-bar">
      <span class="samples-words">{samplesInWords(samples)}</span>
      <span class="lane-gap" />
      {times > 1 && place.siblings.length > 1 && <span class="quiet">given {times} times</span>}
      <Steps place={place} onTurn={onTurn} noun="answer" />
    </div>
  );
}

/** Where the shown sample stands among those that differ, by the first run of each; `null` where it is the only one. */
export function placeAmongSamples({
  samples,
  run,
}: Pick<LaneView, 'samples' | 'run'>): Pick<MessagePlace, 'id' | 'siblings'> | null {
  if (!samples) return null;
  const groups = sampleGroups(samples);
  const own = groups.find((group) => group.some(({ id }) => id === run?.id));
  return own ? { id: own[0].id, siblings: groups.map(([first]) => first.id) } : null;
}
