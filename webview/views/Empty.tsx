import type { VNode } from 'preact';
import type { PanelAction, Problem } from '../../src/protocol.ts';
import { Button } from '../toolkit.ts';
import { Icon } from './icons.tsx';
import { ProblemBox } from './ProblemBox.tsx';

interface EmptyProps {
  readonly problem: Problem | null;
  readonly onAction: (action: PanelAction) => void;
}

/** The first minute: what to do before any prompt was run. */
export function Empty({ problem, onAction }: EmptyProps): VNode {
  return (
    <main class="empty">
      {problem && <ProblemBox problem={problem} onAction={onAction} />}
      <h1>Run your first prompt</h1>
      <ol>
        <li>
          Open a <code>.prompt</code> file: text, variables and the model to call, in one file that git can
          keep.
        </li>
        <li>
          Press <b>▶ Run</b> above its first line. Values that it needs are asked for here.
        </li>
        <li>Watch the answer arrive, with its tokens, probabilities, time and cost.</li>
      </ol>
      <Button appearance="primary" onClick={() => onAction('open-sample')}>
        <Icon name="file" slot="start" />
        Open a sample prompt
      </Button>
      <p class="quiet">The sample runs on a model inside the extension: no key, no account, no network.</p>
    </main>
  );
}

/** The host is of another version than this page, as after an update of the extension. */
export function Outdated(): VNode {
  return (
    <main class="empty">
      <h1>Reload this panel</h1>
      <p>
        The extension was updated while this panel was open. Close it and run the prompt again; nothing is
        lost.
      </p>
    </main>
  );
}
