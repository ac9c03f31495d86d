import { besideWritten, type Usage, writtenIn } from '../core/chat.ts';
import type { Answer, ConversationMessage } from '../core/conversation/conversation.ts';
import { contentOf } from '../core/conversation/request.ts';
import { siblingsOf } from '../core/conversation/tree.ts';
import type { Cost } from '../core/pricing.ts';
import { samplesChange } from '../core/run/samples.ts';
import type { HostMessage, LaneView, MessagePlace, PanelState, TurnsChange, TurnView } from '../protocol.ts';

/** How a lane stands in its conversation. */
export type ShownPath = Pick<LaneView, 'turns' | 'earlier' | 'message' | 'lead' | 'run'>;

/** A lane that stands nowhere yet. */
export const nowhere: ShownPath = { turns: [], earlier: 0, message: null, lead: '', run: null };

/** A path without the run at its end. */
export interface PathView extends Pick<LaneView, 'turns' | 'earlier' | 'lead'> {
  readonly message: MessagePlace;
  /** The run of the newest answer; `null` where the path ends with something else. */
  readonly runId: string | null;
}

/** A lane shows this many turns at first, and so many more each time that earlier ones are asked for. */
export const turnsAtOnce = 50;

type AnswersByRun = ReadonlyMap<string, Answer>;

/** Messages that are shown as one turn: an answer in several parts, or any other message by itself. */
type Group = readonly ConversationMessage[];

export interface PathOptions {
  /** Where the turns begin: what stands before the first answer of a prompt is shown as what was sent. */
  readonly from: 'answer' | 'start';
  /** Reads the answers of the messages that are shown. */
  readonly answersOf: (shown: readonly ConversationMessage[]) => AnswersByRun;
  /** How many turns to leave out at the beginning; absent for all but the last {@link turnsAtOnce}. */
  readonly earlier?: number;
}

/**
 * A path as a lane shows it: the newest answer, and above it everything since the first one or the start, or the end of
 * that. `undefined` for a path on which there is nothing.
 */
export function pathView(
  messages: readonly ConversationMessage[],
  path: readonly ConversationMessage[],
  { from, answersOf, earlier }: PathOptions,
): PathView | undefined {
  const groups = groupsOf(path);
  const last = groups.at(-1);
  if (!last) return undefined;
  const isAnswer = (group: Group): boolean => group.some(({ runId }) => runId !== undefined);
  const first = from === 'start' ? 0 : Math.max(0, groups.findIndex(isAnswer));
  const { runId = null } = last.at(-1) ?? {};
  const above = groups.slice(first, runId === null ? undefined : -1);
  const leftOut = Math.min(earlier ?? Math.max(0, above.length - turnsAtOnce), above.length);
  const shown = above.slice(leftOut);
  const answers = answersOf([...shown.flat(), ...last]);
  return {
    turns: shown.map((group) => turnOf(group, placeOf(messages, group), answers)),
    earlier: leftOut,
    message: placeOf(messages, last),
    lead: runId === null ? '' : textOfAll(last.slice(0, -1), answers),
    runId,
  };
}

/** The message that changes a lane. Of its turns and samples it carries only what is not there yet. */
export function laneMessage(
  { lanes }: PanelState,
  laneId: string,
  { turns, samples, ...lane }: Partial<LaneView>,
): HostMessage {
  const before = lanes.find(({ id }) => id === laneId);
  return {
    type: 'lane',
    laneId,
    lane,
    ...(turns ? { turns: turnsChange(before?.turns ?? [], turns) } : {}),
    ...(samples === undefined ? {} : { samples: samples && samplesChange(before?.samples, samples) }),
  };
}

/** Whether two paths look the same in a lane. */
export function isSamePath(one: ShownPath, other: ShownPath): boolean {
  const { removed, added } = turnsChange(one.turns, other.turns);
  return (
    removed + added.length === 0 &&
    one.earlier === other.earlier &&
    one.lead === other.lead &&
    one.run === other.run &&
    JSON.stringify(one.message) === JSON.stringify(other.message)
  );
}

