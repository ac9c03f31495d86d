import type { VNode } from 'preact';
import { shortVersion, type PanelAction, type PanelState } from '../../src/protocol.ts';
import { Button } from '../toolkit.ts';
import { Icon } from './icons.tsx';

interface HeaderProps {
  readonly panel: PanelState;
  readonly onRun: () => void;
  readonly onStop: () => void;
  readonly onAction: (action: PanelAction) => void;
}

/** What runs, on which model, and the button that runs or stops it. */
export function Header({ panel, onRun, onStop, onAction }: HeaderProps): VNode {
  const { prompt, run } = panel;
  const note = prompt?.model?.description;
  const running = run?.outcome.status === 'running';
  return (
    <header class="header">
      <div class="header-text">
        <div class="header-prompt">
          {prompt ? (
            <button
              type="button"
              class="prompt-name"
              title={`Open ${prompt.name}${prompt.description ? `\n${prompt.description}` : ''}`}
              onClick={() => onAction('open-prompt')}
            >
              <Icon name="file" />
              <span>{prompt.name}</span>
            </button>
          ) : (
            <span class="prompt-name">{run?.prompt?.name ?? 'Run without a file'}</span>
          )}
          {prompt?.version !== undefined && (
            <code class="version" title={`Version ${prompt.version}: the hash of the file's text`}>
              {shortVersion(prompt.version)}
            </code>
          )}
        </div>
        <div class="header-model">
          {prompt?.model && <span class="model-name">{prompt.model.name}</span>}
          <code class="model-id" title="The model that Run calls: provider/model">
            {prompt?.modelId ?? run?.modelId}
          </code>
        </div>
      </div>
      {running ? (
        <Button appearance="secondary" title="Stop this run (Escape)" onClick={once(onStop)}>
          <Icon name="stop" slot="start" />
          Stop
        </Button>
      ) : (
        prompt && (
          <Button appearance="primary" title={runTitle} onClick={once(onRun)}>
            <Icon name={run ? 'rerun' : 'play'} slot="start" />
            {run ? 'Run again' : 'Run'}
          </Button>
        )
      )}
      {note && (
        <div class="model-note" title={note}>
          <Icon name="info" />
          <span>{note}</span>
        </div>
      )}
    </header>
  );
}

const runTitle = 'Run with the values below (Shift+Enter, or Ctrl or Cmd+Enter)';

/** Run turns into Stop under the pointer: the second click of a double click must not stop what the first began. */
function once(action: () => void): (event: MouseEvent) => void {
  return (event) => {
    if (event.detail < 2) action();
  };
}
