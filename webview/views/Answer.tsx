import type { VNode } from 'preact';
import { shortVersion, type CodeAction, type Run, type ToolResultPart } from '../../src/protocol.ts';
import { answerModes, type AnswerMode } from '../saved.ts';
import { CopyButton } from './CopyButton.tsx';
import { IconButton } from './IconButton.tsx';
import { LongText } from './LongText.tsx';
import { Markdown } from './Markdown.tsx';
import { Reasoning } from './Reasoning.tsx';
import { Tokens } from './Tokens.tsx';
import { Citations } from './Citations.tsx';
import { ToolCalls } from './ToolCalls.tsx';

interface AnswerProps {
  readonly run: Run;
  /** What it goes on from: the text above it that was cut off; empty where it began anew. */
  readonly lead?: string;
  /** The version of the prompt as it is now; absent where no file stands behind the run. */
  readonly promptVersion: string | undefined;
  readonly mode: AnswerMode;
  readonly onMode: (mode: AnswerMode) => void;
  readonly onCode: (action: CodeAction, code: string, language: string) => void;
  /** Sends what the tools answered that it calls. */
  readonly onResults?: (results: readonly ToolResultPart[]) => void;
  /** Shows how it differs from another; absent where there is no other. */
  readonly onDiff?: () => void;
}

/** What the model answers: its reasoning folded, its text in one of three views, its tool calls. */
export function Answer({
  run,
  lead = '',
  promptVersion,
  mode,
  onMode,
  onCode,
  onResults,
  onDiff,
}: AnswerProps): VNode {
  const running = run.outcome.status === 'running';
  const hasTokens = run.logprobs.length > 0;
  // The switch to tokens is remembered for runs that have them.
  const shown = mode === 'tokens' && !hasTokens ? 'rendered' : mode;
  return (
    <section class="answer" aria-label="Answer" aria-busy={running}>
      <Reasoning text={run.reasoning} isUnderWay={running && run.text === ''} />
      <div class="answer-head">
        <h2>
          Answer
          {run.prompt && promptVersion !== undefined && run.prompt.version !== promptVersion && (
            <span title="The prompt has changed since this run">
              {' '}
              of version {shortVersion(run.prompt.version)}
            </span>
          )}
        </h2>
        <div class="modes" role="group" aria-label="Show the answer as">
          {answerModes
            .filter((candidate) => candidate !== 'tokens' || hasTokens)
            .map((candidate) => (
              <button
                key={candidate}
                type="button"
                aria-pressed={candidate === shown}
                title={modeTitles[candidate]}
                onClick={() => onMode(candidate)}
              >
                {modeNames[candidate]}
              </button>
            ))}
        </div>
        {onDiff && (
          <IconButton
            icon="diff"
            label="Diff this answer"
            hint="Diff: show how this answer differs from another"
            onClick={onDiff}
          />
        )}
        <CopyButton text={() => lead + run.text} label="Copy the answer" />
      </div>
      <div class={running ? 'answer-text streaming' : 'answer-text'}>
        {lead + run.text === '' ? (
          <p class="quiet">{running ? 'Waiting for the first token' : 'No text in this answer.'}</p>
        ) : (
          <Text run={run} lead={lead} mode={shown} onCode={onCode} />
        )}
      </div>
      <ToolCalls calls={run.toolCalls} {...(onResults && !running ? { onResults } : {})} />
      <Citations {...(run.citations ? { citations: run.citations } : {})} />
    </section>
  );
}

const modeNames = { rendered: 'Rendered', raw: 'Raw', tokens: 'Tokens' } satisfies Record<AnswerMode, string>;

const modeTitles = {
  rendered: 'The answer as Markdown',
  raw: 'The answer as the model wrote it',
  tokens: 'Each token with its probability',
} satisfies Record<AnswerMode, string>;

type TextProps = Required<Pick<AnswerProps, 'run' | 'lead' | 'mode' | 'onCode'>>;

function Text({ run, lead, mode, onCode }: TextProps): VNode {
  switch (mode) {
    case 'rendered':
      return <Markdown text={lead + run.text} onCode={onCode} />;
    case 'raw':
      return <LongText text={lead + run.text} />;
    case 'tokens':
      return (
        <>
          {lead !== '' && <LongText text={lead} />}
          <Tokens tokens={run.logprobs} />
        </>
      );
    default:
      return mode satisfies never;
  }
}
