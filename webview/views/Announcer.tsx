import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatTokens, type LaneView, type Run } from '../../src/protocol.ts';

/** Says to a screen reader that answers begin and how they ended, never the tokens between. */
export function Announcer({ lanes }: { readonly lanes: readonly LaneView[] }): VNode {
  const [said, setSaid] = useState('');
  // Runs that had ended before the panel was opened are nothing new.
  const answering = useRef(new Set<string>());
  const state = lanes.map(({ run }) => `${run?.id} ${run?.outcome.status}`).join(' ');

  useEffect(() => {
    const before = answering.current;
    const runs = lanes.flatMap(({ run }, index) => (run ? [{ run, place: index + 1 }] : []));
    const running = runs.filter(({ run }) => run.outcome.status === 'running');
    answering.current = new Set(running.map(({ run }) => run.id));
    const ended = runs.filter(({ run }) => before.has(run.id) && !answering.current.has(run.id));
    const started = running.some(({ run }) => !before.has(run.id));
    const lane = (place: number) => (lanes.length > 1 ? `Lane ${place}: ` : '');
    const news = ended.map(({ run, place }) => ending(run, lane(place))).filter((text) => text !== '');
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

/** How a run ended; `''` where something else says so. */
function ending({ outcome, usage }: Run, lane: string): string {
  const length = usage ? `, ${formatTokens(usage.outputTokens)}` : '';
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
