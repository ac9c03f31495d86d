import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { MergeStepView } from '../../../src/inspectorProtocol.ts';
import { Button } from '../../toolkit.ts';
import type { SteppedWord } from '../store.ts';
import { visibleBytes, visibleText } from '../visible.ts';
import { Glyph, type GlyphName } from './glyphs.tsx';

/** How long a step is shown while they play, in ms. */
const stepMs = 900;

interface MergeStepsProps {
  readonly stepped: SteppedWord;
  readonly onClose: () => void;
}

/** How a word became tokens, merge by merge. */
export function MergeSteps({ stepped, onClose }: MergeStepsProps): VNode {
  const { word, name, steps, problem } = stepped;
  return (
    <section
      class="steps"
      aria-label="How BPE got there"
      onKeyDown={({ key }) => key === 'Escape' && onClose()}
    >
      <header class="steps-head">
        <h2>How BPE got there</h2>
        <code class="steps-word">{visibleText(word)}</code>
        <span class="quiet">{name}</span>
        <Button appearance="icon" title="Close (Escape)" aria-label="Close" onClick={onClose}>
          <Glyph name="close" />
        </Button>
      </header>
      {steps && <Player steps={steps} />}
      {problem !== undefined && <p class="failed">{problem}</p>}
    </section>
  );
}

function Player({ steps }: { readonly steps: readonly MergeStepView[] }): VNode {
  const last = steps.length - 1;
  const [at, setAt] = useState(0);
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setTimeout(() => {
      setAt(Math.min(at + 1, last));
      if (at + 1 >= last) setPlaying(false);
    }, stepMs);
    return () => clearTimeout(timer);
  }, [isPlaying, at]);

  const go = (to: number): void => {
    setPlaying(false);
    setAt(Math.max(0, Math.min(to, last)));
  };
  const play = (): void => {
    if (at === last) setAt(0);
    setPlaying(!isPlaying);
  };
  const step = steps[at] ?? { parts: [] };
  const next = joinedNext(steps, at);
  return (
    <>
      <ol class="parts">
        {step.parts.map(({ id, bytes }, index) => {
          const isNext = next && index >= next.first && index <= next.last;
          return (
            <li
              // What was just made is a new element, so that it is seen to come.
              key={index === step.merged ? `made-${at}` : `${index}`}
              class={`part ${index === step.merged ? 'made' : ''} ${isNext ? 'next' : ''}`}
            >
              <span class="part-text">{visibleBytes(bytes)}</span>
              <span class="part-id">{id < 0 ? 'no id' : id}</span>
            </li>
          );
        })}
      </ol>
      <div class="controls" role="group" aria-label="Steps">
        <Control glyph="first" label="To the start" isOff={at === 0} onClick={() => go(0)} />
        <Control glyph="back" label="One step back" isOff={at === 0} onClick={() => go(at - 1)} />
        <Control
          glyph={isPlaying ? 'pause' : 'play'}
          label={isPlaying ? 'Pause' : 'Play'}
          isOff={last === 0}
          onClick={play}
        />
        <Control glyph="step" label="One step" isOff={at === last} onClick={() => go(at + 1)} />
        <Control glyph="last" label="To the end" isOff={at === last} onClick={() => go(last)} />
        <span class="step-count quiet">
          {at} of {last}
        </span>
        <span role="status">{sentenceFor(steps, at)}</span>
      </div>
    </>
  );
}

interface ControlProps {
  readonly glyph: GlyphName;
  readonly label: string;
  readonly isOff: boolean;
  readonly onClick: () => void;
}

/** A button that keeps the focus when it cannot go on. */
function Control({ glyph, label, isOff, onClick }: ControlProps): VNode {
  return (
    <button
      type="button"
      class="control"
      title={label}
      aria-label={label}
      aria-disabled={isOff}
      onClick={() => !isOff && onClick()}
    >
      <Glyph name={glyph} />
    </button>
  );
}

/** The parts that the next step joins. */
function joinedNext(
  steps: readonly MergeStepView[],
  at: number,
): { readonly first: number; readonly last: number } | undefined {
  const next = steps[at + 1];
  const first = next?.merged;
  if (!next || first === undefined) return undefined;
  return { first, last: first + (steps[at]?.parts.length ?? 0) - next.parts.length };
}

/** What a step did: `“to” and “ken” became “token”, id 3435.` */
function sentenceFor(steps: readonly MergeStepView[], at: number): string {
  const step = steps[at];
  const made = step?.merged === undefined ? undefined : step.parts[step.merged];
  const count = step?.parts.length ?? 0;
  const ended =
    at === steps.length - 1 ? ` ${count === 1 ? 'This is the token.' : 'These are the tokens.'}` : '';
  if (!made) {
    if (count === 0) return 'This token was added by hand: it is looked for before anything is merged.';
    const start = count === 1 ? 'The word starts as one part.' : `The word starts as ${count} parts.`;
    return steps.length === 1 ? `${start} Nothing joins them.` : start;
  }
  const joined = joinedNext(steps, at - 1);
  const parts = steps[at - 1]?.parts.slice(joined?.first, (joined?.last ?? 0) + 1) ?? [];
  const names = parts.map(({ bytes }) => `“${visibleBytes(bytes)}”`);
  const how = names.length === 2 ? names.join(' and ') : `All ${names.length} parts`;
  return `${how} became “${visibleBytes(made.bytes)}”, id ${made.id}.${ended}`;
}
