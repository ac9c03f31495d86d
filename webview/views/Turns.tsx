import { Fragment, type RefObject, type VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import {
  formatCount,
  formatUsd,
  isCutOff,
  laneIsRunning,
  type CodeAction,
  type LaneView,
  type TurnView,
} from '../../src/protocol.ts';
import { memo } from '../memo.ts';
import type { PanelStore } from '../state.ts';
import { useStepsUp } from '../stepsUp.ts';
import { Citations } from './Citations.tsx';
import { IconButton } from './IconButton.tsx';
import { Icon } from './icons.tsx';
import { LongText } from './LongText.tsx';
import { Markdown } from './Markdown.tsx';
import { MessageTime, MessageTools, QuoteButton, RetryButtons } from './MessageTools.tsx';
import { NotSent } from './NotSent.tsx';
import { Reasoning } from './Reasoning.tsx';
import { Placed, Siblings } from './Siblings.tsx';
import { SummaryCard } from './SummaryCard.tsx';
import { ToolCalls, ToolResults } from './ToolCalls.tsx';
import { UserMessage } from './UserMessage.tsx';

interface TurnsProps extends Pick<LaneView, 'turns' | 'earlier' | 'fit'> {
  readonly laneId: string;
  readonly store: PanelStore;
}

interface DrawnTurnsProps extends TurnsProps {
  /** Whether the reader goes back to a place among them, so that all are to be there at once. */
  readonly isWhole: boolean;
}

/** What was said above the newest answer, oldest first. The announcer tells a screen reader what is new. */
export const Turns = memo(
  ({ laneId, turns, earlier, fit, isWhole, store }: DrawnTurnsProps): VNode | null => {
    const log = useRef<HTMLDivElement>(null);
    const drawnFrom = useStepsUp(earlier, earlier + turns.length, isWhole) - earlier;
    useSteadyScroll(log, turns[drawnFrom]?.id);
    if (turns.length === 0 && earlier === 0) return null;
    const leftOut = new Map(fit?.leftOut.map(({ id, tokens }) => [id, tokens]));
    const { summary = null } = fit ?? {};
    const isShown = turns.some(({ id }) => id === summary?.messageId);
    return (
      <div class="turns" role="log" aria-live="off" aria-label="Conversation" ref={log}>
        {earlier > 0 && (
          <button
            type="button"
            class="link earlier"
            onClick={() => store.ask({ type: 'show-earlier', laneId })}
          >
            Show earlier messages ({formatCount(earlier)})
          </button>
        )}
        {/* It may stand for messages that are not shown yet. */}
        {summary && !isShown && earlier > 0 && (
          <SummaryCard summary={summary} laneId={laneId} store={store} />
        )}
        {turns.slice(drawnFrom).map((turn, index) => (
          // By their place, so that the focus stays where a message turns into the one beside it.
          <Fragment key={earlier + drawnFrom + index}>
            <Turn turn={turn} notSent={leftOut.get(turn.id)} laneId={laneId} store={store} />
            {summary && summary.messageId === turn.id && (
              <SummaryCard summary={summary} laneId={laneId} store={store} />
            )}
          </Fragment>
        ))}
      </div>
    );
  },
);

interface TurnProps extends Pick<TurnsProps, 'laneId' | 'store'> {
  readonly turn: TurnView;
}

interface PlacedTurnProps extends TurnProps {
  /** What it would take, in tokens, where it is not sent; `undefined` where it is. */
  readonly notSent: number | undefined;
}

const Turn = memo(({ turn, notSent, laneId, store }: PlacedTurnProps): VNode => {
  const turnTo = (messageId: string) => store.ask({ type: 'turn-to', laneId, messageId });
  const branch = () => store.ask({ type: 'branch', laneId, messageId: turn.id });
  return (
    <Placed
      place={turn}
      class={`turn turn-${turn.role === 'assistant' ? 'answer' : turn.role}${notSent === undefined ? '' : ' left-out'}`}
      label={labelOf(turn)}
      menu={{
        webviewSection: 'message',
        messageId: turn.id,
        isAnswer: turn.role === 'assistant',
        canRetry: turn.role === 'assistant',
        canDelete: true,
      }}
      onTurn={turnTo}
    >
      {turn.role === 'assistant' || turn.role === 'system' ? (
        <EarlierAnswer
          key={turn.id}
          turn={turn}
          laneId={laneId}
          store={store}
          onTurn={turnTo}
          onBranch={branch}
          onCode={(...clicked) => store.useCode(...clicked)}
        />
      ) : turn.role === 'tool' ? (
        <ToolResults parts={turn.parts} />
      ) : (
        <UserMessage
          key={turn.id}
          turn={turn}
          laneId={laneId}
          store={store}
          onEdit={(text) => store.edit(laneId, turn.id, text)}
          onTurn={turnTo}
          onBranch={branch}
        />
      )}
      {notSent !== undefined && <NotSent tokens={notSent} />}
    </Placed>
  );
});

function labelOf({ role, answer }: TurnView): string {
  if (answer || role === 'assistant') return 'Earlier answer';
  if (role === 'system') return 'System prompt';
  return role === 'tool' ? 'Results of tools' : 'Your message';
}

/** Turns that come above those that are shown push nothing away from under the reader. */
function useSteadyScroll(log: RefObject<HTMLElement | null>, firstId: string | undefined): void {
  const before = useRef<{ readonly element: Element; readonly top: number }>(null);
  const kept = useRef<number>(null);
  useLayoutEffect(() => {
    const element = log.current?.querySelector('.turn');
    const scroller = log.current?.closest('.scroller');
    if (!element || !scroller || firstId === undefined) return;
    const remember = (): void => {
      before.current = { element, top: topIn(scroller, element) };
    };
    const { current } = before;
    if (current?.element.isConnected) {
      // Where the browser has kept the place by itself there is nothing left to add. What it rounds adds up over several
      // times unless the same turn is kept in its place until the reader scrolls.
      scroller.scrollTop += topIn(scroller, current.element) - current.top;
      kept.current = scroller.scrollTop;
    } else {
      remember();
    }
    const onScroll = (): void => {
      if (scroller.scrollTop !== kept.current) remember();
    };
    scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => scroller.removeEventListener('scroll', onScroll);
  }, [firstId]);
}

function topIn(scroller: Element, element: Element): number {
  return element.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
}

interface EarlierAnswerProps extends TurnProps {
  readonly onTurn: (messageId: string) => void;
  readonly onBranch: () => void;
  readonly onCode: (action: CodeAction, code: string, language: string) => void;
}

/** An answer, or whatever else no user wrote: a system prompt, what a tool answered, an answer out of a file. */
function EarlierAnswer({ turn, laneId, store, onTurn, onBranch, onCode }: EarlierAnswerProps): VNode {
  const { answer } = turn;
  if (turn.role === 'system') {
    return (
      <details class="fold">
        <summary>
          <Icon name="chevron" />
          System prompt
        </summary>
        <LongText text={turn.text} />
      </details>
    );
  }
  return (
    <>
      {answer && <Reasoning text={answer.reasoning} />}
      {turn.text === '' ? (
        <p class="quiet">No text in this answer.</p>
      ) : (
        <Markdown text={turn.text} onCode={onCode} />
      )}
      {answer && <ToolCalls calls={answer.toolCalls} />}
      {answer?.citations && <Citations citations={answer.citations} />}
      <div class="turn-tools">
        <MessageTime at={turn.at} />
        {answer && <span class="turn-figures">{figuresOf(answer)}</span>}
        <Siblings place={turn} onTurn={onTurn} onBranch={onBranch} />
        <RetryButtons laneId={laneId} store={store} place={turn} />
        <MessageTools
          laneId={laneId}
          store={store}
          place={turn.siblings.length > 1 ? turn : null}
          text={turn.text}
        />
      </div>
    </>
  );
}

/** `model · 31 in · 154 out · $0.0012`, and how it ended where it is not whole. */
function figuresOf({ modelId, servedModel, usage, cost, outcome }: NonNullable<TurnView['answer']>): string {
  const ended = outcome.status === 'finished' ? 'cut off' : outcome.status;
  return [
    servedModel ?? modelId,
    usage && `${formatCount(usage.inputTokens)} in`,
    usage && !usage.isPartial && `${formatCount(usage.outputTokens)} out`,
    cost && formatUsd(cost.total),
    isCutOff({ outcome }) || outcome.status === 'failed' ? ended : undefined,
  ]
    .filter((figure) => typeof figure === 'string')
    .join(' · ');
}

/** What can be done with the newest answer: turn to another try, try again, go on where it was cut off. */
export function AnswerActions({
  lane,
  store,
}: {
  readonly lane: LaneView;
  readonly store: PanelStore;
}): VNode | null {
  const { id: laneId, run, message } = lane;
  if (!run || laneIsRunning(lane)) return null;
  const canContinue = isCutOff(run) && run.text !== '';
  return (
    <div class="turn-tools">
      {message && (
        <Siblings
          place={message}
          onTurn={(messageId) => store.ask({ type: 'turn-to', laneId, messageId })}
          onBranch={() => store.ask({ type: 'branch', laneId, messageId: message.id })}
        />
      )}
      <RetryButtons laneId={laneId} store={store} place={message} />
      {run.text !== '' && <QuoteButton text={run.text} store={store} />}
      {message && message.siblings.length > 1 && (
        <IconButton
          icon="trash"
          label="Delete this answer"
          hint="Delete this answer and show the one beside it; it can be undone"
          onClick={() => store.ask({ type: 'delete-message', laneId, messageId: message.id })}
        />
      )}
      {canContinue && (
        <button
          type="button"
          class="link"
          title="Let the model go on where it was cut off"
          onClick={() => store.ask({ type: 'continue', laneId })}
        >
          Continue
        </button>
      )}
    </div>
  );
}

/** What the user said last has got no answer, as when the window ended in between. */
export function Unanswered({ laneId, store }: Pick<TurnsProps, 'laneId' | 'store'>): VNode {
  return (
    <div class="turn-tools">
      <span class="turn-figures">Not answered.</span>
      <button
        type="button"
        class="link"
        title="Ask the model for an answer"
        onClick={() => store.ask({ type: 'retry', laneId })}
      >
        Answer it
      </button>
    </div>
  );
}