/** What turns `before` into `after`, which share their beginning, their end or both. */
function turnsChange(before: readonly TurnView[], after: readonly TurnView[]): TurnsChange {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && isSame(before[from], after[from])) from++;
  let kept = 0;
  while (kept < most - from && isSame(before.at(-1 - kept), after.at(-1 - kept))) kept++;
  return {
    from,
    removed: before.length - from - kept,
    added: after.slice(from, after.length - kept),
  };
}

/** A message never changes; what stands beside it does, and an answer that goes on. */
function isSame(one: TurnView | undefined, other: TurnView | undefined): boolean {
  return (
    one?.id === other?.id &&
    one?.text === other?.text &&
    one?.siblings.join() === other?.siblings.join() &&
    one?.name === other?.name &&
    one?.favourite === other?.favourite &&
    one?.answer?.outcome.status === other?.answer?.outcome.status
  );
}

function turnOf(group: Group, place: MessagePlace, answers: AnswersByRun): TurnView {
  const [head] = group;
  return {
    ...place,
    role: head?.role ?? 'user',
    text: textOfAll(group, answers),
    parts: group.flatMap(({ content }) => besideWritten(content)),
    at: head?.createdAt ?? 0,
    answer: answerOf(group, answers),
  };
}

function textOfAll(group: Group, answers: AnswersByRun): string {
  return group
    .map((message) => writtenIn({ role: message.role, content: contentOf(message, answers) }))
    .join('');
}

/** The messages of a path, with the answers that continue each other together: they are one answer. */
function groupsOf(path: readonly ConversationMessage[]): readonly Group[] {
  const groups: ConversationMessage[][] = [];
  for (const message of path) {
    const last = groups.at(-1);
    if (message.role === 'assistant' && last?.[0]?.role === 'assistant') last.push(message);
    else groups.push([message]);
  }
  return groups;
}

/** Where a group stands: at its last message, with whatever can be turned to from the last place that has others beside it. */
function placeOf(messages: readonly ConversationMessage[], group: Group): MessagePlace {
  const id = group.at(-1)?.id ?? '';
  const places = group.map((message) => ({
    own: message.id,
    ...(message.name === undefined ? {} : { name: message.name }),
    ...(message.favourite ? { favourite: message.favourite } : {}),
    all: siblingsOf(messages, message.id).map((sibling) => sibling.id),
  }));
  const forked = places.findLast(({ all }) => all.length > 1) ?? places.at(-1);
  const { own, all = [], ...marks } = forked ?? {};
  return { id, siblings: all.map((sibling) => (sibling === own ? id : sibling)), ...marks };
}

/** What is shown of the answer that a group is; the figures of its parts are added up. */
function answerOf(group: Group, answers: AnswersByRun): TurnView['answer'] {
  const parts = group.flatMap(({ runId }) => (runId === undefined ? [] : (answers.get(runId) ?? [])));
  const last = parts.at(-1);
  if (!last) return null;
  const { modelId, servedModel, outcome } = last;
  const usages = parts.flatMap(({ usage }) => usage ?? []);
  const costs = parts.flatMap(({ cost }) => cost ?? []);
  const citations = parts.flatMap((part) => part.citations ?? []);
  return {
    modelId,
    outcome,
    reasoning: parts.map(({ reasoning }) => reasoning).join(''),
    toolCalls: parts.flatMap(({ toolCalls }) => toolCalls),
    ...(citations.length > 0 ? { citations } : {}),
    ...(servedModel === undefined ? {} : { servedModel }),
    ...(usages.length === parts.length ? { usage: usages.reduce(usageOfBoth) } : {}),
    ...(costs.length === parts.length ? { cost: costs.reduce(costOfBoth) } : {}),
  };
}

function usageOfBoth(one: Usage, other: Usage): Usage {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    ...(one.isPartial || other.isPartial ? { isPartial: true } : {}),
  };
}

function costOfBoth(one: Cost, other: Cost): Cost {
  return {
    total: one.total + other.total,
    input: one.input + other.input,
    cacheRead: one.cacheRead + other.cacheRead,
    cacheWrite: one.cacheWrite + other.cacheWrite,
    output: one.output + other.output,
    source: other.source,
  };
}
