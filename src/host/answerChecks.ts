import type { Disposable, LogOutputChannel } from 'vscode';
import type { AnswerCheck } from '../core/run/answerCheck.ts';
import { messageOf } from '../core/errors.ts';
import type { LaneView, PanelState, Run } from '../protocol.ts';
import type { Session } from './session.ts';

/** What is found out about a session's answers is told to it. */
type AnsweringSession = Pick<Session, 'onMessage' | 'tell'> & { readonly state: PanelState };

/** At most so many mismatches are told one by one. */
const mostMismatches = 20;

/**
 * Has a session say whether its newest answers are what their response formats asked for, once each that has come to its
 * end. Whatever is shown is checked, so an answer of the history is checked anew.
 */
export function checkAnswers(
  session: AnsweringSession,
  { log }: { readonly log: Pick<LogOutputChannel, 'warn'> },
): Disposable {
  /** The run that was looked at last, by lane. */
  const looked = new Map<string, string>();
  return session.onMessage(() => {
    for (const { id: laneId, run, lead, check } of session.state.lanes) {
      if (!run || run.outcome.status !== 'finished') continue;
      if (check?.runId === run.id || looked.get(laneId) === run.id) continue;
      looked.set(laneId, run.id);
      checkOf(run, lead).then(
        (found) => found && session.tell({ type: 'lane', laneId, lane: { check: found } }),
        (error: unknown) => log.warn(`The answer was not checked: ${messageOf(error)}`),
      );
    }
  });
}

/** `undefined` for an answer that may be anything, or that is held to a grammar from the beginning. */
async function checkOf(run: Run, lead: LaneView['lead']): Promise<AnswerCheck | undefined> {
  const { responseFormat: format } = run.request;
  if (!format || format.type === 'gbnf') return undefined;
  const { mismatchesIn } = await import('../node/jsonSchemas.ts');
  const all = mismatchesIn(lead + run.text, format);
  const mismatches = all.slice(0, mostMismatches);
  return { runId: run.id, against: format.type, mismatches, more: all.length - mismatches.length };
}
