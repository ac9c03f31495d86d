import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatTokens, type Run } from '../../src/protocol.ts';

/** Says to a screen reader that an answer begins and how it ended, never the tokens between. */
export function Announcer({ run }: { readonly run: Run | null }): VNode {
  const [said, setSaid] = useState('');
  const status = run?.outcome.status;
  // A run that had ended before the panel was opened is nothing new.
  const seenRunning = useRef<string>(undefined);

  useEffect(() => {
    if (!run) return;
    if (status === 'running') {
      seenRunning.current = run.id;
      setSaid('The model is answering.');
    } else if (seenRunning.current === run.id) {
      setSaid(ending(run));
    }
  }, [run?.id, status]);

  return (
    <div class="unseen" role="status" aria-live="polite">
      {said}
    </div>
  );
}

function ending({ outcome, usage }: Run): string {
  const length = usage ? `, ${formatTokens(usage.outputTokens)}` : '';
  switch (outcome.status) {
    case 'finished':
      return `Answer finished${length}.`;
    case 'stopped':
      return `Answer stopped${length}.`;
    case 'interrupted':
      return 'The run was interrupted.';
    case 'failed':
    case 'running':
      // A failure is an alert of its own.
      return '';
    default:
      return outcome satisfies never;
  }
}
