import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import {
  formatTokens,
  laneIsRunning,
  type LaneView,
  outputTokensOf,
  type Run,
  samplesInWords,
} from '../../src/protocol.ts';

/** Says to a screen reader that answers begin and how they ended, never the tokens between. */
export function Announcer({ lanes }: { readonly lanes: readonly LaneView[] }): VNode {
  const [said, setSaid] = useState('');
  // Runs that had ended before the panel was opened are nothing new.
  const answering = useRef(new Set<string>());
  const state = lanes.map((lane) => `${idOf(lane)} ${laneIsRunning(lane)}`).join(' ');

  useEffect(() => {
    const before = answering.current;
    const runs = lanes.map((lane, index) => ({ lane, id: idOf(lane), place: index + 1 }));
    const running = runs.filter(({ lane }) => laneIsRunning(lane));
    answering.current = new Set(running.map(({ id }) => id));
    const ended = runs.filter(({ id }) => before.has(id) && !answering.current.has(id));
    const started = running.some(({ id }) => !before.has(id));
    const name = (place: number) => (lanes.length > 1 ? `Lane ${place}: ` : '');
    const news = ended.map(({ lane, place }) => endingOf(lane, name(place))).filter((text) => text !== '');
    if (started)
      news.push(running.length > 1 ? `${running.length} models are answering.` : 'The model is answering.');
    if (started || ended.length > 0) setSaid(news.join(' '));
  }, [state]);

  return (
    <div class="unseen" role="status" aria-live="polite">
      {said}
    </div>
  );
}

/** What a lane shows an answer to; samples are one. */
function idOf({ run, samples }: LaneView): string {
  return samples?.runs[0]?.id ?? run?.id ?? '';
}

function endingOf({ run, samples }: LaneView, lane: string): string {
  if (samples) return `${lane}${samplesInWords(samples)}.`;
  return run ? ending(run, lane) : '';
}

/** How a run ended; `''` where something else says so. */
function ending({ outcome, usage }: Run, lane: string): string {
  const tokens = outputTokensOf(usage);
  const length = tokens === undefined ? '' : `, ${formatTokens(tokens)}`;
  switch (outcome.status) {
    case 'finished':
      return `${lane}Answer finished${length}.`;
    case 'stopped':
      return `${lane}Answer stopped${length}.`;
    case 'interrupted':
      return `${lane}The run was interrupted.`;
    case 'failed':
    case 'running':
      // A failure is an alert of its own.
      return '';
    default:
      return outcome satisfies never;
  }
}
