import type { Message } from '../chat.ts';
import { messageOf } from '../errors.ts';
import { settingsOf } from '../prompt/settings.ts';
import { overridesFrom } from '../run/overridesFrom.ts';
import type { Run } from '../store.ts';
import { type Conversation, ConversationError, type ConversationTree } from './conversation.ts';
import { type ConversationFile, fileSchema, formatName, formatVersion } from './fileFormat.ts';
import { inTreeOrder } from './tree.ts';

/** A conversation out of a file, whole and in order, with the ids of the file. */
export interface ImportedConversation extends ConversationTree {
  readonly runs: readonly Run[];
}

/** Files up to this size are read, in bytes. Whoever reads the file looks at its size first. */
export const largestImport = 100 * 1024 * 1024;

/** Values within values within values; nothing of ours comes near. */
const deepestNesting = 100;

/**
 * The conversation in a JSON file. Nothing in the file is trusted: it is checked whole, settings out of their range are
 * left out, and runs that were under way are interrupted.
 * @throws ConversationError what is wrong with the file, and where.
 */
export function importConversation(json: string): ImportedConversation {
  if (json.length > largestImport) {
    throw new ConversationError(`The file is larger than ${largestImport / 1024 / 1024} MB.`);
  }
  const file = checkedFile(parsed(json));
  const runs = file.runs.map((run) => runOf(run, file.sent as readonly Message[]));
  // The schema leaves no absent field as `undefined`, which is all that its type lets happen.
  const conversation = {
    ...file.conversation,
    lanes: file.conversation.lanes.map((lane) => ({ ...lane, settings: overridesFrom(lane.settings) })),
  } as Conversation;
  const messages = inTreeOrder(
    file.messages.map((message) => ({ ...message, conversationId: conversation.id })),
  ) as ConversationTree['messages'];
  checkReferences({ conversation, messages, runs });
  return { conversation, messages, runs };
}

/**
 * The same conversation under ids that are free: an id that is taken is replaced wherever it occurs.
 * @param isTaken by kind, because each kind has ids of its own.
 */
export function withFreshIds(
  { conversation, messages, runs }: ImportedConversation,
  isTaken: Readonly<Record<'conversation' | 'message' | 'run', (id: string) => boolean>>,
  newId: () => string,
): ImportedConversation {
  const fresh = (kind: keyof typeof isTaken, ids: readonly string[]): ReadonlyMap<string, string> =>
    new Map(ids.filter(isTaken[kind]).map((id) => [id, newId()]));
  const conversationIds = fresh('conversation', [conversation.id]);
  const messageIds = fresh('message', ids(messages));
  const runIds = fresh('run', ids(runs));
  const messageId = <Id extends string | null>(id: Id): Id | string => (id && messageIds.get(id)) || id;
  const conversationId = conversationIds.get(conversation.id) ?? conversation.id;
  return {
    conversation: {
      ...conversation,
      id: conversationId,
      lanes: conversation.lanes.map((lane) => ({ ...lane, headId: messageId(lane.headId) })),
    },
    messages: messages.map((message) => ({
      ...message,
      id: messageId(message.id),
      conversationId,
      parentId: messageId(message.parentId),
      ...(message.runId === undefined ? {} : { runId: runIds.get(message.runId) ?? message.runId }),
    })),
    runs: runs.map((run) => ({ ...run, id: runIds.get(run.id) ?? run.id })),
  };
}

function parsed(json: string): unknown {
  // A byte order mark is no JSON, and editors leave one.
  const text = json.startsWith('\ufeff') ? json.slice(1) : json;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConversationError(`The file is not JSON: ${messageOf(error)}`, { cause: error });
  }
}

function checkedFile(value: unknown): ConversationFile {
  const { format, version } = (typeof value === 'object' ? (value ?? {}) : {}) as Record<string, unknown>;
  if (format !== formatName) {
    throw new ConversationError(`The file is not a conversation: its "format" is not "${formatName}".`);
  }
  if (typeof version === 'number' && version > formatVersion) {
    throw new ConversationError(
      `The file is of version ${version} of the format, and this extension reads version ${formatVersion}. Update it.`,
    );
  }
  checkNesting(value);
  const result = fileSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('');
  throw new ConversationError(
    `The file cannot be imported. At ${place?.replace(/^\./, '') || 'its top'}: ${issue?.message ?? 'not as it should be'}.`,
    { cause: result.error },
  );
}

/** Looks at everything without calling itself, so that no depth ends the stack, before anything that does. */
function checkNesting(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepestNesting) {
      throw new ConversationError(`The file is nested more than ${deepestNesting} levels deep.`);
    }
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      // Copied key by key, this one would give an object another prototype.
      if (Object.hasOwn(item, '__proto__')) throw new ConversationError('The file has a key "__proto__".');
      for (const inner of Object.values(item)) if (typeof inner === 'object') next.push(inner);
    }
    level = next;
  }
}

function runOf({ request, ...run }: ConversationFile['runs'][number], sent: readonly Message[]): Run {
  const messages = request.messages.map((place) => {
    const message = sent[place];
    if (!message)
      throw new ConversationError(`The run "${run.id}" sends message ${place}, which "sent" lacks.`);
    return message;
  });
  return {
    ...run,
    request: { ...request, messages, settings: settingsOf(request.settings).settings },
    logprobs: run.logprobs ?? [],
    outcome: run.outcome.status === 'running' ? { status: 'interrupted' } : run.outcome,
  } as Run;
}

function checkReferences({ conversation, messages, runs }: ImportedConversation): void {
  requireUnique('runs', ids(runs));
  requireUnique('lanes', ids(conversation.lanes));
  const messageIds = new Set(ids(messages));
  for (const { id, headId } of conversation.lanes) {
    if (headId !== null && !messageIds.has(headId)) {
      throw new ConversationError(
        `The lane "${id}" stands at the message "${headId}", which the file lacks.`,
      );
    }
  }
  const runIds = new Set(ids(runs));
  for (const { id, role, runId } of messages) {
    if (runId === undefined) continue;
    if (role !== 'assistant') throw new ConversationError(`The message "${id}" of the ${role} has a run.`);
    if (!runIds.has(runId)) {
      throw new ConversationError(
        `The message "${id}" is the answer of the run "${runId}", which the file lacks.`,
      );
    }
  }
}

function requireUnique(kind: string, all: readonly string[]): void {
  const seen = new Set<string>();
  const twice = all.find((id) => seen.size === seen.add(id).size);
  if (twice !== undefined) throw new ConversationError(`Two ${kind} have the id "${twice}".`);
}

function ids(things: readonly { readonly id: string }[]): readonly string[] {
  return things.map(({ id }) => id);
}
