import type { VNode } from 'preact';
import { type PanelAction, retrySentence, type Run } from '../../src/protocol.ts';
import { Button } from '../toolkit.ts';
import { actionLabels } from './actions.ts';
import { Notice } from './Notice.tsx';

interface OutcomeProps {
  readonly run: Run;
  readonly onRun: () => void;
  readonly onAction: (action: PanelAction) => void;
}

/** Everything about a run that did not go as asked: how it ended, what was not saved, what was done otherwise. */
export function Outcome({ run, onRun, onAction }: OutcomeProps): VNode {
  return (
    <div class="notices">
      {run.retry && (
        <Notice kind="info" title="Waiting">
          <p role="status">{retrySentence(run.retry)}</p>
        </Notice>
      )}
      <Ending outcome={run.outcome} onRun={onRun} onAction={onAction} />
      {run.unsaved !== undefined && (
        <Notice kind="warning" title="Not saved">
          <p>{run.unsaved}</p>
        </Notice>
      )}
      {run.warnings.length > 0 && (
        <Notice
          kind="warning"
          title={run.warnings.length === 1 ? 'Warning' : `${run.warnings.length} warnings`}
        >
          <ul>
            {run.warnings.map(({ subject, message }, index) => (
              <li key={index}>
                <code>{subject}</code> {message}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}

type Failure = Extract<Run['outcome'], { status: 'failed' }>['error'];

function Ending({
  outcome,
  onRun,
  onAction,
}: Omit<OutcomeProps, 'run'> & { outcome: Run['outcome'] }): VNode | null {
  switch (outcome.status) {
    case 'running':
      return null;
    case 'finished':
      return <Reason reason={outcome.reason} />;
    case 'stopped':
      return <Notice kind="info" title="Stopped" />;
    case 'interrupted':
      return (
        <Notice kind="warning" title="Interrupted">
          <p>The window or the extension host ended during this run; this is what had arrived.</p>
        </Notice>
      );
    case 'failed':
      return <Failed error={outcome.error} onRun={onRun} onAction={onAction} />;
    default:
      return outcome satisfies never;
  }
}

/** Only an answer that is not whole needs a word. */
function Reason({ reason }: { readonly reason: string }): VNode | null {
  if (reason === 'length') {
    return (
      <Notice kind="warning" title="Cut off">
        <p>
          The answer reached the limit of output tokens. Raise <code>maxOutputTokens</code> in the prompt to
          get more.
        </p>
      </Notice>
    );
  }
  if (reason === 'content-filter') {
    return (
      <Notice kind="warning" title="Withheld">
        <p>The service's content filter ended this answer.</p>
      </Notice>
    );
  }
  return null;
}

function Failed({ error, onRun, onAction }: Omit<OutcomeProps, 'run'> & { readonly error: Failure }): VNode {
  const action = actionsByKind[error.kind];
  return (
    <Notice kind="error" title="Failed">
      <p>{error.message}</p>
      <div class="actions">
        {error.retryable && (
          <Button appearance="primary" onClick={onRun}>
            Run again
          </Button>
        )}
        <Button appearance="secondary" onClick={() => onAction(action)}>
          {actionLabels[action]}
        </Button>
      </div>
    </Notice>
  );
}

/** Where the cause of each kind of error is to be found. */
const actionsByKind: Readonly<Record<Failure['kind'], PanelAction>> = {
  auth: 'set-api-key',
  'rate-limit': 'show-log',
  'context-overflow': 'open-prompt',
  'bad-request': 'open-prompt',
  network: 'show-log',
  provider: 'show-log',
  cancelled: 'show-log',
};
