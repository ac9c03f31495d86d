import type { VNode } from 'preact';
import { laneIsRunning, markdownTable, maxLanes, shortVersion } from '../../src/protocol.ts';
import type { PanelStore } from '../state.ts';
import type { View } from '../view.ts';
import { Button } from '../toolkit.ts';
import { CopyButton } from './CopyButton.tsx';
import { IconButton } from './IconButton.tsx';
import { Icon } from './icons.tsx';
import { once } from './once.ts';

interface HeaderProps {
  readonly view: View;
  readonly store: PanelStore;
}

/** The prompt that runs, what can be done with all its lanes, and the button that runs or stops them. */
export function Header({ view, store }: HeaderProps): VNode {
  const { prompt, lanes } = view.panel;
  const isMany = lanes.length > 1;
  const isRunning = lanes.some(laneIsRunning);
  const hasRun = lanes.some(({ run }) => run);
  return (
    <header class="header">
      <div class="header-prompt">
        {prompt?.isChat ? (
          <button
            type="button"
            class="prompt-name"
            title={`Rename “${prompt.name}”`}
            disabled={!lanes.some(({ message }) => message)}
            onClick={() => store.ask({ type: 'rename-chat' })}
          >
            <Icon name="chat" />
            <span>{prompt.name}</span>
          </button>
        ) : prompt ? (
          <button
            type="button"
            class="prompt-name"
            title={`Open ${prompt.name}${prompt.description ? `\n${prompt.description}` : ''}`}
            onClick={() => store.act('open-prompt')}
          >
            <Icon name="file" />
            <span>{prompt.name}</span>
          </button>
        ) : (
          <span class="prompt-name">{lanes[0]?.run?.prompt?.name ?? 'Run without a file'}</span>
        )}
        {prompt?.version !== undefined && (
          <code class="version" title={`Version ${prompt.version}: the hash of the file's text`}>
            {shortVersion(prompt.version)}
          </code>
        )}
      </div>
      <Tools view={view} store={store} />
      {isRunning ? (
        <Button
          appearance="secondary"
          title={isMany ? 'Stop every lane (Escape)' : 'Stop this run (Escape)'}
          onClick={once(() => store.stop())}
        >
          <Icon name="stop" slot="start" />
          {isMany ? 'Stop all' : 'Stop'}
        </Button>
      ) : (
        prompt &&
        !prompt.isChat && (
          <Button
            appearance="primary"
            title={isMany ? runAllTitle : runTitle}
            onClick={once(() => store.run())}
          >
            <Icon name={hasRun ? 'rerun' : 'play'} slot="start" />
            {isMany ? 'Run all' : hasRun ? 'Run again' : 'Run'}
          </Button>
        )
      )}
    </header>
  );
}

const runTitle = 'Run with the values below (Shift+Enter, or Ctrl or Cmd+Enter)';
const runAllTitle = 'Run every lane with the values below (Shift+Enter, or Ctrl or Cmd+Enter)';

/** What is done with lanes, in the order in which one compares: open them, run them, look at what differs, take it along. */
function Tools({ view: { panel, scrollsTogether }, store }: HeaderProps): VNode | null {
  const { prompt, lanes } = panel;
  if (!prompt?.isChat && prompt?.version === undefined) return null;
  const answers = lanes.flatMap(({ run }) => (run && run.text !== '' ? [run] : []));
  return (
    <div class="tools-bar" role="toolbar" aria-label="Lanes">
      {answers.length > 1 && (
        <>
          <IconButton
            icon="diff"
            label="Diff"
            hint="Diff: show how two answers differ"
            onClick={() => store.ask({ type: 'diff' })}
          />
          <CopyButton
            icon="table"
            label="Copy the comparison as a Markdown table"
            text={() => markdownTable(lanes.flatMap(({ run }) => run ?? []))}
          />
        </>
      )}
      {lanes.length > 1 && (
        <IconButton
          icon="together"
          label="Scroll lanes together"
          hint={scrollsTogether ? 'Lanes scroll together' : 'Lanes scroll by themselves'}
          pressed={scrollsTogether}
          onClick={() => store.scrollTogether(!scrollsTogether)}
        />
      )}
      {!prompt.isChat && lanes.length > 1 && (
        <IconButton
          icon="pin"
          label="Save this comparison…"
          hint="Save this comparison…: its lanes and values under a name, to run them again"
          onClick={() => store.askWithValues('save-comparison')}
        />
      )}
      {!prompt.isChat && (
        <IconButton
          icon="sweep"
          label="Sweep…"
          hint="Sweep…: run a lane for each of several temperatures, seeds or models"
          onClick={() => store.askWithValues('sweep')}
        />
      )}
      <IconButton
        icon="help"
        label="Keyboard shortcuts"
        hint="Keyboard shortcuts (?)"
        onClick={() => store.openSheet(true)}
      />
      {lanes.length < maxLanes && (
        <button
          type="button"
          class="tool"
          aria-label={lanes.length > 1 ? 'Add a lane' : 'Compare'}
          title={lanes.length > 1 ? 'Add lanes for other models' : 'Compare with other models, side by side'}
          onClick={() => store.ask({ type: 'add-lane' })}
        >
          <Icon name={lanes.length > 1 ? 'add' : 'compare'} />
          <span>{lanes.length > 1 ? 'Lane' : 'Compare'}</span>
        </button>
      )}
    </div>
  );
}
