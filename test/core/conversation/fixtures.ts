import { attachedPart } from '../../../src/core/attachment.ts';
import { type Message, textMessage } from '../../../src/core/chat.ts';
import type {
  Conversation,
  ConversationMessage,
  ConversationTree,
} from '../../../src/core/conversation/conversation.ts';
import { emptyOutput } from '../../../src/core/run/fold.ts';
import type { Run } from '../../../src/core/store.ts';

/** A message with its id as its text, or the answer of a run. */
export function message(
  id: string,
  parentId: string | null,
  changes: Partial<ConversationMessage> = {},
): ConversationMessage {
  return {
    id,
    conversationId: 'c',
    parentId,
    role: id.startsWith('a') ? 'assistant' : 'user',
    content: changes.runId === undefined ? [{ type: 'text', text: id }] : [],
    createdAt: 1000,
    ...changes,
  };
}

export function run(id: string, changes: Partial<Run> = {}): Run {
  return {
    ...emptyOutput,
    id,
    startedAt: 1000,
    variables: {},
    modelId: 'local/demo',
    request: { model: 'demo', messages: [textMessage('user', 'u1')], settings: { temperature: 0 } },
    text: `answer of ${id}`,
    outcome: { status: 'finished', reason: 'stop' },
    ...changes,
  };
}

export const answersOf = (...runs: Run[]): ReadonlyMap<string, Run> =>
  new Map(runs.map((each) => [each.id, each]));

const conversation: Conversation = {
  id: 'c',
  title: 'Tokens',
  titleSource: 'auto',
  createdAt: Date.UTC(2026, 10, 24, 12, 30),
  updatedAt: Date.UTC(2026, 10, 24, 12, 31),
  pinned: true,
  archived: false,
  promptUri: 'file:///a.prompt',
  system: 'Be brief.',
  fitting: { strategy: 'relevant', turns: 3, modelId: 'local/demo' },
  lanes: [
    { id: 'l1', modelId: null, settings: {}, headId: 'a2' },
    { id: 'l2', modelId: 'openai/gpt-5', settings: { temperature: null, topP: 0.5 }, headId: 'u2' },
  ],
};

const sentFirst: Message = textMessage('user', 'u1');

/** Everything that a run can have in a file; a field that is added to runs must be given here. */
const wholeRun: Required<Omit<Run, 'unsaved' | 'retry' | 'summaryOf'>> = {
  id: 'r1',
  startedAt: 1000,
  modelId: 'local/demo',
  text: 'answer of r1',
  prompt: { uri: 'file:///a.prompt', name: 'a.prompt', version: 'abc' },
  variables: { topic: 'tokens', deep: { list: [1, null, true] } },
  servedModel: 'demo-1',
  responseId: 'x',
  seed: 7,
  warnings: [{ subject: 'seed', message: 'Not taken.' }],
  reasoning: 'hm',
  citations: [{ url: 'https://example.org/', title: 'A page', quote: 'said' }, { title: 'A document' }],
  toolCalls: [{ type: 'tool-call', id: 'k', name: 'now', arguments: '{}' }],
  logprobs: [
    {
      token: 'a',
      logprob: -0.1,
      bytes: [97],
      id: 7,
      alternatives: [{ token: 'b', logprob: -3 }],
      entropy: [0.1, 0.2],
      cut: 0.01,
    },
  ],
  usage: { inputTokens: 3, outputTokens: 2, cachedTokens: 1 },
  timing: { timeToFirstTokenMs: 5, totalMs: 9 },
  cost: { total: 0, input: 0, cacheRead: 0, cacheWrite: 0, output: 0, source: { kind: 'local' } },
  estimate: {
    inputTokens: 4,
    exactness: 'estimate',
    correction: { ratio: 1.25, runs: 3 },
    cost: { input: 0.1, atMost: 0.5 },
  },
  outcome: { status: 'finished', reason: 'tool-calls', rawReason: 'tool_use' },
  request: {
    model: 'demo',
    messages: [textMessage('system', 'Be brief.'), sentFirst],
    settings: { temperature: 0, stop: ['\n'] },
    tools: [{ name: 'now', parameters: { type: 'object' } }],
    responseFormat: { type: 'json-schema', name: 'x', schema: { type: 'object' } },
    providerOptions: { store: false },
  },
};

/** A tree with a retried answer, a named branch, an image, tools, and everything that a run can have. */
export const wholeTree: ConversationTree & { readonly runs: readonly Run[] } = {
  conversation,
  messages: [
    message('u1', null),
    message('a1', 'u1', { runId: 'r1', name: 'Short', favourite: true }),
    message('a2', 'u1', { runId: 'r2', summary: { text: 'All was said.', isEdited: true } }),
    message('t1', 'a1', { role: 'tool', content: [{ type: 'tool-result', callId: 'k', result: '<5>' }] }),
    message('u2', 't1', {
      content: [
        attachedPart({ path: 'src/a.ts', lines: [3, 4], symbol: 'sum' }, 'a +\nb', 'ts'),
        { type: 'text', text: 'And this?' },
        { type: 'image', url: 'data:image/png;base64,AAAA', mediaType: 'image/png' },
      ],
    }),
  ],
  runs: [
    wholeRun,
    run('r2', {
      outcome: { status: 'failed', error: { kind: 'network', message: 'Gone.', retryable: true } },
    }),
  ],
};
