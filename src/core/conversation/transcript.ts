import type { Part, Role } from '../chat.ts';
import { type CitedSource, citedSource } from '../citedSource.ts';
import { formatCount, formatDuration, formatUsd } from '../format.ts';
import type { Answer, ConversationMessage } from './conversation.ts';
import { contentOf, isBrokenOff } from './request.ts';

/** One turn as a reader sees it. */
export interface Turn {
  /** `User`, or `Assistant · local/demo`. */
  readonly heading: string;
  readonly role: Role;
  readonly content: readonly Part[];
  /** What the model thought before it answered; empty where it did not, or did not say. */
  readonly reasoning: string;
  /** What the answer names as its sources; empty for none. */
  readonly sources: readonly CitedSource[];
  /** What is to be said about the answer: `31 in · 154 out · $0.0012 · 2.31 s`, an error; empty where there is nothing. */
  readonly notes: readonly string[];
}

/** What a transcript is made of: a path of messages, with the answers that it needs. */
export interface TranscriptSource {
  readonly title: string;
  /** In ms since 1970. */
  readonly createdAt: number;
  readonly path: readonly ConversationMessage[];
  readonly answers: ReadonlyMap<string, Answer>;
}

/** The turns of a path, for people. */
export function turnsOf({ path, answers }: TranscriptSource): readonly Turn[] {
  return path.map((message) => {
    const answer = message.runId === undefined ? undefined : answers.get(message.runId);
    return {
      heading: answer ? `${names[message.role]} · ${answer.modelId}` : names[message.role],
      role: message.role,
      content: contentOf(message, answers),
      reasoning: answer?.reasoning ?? '',
      sources: (answer?.citations ?? []).map(citedSource),
      notes: [
        ...(answer ? figuresOf(answer) : []),
        ...(isBrokenOff(message, answers) ? [endOf(answer)] : []),
      ],
    };
  });
}

/** The day and time of a moment, in UTC: `2026-11-24 12:29 UTC`. */
export function formatMoment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const names: Readonly<Record<Role, string>> = {
  system: 'System',
  user: 'User',
  assistant: 'Assistant',
  tool: 'Tool',
};

function figuresOf({ usage, timing, cost }: Answer): string[] {
  const figures = [
    usage && `${formatCount(usage.inputTokens)} in`,
    usage && !usage.isPartial && `${formatCount(usage.outputTokens)} out`,
    cost && formatUsd(cost.total),
    timing && formatDuration(timing.totalMs),
  ].filter((figure) => typeof figure === 'string');
  return figures.length > 0 ? [figures.join(' · ')] : [];
}

function endOf(answer: Answer | undefined): string {
  const outcome = answer?.outcome ?? { status: 'interrupted' };
  switch (outcome.status) {
    case 'running':
      return 'The answer was still under way.';
    case 'finished':
      return 'The answer ended at the limit of its length.';
    case 'stopped':
      return 'The answer was stopped.';
    case 'failed':
      return outcome.error.message;
    case 'interrupted':
      return 'The answer was interrupted.';
    default:
      return outcome satisfies never;
  }
}
