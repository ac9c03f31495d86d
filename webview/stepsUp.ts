import { useEffect, useState } from 'preact/hooks';

/** How many are drawn in the first frame: with the newest answer they fill a tall screen. */
const firstDrawn = 4;
/** How many more in each step after it, so that no frame is held up for long. */
const drawnPerStep = 4;

/**
 * The place from which on to draw a list that is read from its end. What is seen first is painted first; what lies above it
 * follows in steps, each after the paint of the one before, until the list is drawn from `start` on.
 * @param start the first place that there is.
 * @param end the place behind the last one.
 * @param isWhole whether to draw all of it at once, as for a reader who goes back to a place in it.
 */
export function useStepsUp(start: number, end: number, isWhole: boolean): number {
  const [from, setFrom] = useState(isWhole ? start : end - firstDrawn);
  // The list may have become shorter meanwhile.
  const drawnFrom = Math.max(start, Math.min(from, end - firstDrawn));
  useEffect(() => {
    if (drawnFrom > start) setFrom(drawnFrom - drawnPerStep);
  }, [drawnFrom, start]);
  return drawnFrom;
}
