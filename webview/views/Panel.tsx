import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { promptOf } from '../../src/protocol.ts';
import { menuContext } from '../contextOf.ts';
import { editorFiles, hasEditorFiles } from '../dropped.ts';
import type { PanelStore } from '../state.ts';
import type { View } from '../view.ts';
import { Announcer } from './Announcer.tsx';
import { Composer } from './Composer.tsx';
import { Header } from './Header.tsx';
import { Lanes } from './Lanes.tsx';
import { LeftChat } from './LeftChat.tsx';
import { Outdated } from './Outdated.tsx';
import { ProblemBox } from './ProblemBox.tsx';
import { ShortcutSheet } from './ShortcutSheet.tsx';
import { SettingsDrawer } from './SettingsDrawer.tsx';
import { SystemPrompt } from './SystemPrompt.tsx';
import { SilentHost } from './SilentHost.tsx';
import { Variables } from './Variables.tsx';

interface PanelProps {
  readonly view: View;
  readonly store: PanelStore;
}

/** The whole panel. */
export function Panel({ view, store }: PanelProps): VNode | null {
  useRunKeys(store);
  if (view.connection === 'waiting') return view.hostIsSilent ? <SilentHost saved={store.saved} /> : null;
  if (view.connection === 'outdated') return <Outdated />;
  return <PromptPanel view={view} store={store} />;
}

/** One lane scrolls together with the form above its answer; several share a form that stands above them all. */
function PromptPanel({ view, store }: PanelProps): VNode {
  const { prompt, chat, left, lanes, problem } = view.panel;
  const isMany = lanes.length > 1;
  const drawn = lanes.find(({ id }) => id === view.settingsOf);
  const drawnPrompt = drawn && promptOf(drawn, prompt);
  const box = problem && problem.missing.length === 0 && (
    <ProblemBox problem={problem} onAction={(action) => store.act(action)} />
  );
  const form =
    chat?.system != null ? (
      <SystemPrompt key={chat.id} system={chat.system} store={store} />
    ) : (
      prompt && <Variables view={view} prompt={prompt} store={store} />
    );
  const isShared = isMany && (box || (prompt && (prompt.isChat || prompt.fields.length > 0)));

  return (
    <div
      class="panel"
      {...menuContext({ promptUri: prompt?.uri })}
      onDragOver={(event) => {
        if (hasEditorFiles(event.dataTransfer)) event.preventDefault();
      }}
      onDrop={(event) => {
        // What is dropped on the composer goes along with the message.
        const uris = event.defaultPrevented ? [] : promptsIn(editorFiles(event.dataTransfer));
        if (uris.length === 0) return;
        event.preventDefault();
        store.ask({ type: 'open-prompts', uris });
      }}
    >
      <Header view={view} store={store} />
      {view.hostIsSilent && <SilentHost saved={store.saved} />}
      {left && <LeftChat left={left} store={store} />}
      {isShared && (
        <div class="shared">
          {box}
          {form}
        </div>
      )}
      <main class="stage">
        <Lanes view={view} store={store}>
          {box}
          {form}
        </Lanes>
        {drawn && drawnPrompt && (
          <SettingsDrawer
            key={drawn.id}
            lane={drawn}
            place={lanes.indexOf(drawn) + 1}
            count={lanes.length}
            prompt={drawnPrompt}
            store={store}
          />
        )}
      </main>
      <Composer view={view} store={store} />
      {view.sheetIsOpen && <ShortcutSheet onClose={() => store.openSheet(false)} />}
      <Announcer lanes={lanes} />
    </div>
  );
}

function promptsIn(uris: readonly string[]): readonly string[] {
  return uris.filter((uri) => uri.endsWith('.prompt'));
}

/** Ctrl, Cmd or Shift with Enter runs every lane from anywhere in the panel, Escape stops them. */
function useRunKeys(store: PanelStore): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || event.shiftKey)) {
        event.preventDefault();
        store.run();
      } else if (event.key === '?' && !isTyping(event)) {
        event.preventDefault();
        store.openSheet(true);
      } else if (event.key === 'Escape') {
        store.stop();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [store]);
}

/** Whether a key goes into a text. A field of the toolkit hides its own, but not on the way that the event takes. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return target instanceof Element && target.matches('input, textarea, select');
}
