import type { VNode } from 'preact';
import { formatCount, type Subject } from '../../../src/inspectorProtocol.ts';
import { Checkbox } from '../../toolkit.ts';
import type { InspectorStore, InspectorView } from '../store.ts';
import { Columns } from './Columns.tsx';
import { MergeSteps } from './MergeSteps.tsx';
import { Tokenizers } from './Tokenizers.tsx';

interface InspectorProps {
  readonly view: InspectorView;
  readonly store: InspectorStore;
}

/** The whole page. */
export function Inspector({ view, store }: InspectorProps): VNode | null {
  switch (view.connection) {
    case 'waiting':
      return null;
    case 'outdated':
      return (
        <Message title="This page is of another version">
          Close it and run LLM Playground: Inspect Tokens again.
        </Message>
      );
    case 'open':
      return <Page view={view} store={store} />;
    default:
      return view.connection satisfies never;
  }
}

function Page({ view, store }: InspectorProps): VNode {
  const { subject, isFollowing, tokenizers } = view.state;
  return (
    <main class="page">
      <header class="subject">
        <h1>{subject ? subject.name : 'Token Inspector'}</h1>
        {subject && <span class="quiet">{sizeOf(subject)}</span>}
        <span class="follow" title="Show the tokens of whatever is selected next">
          <Checkbox checked={isFollowing} onChecked={(checked) => store.follow(checked)}>
            Follow the selection
          </Checkbox>
        </span>
      </header>
      {subject ? (
        <>
          <Tokenizers
            tokenizers={tokenizers}
            length={subject.length}
            onShow={(id, isShown) => store.show(id, isShown)}
            onAdd={() => store.add()}
            onRemove={(id) => store.remove(id)}
          />
          <Columns subject={subject} tokenizers={tokenizers} query={view.query} store={store} />
          {view.stepped && (
            <MergeSteps
              key={view.stepped.request}
              stepped={view.stepped}
              onClose={() => store.closeSteps()}
            />
          )}
        </>
      ) : (
        <Message title="Nothing to inspect yet">
          {isFollowing
            ? 'Select some text in an editor, or open a file that has some: its tokens appear here.'
            : 'Turn on “Follow the selection” and select some text in an editor.'}
        </Message>
      )}
    </main>
  );
}

function Message({ title, children }: { readonly title: string; readonly children: string }): VNode {
  return (
    <div class="message">
      <h2>{title}</h2>
      <p class="quiet">{children}</p>
    </div>
  );
}

/** `the selection · 1,234 characters` */
function sizeOf({ what, length }: Subject): string {
  return `${what} · ${formatCount(length)} ${length === 1 ? 'character' : 'characters'}`;
}
