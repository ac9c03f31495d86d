import type { ComponentChildren, VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { laneIsRunning, modelIdOf, type LaneView, type Mark, type PromptSetup } from '../../src/protocol.ts';
import { menuContext } from '../contextOf.ts';
import { useFollow } from '../follow.ts';
import { memo } from '../memo.ts';
import type { AnswerMode } from '../saved.ts';
import type { PanelStore } from '../state.ts';
import { Answer } from './Answer.tsx';
import { AnswerChecked } from './AnswerChecked.tsx';
import { Breakdown } from './Breakdown.tsx';
import { Footer } from './Footer.tsx';
import { Icon } from './icons.tsx';
import { LaneHeader } from './LaneHeader.tsx';
import { NotSent } from './NotSent.tsx';
import { Outcome } from './Outcome.tsx';
import { Marks } from './Marks.tsx';
import { ProblemBox } from './ProblemBox.tsx';
import { placeAmongSamples, SamplesBar } from './SamplesBar.tsx';
import { Sent } from './Sent.tsx';
import { Placed } from './Siblings.tsx';
import { AnswerActions, Turns, Unanswered } from './Turns.tsx';

interface LaneProps {
  readonly lane: LaneView;
  /** The conversation that it takes part in; `undefined` while there is none. */
  readonly chatId: string | undefined;
  /** Its place among the lanes, from 1. */
  readonly place: number;
  readonly count: number;
  /** What it runs: the file as it is, or a version of it; `null` while that has not been read. */
  readonly prompt: PromptSetup | null;
  readonly answerMode: AnswerMode;
  /** What its run is best at, as words with spaces between; one text, so that it can be compared. */
  readonly marks: string;
  readonly isExpanded: boolean;
  readonly isHidden: boolean;
  /** Whether follow-ups go to it where there are several. */
  readonly isMirrored: boolean;
  readonly settingsAreOpen: boolean;
  readonly store: PanelStore;
  /** What stands above the answer where this is the only lane. */
  readonly children?: ComponentChildren;
}

/** One column. While another streams, a lane that has nothing new is not drawn again. */
export const Lane = memo(Column);

function Column({ children, ...props }: LaneProps): VNode {
  const { lane, chatId, place, count, prompt, answerMode, isHidden, store } = props;
  const { run, problem } = lane;
  const [showBreakdown, setShowBreakdown] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const running = run?.outcome.status === 'running';
  const samplePlace = placeAmongSamples(lane);
  const hasOthers = count > 1 || (samplePlace?.siblings.length ?? 0) > 1;
  const showSample = (runId: string) => store.ask({ type: 'show-sample', laneId: lane.id, runId });
  // One goes back to a place in the conversation that one left, and in no other.
  const left = useRef({ chatId, top: store.view.scrolls[lane.id] }).current;
  const readAt = left.chatId === chatId ? left.top : undefined;
  const opened = lane.turns.length > 0 ? chatId : undefined;
  const { atEnd, toEnd } = useFollow(scroller, content, run?.id, running, opened, {
    top: readAt,
    remember: (top) => store.scrolled(lane.id, top),
  });
  const notSent = lane.fit?.leftOut.find(({ id }) => id === lane.message?.id);
  const name = lane.model?.name ?? modelIdOf(lane, prompt) ?? '';
  const rerun = () =>
    lane.message ? store.ask({ type: 'retry', laneId: lane.id }) : store.run(count > 1 ? lane.id : undefined);
  const marks = props.marks === '' ? [] : (props.marks.split(' ') as Mark[]);

  return (
    <section
      class={`lane ${props.isExpanded ? 'lane-expanded' : ''}`}
      aria-label={count > 1 ? `Lane ${place}: ${name}` : name}
      hidden={isHidden}
      data-lane={lane.id}
      {...menuContext({ laneId: lane.id })}
    >
      <LaneHeader {...props} />
      <div class="body">
        <div class="scroller" ref={scroller}>
          <div class="content" ref={content}>
            {children}
            {problem && <ProblemBox problem={problem} onAction={(action) => store.act(action)} />}
            {run && (
              <div class="lane-lead">
                <Sent messages={run.request.messages} />
                <Marks marks={marks} />
              </div>
            )}
            <Turns
              key={chatId}
              laneId={lane.id}
              turns={lane.turns}
              earlier={lane.earlier}
              fit={lane.fit}
              isWhole={readAt !== undefined}
              store={store}
            />
            {!run && lane.turns.at(-1)?.role === 'user' && <Unanswered laneId={lane.id} store={store} />}
            {run && (
              <Placed
                place={lane.message ?? samplePlace}
                class={notSent ? 'newest left-out' : 'newest'}
                label="Newest answer"
                menu={{
                  webviewSection: 'message',
                  messageId: lane.message?.id,
                  isAnswer: true,
                  canRetry: !laneIsRunning(lane),
                  canDelete: lane.message !== null && !laneIsRunning(lane),
                }}
                onTurn={(id) =>
                  lane.message
                    ? store.ask({ type: 'turn-to', laneId: lane.id, messageId: id })
                    : showSample(id)
                }
              >
                <SamplesBar lane={lane} onTurn={showSample} />
                <Answer
                  key={run.id}
                  run={run}
                  lead={lane.lead}
                  promptVersion={prompt?.version}
                  mode={answerMode}
                  onMode={(mode) => store.showAnswerAs(mode)}
                  onResults={(results) => store.ask({ type: 'answer-calls', laneId: lane.id, results })}
                  onCode={(...clicked) => store.useCode(...clicked)}
                  {...(hasOthers ? { onDiff: () => store.ask({ type: 'diff', laneId: lane.id }) } : {})}
                />
                {notSent && <NotSent tokens={notSent.tokens} />}
                {lane.check?.runId === run.id && <AnswerChecked check={lane.check} />}
                <AnswerActions lane={lane} store={store} />
              </Placed>
            )}
            {run && <Outcome run={run} onRun={rerun} onAction={(action) => store.act(action)} />}
            {!run && !problem && !prompt?.isChat && (
              <FirstRunHint isReady={prompt?.version !== undefined} count={count} />
            )}
            {prompt?.isChat && !lane.message && (
              <p class="hint">Write a message below. The conversation is kept in Conversations.</p>
            )}
          </div>
        </div>
        {running && !atEnd && (
          <button type="button" class="to-end" onClick={toEnd}>
            <Icon name="down" /> Jump to end
          </button>
        )}
      </div>
      {run && showBreakdown && <Breakdown run={run} id={`breakdown-${lane.id}`} />}
      {run && (
        <Footer
          run={run}
          open={showBreakdown}
          breakdownId={`breakdown-${lane.id}`}
          onToggle={() => setShowBreakdown(!showBreakdown)}
        />
      )}
    </section>
  );
}

/** Until the file has been read there is nothing to press Run for. */
function FirstRunHint({
  isReady,
  count,
}: {
  readonly isReady: boolean;
  readonly count: number;
}): VNode | null {
  if (!isReady) return null;
  if (count > 1) {
    return (
      <p class="hint">
        Press <b>Run all</b> or <kbd>Shift</kbd>+<kbd>Enter</kbd>.
      </p>
    );
  }
  return (
    <p class="hint">
      Press <b>Run</b> or <kbd>Shift</kbd>+<kbd>Enter</kbd>. The answer streams in here, with its tokens, time
      and cost below.
    </p>
  );
}
