import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PanelState } from '../../src/protocol.ts';
import { useFollow } from '../follow.ts';
import type { PanelStore, View } from '../state.ts';
import { Announcer } from './Announcer.tsx';
import { Answer } from './Answer.tsx';
import { Breakdown } from './Breakdown.tsx';
import { Outdated } from './Outdated.tsx';
import { Footer } from './Footer.tsx';
import { Header } from './Header.tsx';
import { Icon } from './icons.tsx';
import { Outcome } from './Outcome.tsx';
import { ProblemBox } from './ProblemBox.tsx';
import { Sent } from './Sent.tsx';
import { Variables } from './Variables.tsx';

interface PanelProps {
  readonly view: View;
  readonly store: PanelStore;
}

/** The whole panel. */
export function Panel({ view, store }: PanelProps): VNode | null {
  useRunKeys(store);
  if (view.connection === 'waiting') return null;
  if (view.connection === 'outdated') return <Outdated />;
  return <PromptPanel view={view} store={store} />;
}

function PromptPanel({ view, store }: PanelProps): VNode {
  const { prompt, run, problem } = view.panel;
  const [showBreakdown, setShowBreakdown] = useState(false);
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const running = run?.outcome.status === 'running';
  const { atEnd, toEnd } = useFollow(scroller, content, run?.id, running);

  return (
    <div class="panel">
      <Header
        panel={view.panel}
        onRun={() => store.run()}
        onStop={() => store.stop()}
        onAction={(a) => store.act(a)}
      />
      <div class="body">
        <main class="scroller" ref={scroller}>
          <div class="content" ref={content}>
            {problem && problem.missing.length === 0 && (
              <ProblemBox problem={problem} onAction={(action) => store.act(action)} />
            )}
            {prompt && (
              <Variables view={view} prompt={prompt} onType={(name, text) => store.type(name, text)} />
            )}
            {run && <Sent run={run} />}
            {run && (
              <Answer
                key={run.id}
                run={run}
                promptVersion={prompt?.version}
                mode={view.answerMode}
                onMode={(mode) => store.showAnswerAs(mode)}
              />
            )}
            {run && <Outcome run={run} onRun={() => store.run()} onAction={(action) => store.act(action)} />}
            {!run && <FirstRunHint panel={view.panel} />}
          </div>
        </main>
        {running && !atEnd && (
          <button type="button" class="to-end" onClick={toEnd}>
            <Icon name="down" /> Jump to end
          </button>
        )}
      </div>
      {run && showBreakdown && <Breakdown run={run} />}
      {run && <Footer run={run} open={showBreakdown} onToggle={() => setShowBreakdown(!showBreakdown)} />}
      <Announcer run={run} />
    </div>
  );
}

function FirstRunHint({ panel: { prompt, problem } }: { readonly panel: PanelState }): VNode | null {
  // Until the file has been read there is nothing to press Run for.
  if (prompt?.version === undefined || problem) return null;
  return (
    <p class="hint">
      Press <b>Run</b> or <kbd>Shift</kbd>+<kbd>Enter</kbd>. The answer streams in here, with its tokens, time
      and cost below.
    </p>
  );
}

/** Ctrl, Cmd or Shift with Enter runs from anywhere in the panel, Escape stops. */
function useRunKeys(store: PanelStore): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || event.shiftKey)) {
        event.preventDefault();
        store.run();
      } else if (event.key === 'Escape') {
        store.stop();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [store]);
}
