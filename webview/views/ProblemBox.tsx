import type { VNode } from 'preact';
import type { PanelAction, Problem } from '../../src/protocol.ts';
import { Button } from '../toolkit.ts';
import { actionLabels } from './actions.ts';
import { Notice } from './Notice.tsx';

interface ProblemBoxProps {
  readonly problem: Problem;
  readonly onAction: (action: PanelAction) => void;
}

/** Why a run did not start, where to look, and what to do. */
export function ProblemBox({ problem: { message, position, action }, onAction }: ProblemBoxProps): VNode {
  return (
    <Notice kind="error" title="Not run">
      <p>
        {message}
        {position && (
          <>
            {' '}
            <button type="button" class="link" onClick={() => onAction('open-prompt')}>
              Line {position.line}, column {position.column}
            </button>
          </>
        )}
      </p>
      {action && (
        <div class="actions">
          <Button appearance="secondary" onClick={() => onAction(action)}>
            {actionLabels[action]}
          </Button>
        </div>
      )}
    </Notice>
  );
}
