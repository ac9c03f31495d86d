/** States of the panel, for tests and for looking at. */
import { emptyOutput } from '../../src/core/run/fold.ts';
import { emptyLane } from '../../src/host/lane.ts';
import type {
  ContextFigures,
  HostMessage,
  LaneView,
  ModelView,
  PromptView,
  Run,
  RunEvent,
  VariableField,
} from '../../src/protocol.ts';

export function field(name: string, more: Partial<VariableField> = {}): VariableField {
  return { name, type: 'text', required: true, declared: true, range: { line: 1, column: 1 }, ...more };
}

export const prompt: PromptView = {
  uri: 'file:///home/me/prompts/explain.prompt',
  name: 'explain.prompt',
  version: '1a2b3c4d5e6f70819203a4b5c6d7e8f901234567890abcdef1234567890abcde',
  description: 'Explains a topic in a few sentences.',
  modelId: 'local/demo',
  settings: { temperature: 0.7, maxOutputTokens: 400, seed: 42, logprobs: 4 },
  fields: [
    field('topic', { description: 'What to explain' }),
    field('sentences', { type: 'integer', required: false, default: 3, description: 'At most this many' }),
    field('audience', { type: 'enum', choices: ['beginner', 'engineer', 'researcher'], default: 'engineer' }),
    field('examples', { type: 'boolean', required: false, description: 'Give an example for each point' }),
  ],
  values: { topic: 'tokenization', sentences: 3, audience: 'engineer', examples: true },
};

export const model: ModelView = {
  id: 'local/demo',
  name: 'Demo',
  description: 'A tiny model inside the extension. It answers what the samples ask.',
  contextWindow: 1024,
  capabilities: {
    logprobs: true,
    tools: false,
    images: false,
    reasoning: false,
    reasoningEffort: false,
    jsonSchema: false,
    temperature: true,
    topP: true,
    topK: true,
    minP: true,
    seed: true,
    penalties: true,
    repeatPenalty: true,
    xtc: true,
    dry: true,
    gbnf: true,
    stop: true,
    logitBias: false,
    contextSize: true,
    keepAlive: false,
  },
};

/** A lane as the prompt says, with this id. */
export function lane(id: string, more: Partial<LaneView> = {}): LaneView {
  return {
    ...emptyLane,
    id,
    model,
    ...more,
  };
}

export const running: Run = {
  ...emptyOutput,
  id: 'run-1',
  startedAt: 1_795_000_000_000,
  prompt: {
    uri: prompt.uri,
    name: prompt.name,
    version: '1a2b3c4d5e6f70819203a4b5c6d7e8f901234567890abcdef1234567890abcde',
  },
  variables: prompt.values,
  modelId: 'local/demo',
  request: {
    model: 'demo',
    messages: [
      {
        role: 'system',
        content: [{ type: 'text', text: 'You explain things to engineers, briefly and exactly.' }],
      },
      { role: 'user', content: [{ type: 'text', text: 'Explain tokenization in at most 3 sentences.' }] },
    ],
    settings: { temperature: 0.7, maxOutputTokens: 400, seed: 42, logprobs: 4 },
  },
};

/** A service that asks to wait. */
export const retry: Extract<RunEvent, { type: 'retry' }> = {
  type: 'retry',
  error: {
    kind: 'rate-limit',
    message:
      'OpenAI takes no more requests for now (429): Rate limit reached for gpt-5. Wait a moment and run again.',
    retryable: true,
    retryAfterMs: 8000,
  },
  waitMs: 8000,
  attempt: 2,
  attempts: 3,
};

export const answer = `## Tokenization

A **tokenizer** cuts text into pieces from a fixed vocabulary, and the model only ever sees their *numbers*. Common words are one token; rare ones are several, so \`tokenization\` may become \`token\` + \`ization\`.

1. Bytes come first: every text can be written with 256 of them.
2. Frequent neighbours are merged, again and again.
3. The order of the merges **is** the vocabulary.

\`\`\`python
def count(text: str) -> int:
    """The number of tokens, special tokens as plain text."""
    return len(encoding.encode(text, disallowed_special=()))
\`\`\`

| Text | Tokens | Characters |
| --- | ---: | ---: |
| \`hello world\` | 2 | 11 |
| \`antidisestablishmentarianism\` | 6 | 28 |

> Prices are per token, so what is cheap in English can be dear in Thai.

See [the paper](https://arxiv.org/abs/1508.07909) for where it comes from.
`;

export const finished: Run = {
  ...running,
  servedModel: 'demo-2026-11',
  responseId: 'resp_0c1f',
  text: answer,
  usage: { inputTokens: 1312, cachedTokens: 1024, outputTokens: 198 },
  timing: { timeToFirstTokenMs: 412, totalMs: 3940 },
  cost: {
    total: 0.00083,
    input: 0.00029,
    cacheRead: 0.0001,
    cacheWrite: 0,
    output: 0.00044,
    source: { kind: 'table', matchedId: 'demo', date: '2026-09-23' },
  },
  estimate: {
    inputTokens: 1280,
    exactness: 'estimate',
    correction: { ratio: 1.0835, runs: 12 },
    cost: { input: 0.00047, atMost: 0.0041 },
  },
  outcome: { status: 'finished', reason: 'stop', rawReason: 'end_turn' },
};

export const failed: Run = {
  ...running,
  servedModel: 'demo-2026-11',
  text: 'A **tokenizer** cuts text into pieces from a fixed vocabulary, and the model only ev',
  timing: { timeToFirstTokenMs: 412, totalMs: 2210 },
  warnings: [{ subject: 'topK', message: 'This service does not take topK; it was not sent.' }],
  unsaved: 'the disk is full. Free some space; the next run is saved again.',
  outcome: {
    status: 'failed',
    error: {
      kind: 'network',
      message:
        'The connection to api.example.com broke before the answer ended. Check the network and run again.',
      retryable: true,
    },
  },
};

const words: readonly (readonly [
  token: string,
  probability: number,
  ...others: (readonly [string, number])[],
])[] = [
  ['A', 0.62, ['Token', 0.21], ['The', 0.08]],
  [' token', 0.91, [' model', 0.04]],
  ['izer', 0.998],
  [' cuts', 0.12, [' splits', 0.44], [' breaks', 0.21], [' turns', 0.09]],
  [' text', 0.83, [' a', 0.1]],
  [' into', 0.97, [' up', 0.01]],
  [' pieces', 0.31, [' tokens', 0.52], [' chunks', 0.08]],
  [' from', 0.44, [' of', 0.3], [',', 0.1]],
  [' a', 0.93],
  [' fixed', 0.72, [' vocabulary', 0.11]],
  [' vocabulary', 0.96],
  ['.', 0.55, [',', 0.4]],
  ['\n\n', 0.48, [' The', 0.3]],
];

export const tokens: Run['logprobs'] = Array.from({ length: 10 }, () => words)
  .flat()
  .map(([token, probability, ...others]) => ({
    token,
    logprob: Math.log(probability),
    alternatives: [[token, probability] as const, ...others]
      .map(([other, share]) => ({ token: other, logprob: Math.log(share) }))
      .sort((a, b) => b.logprob - a.logprob),
    entropy: [0.9, 1],
    cut: 0.05,
  }));

export const withTokens: Run = {
  ...finished,
  logprobs: tokens,
  text: tokens.map(({ token }) => token).join(''),
};

/** The host's message with these events of {@link running}. */
export function events(...list: readonly RunEvent[]): HostMessage {
  return { type: 'run-events', runs: [{ runId: running.id, events: list }] };
}

export function text(piece: string): RunEvent {
  return { type: 'text', text: piece };
}

/** The events of a run that streams `text` in pieces of `size` and ends. */
export function streamOf(text: string, size: number): readonly RunEvent[] {
  const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
  return [
    { type: 'start', model: 'demo-2026-11', warnings: [] },
    ...pieces.map((piece): RunEvent => ({ type: 'text', text: piece })),
    { type: 'usage', usage: { inputTokens: 12, outputTokens: 120 } },
    {
      type: 'end',
      outcome: { status: 'finished', reason: 'stop' },
      timing: { totalMs: 900, timeToFirstTokenMs: 90 },
    },
  ];
}

/** Three lanes of one prompt that have ended, each with an answer, a model or a temperature of its own. */
export const threeLanes: readonly LaneView[] = [
  lane('1', { run: finished }),
  lane('2', {
    settings: { temperature: 1.2, topP: 0.9 },
    run: {
      ...finished,
      id: 'run-2',
      request: { ...finished.request, settings: { ...finished.request.settings, temperature: 1.2 } },
      text: answer.split('1.')[0] ?? '',
      usage: { inputTokens: 1312, outputTokens: 61 },
      timing: { timeToFirstTokenMs: 380, totalMs: 1420 },
      outcome: { status: 'finished', reason: 'stop' },
    },
  }),
  lane('3', {
    modelId: 'openai/gpt-5-mini',
    model: { ...model, id: 'openai/gpt-5-mini', name: 'GPT-5 mini' },
    run: {
      ...finished,
      id: 'run-3',
      modelId: 'openai/gpt-5-mini',
      servedModel: 'gpt-5-mini-2026-08-07',
      cost: {
        total: 0.0003,
        input: 0.0001,
        cacheRead: 0,
        cacheWrite: 0,
        output: 0.0002,
        source: { kind: 'table', matchedId: 'gpt-5-mini', date: '2026-09-23' },
      },
      timing: { timeToFirstTokenMs: 812, totalMs: 4100 },
    },
  }),
];

/** Two versions of one prompt that have answered, and one that nobody has any more. */
export const versionLanes: readonly LaneView[] = [
  lane('1', { promptVersion: 'c0ffee'.repeat(10), version: version('v1.3', 'c0ffee'), run: finished }),
  lane('2', { run: { ...finished, id: 'run-2', text: answer.split('1.')[0] ?? '' } }),
  lane('3', {
    promptVersion: '5eed'.repeat(16),
    problem: { message: 'The text of this version is neither in git nor in the history.', missing: [] },
  }),
];

function version(label: string, digits: string): LaneView['version'] {
  const { modelId = '', settings } = prompt;
  return { name: `explain@${digits}.prompt`, label, version: digits.repeat(10), modelId, settings };
}

const { modelId, usage, cost, outcome } = finished;

/** A lane after a follow-up, which was edited and whose answer was tried twice. */
export const talk: LaneView = lane('1', {
  turns: [
    {
      id: 'a1',
      siblings: ['a1'],
      role: 'assistant',
      text: 'A **token** is a piece of text.',
      parts: [],
      at: 1_795_000_000_000,
      answer: {
        modelId,
        ...(usage ? { usage } : {}),
        ...(cost ? { cost } : {}),
        outcome,
        reasoning: 'Short is best.',
        toolCalls: [{ type: 'tool-call', id: 'call-1', name: 'look_up', arguments: '{"word":"token"}' }],
        citations: [{ url: 'https://example.org/tokens', title: 'On tokens' }],
      },
    },
    {
      id: 'u2',
      siblings: ['u1', 'u2'],
      role: 'user',
      text: 'And why?',
      parts: [],
      at: 1_795_000_060_000,
      answer: null,
    },
  ],
  run: finished,
  message: { id: 'a3', siblings: ['a2', 'a3'] },
});

/** A conversation that fills a third of its window. */
export const context: ContextFigures = {
  modelId: 'local/demo',
  used: 342,
  parts: { prompt: 61, history: 240, followUp: 12, around: 29, correction: 0 },
  roles: [
    { role: 'System', tokens: 20, messages: 1 },
    { role: 'User', tokens: 41, messages: 1 },
  ],
  exactness: 'exact',
  note: 'Exact, counted with demo.gguf.',
  missing: [],
  reserved: { tokens: 400, isAssumed: false },
  window: 1024,
  fit: 'fits',
  cost: { input: 0, atMost: 0 },
  warnings: [],
};

/** The same on a service that is paid, whose tokenizer is not public. */
export const paidContext: ContextFigures = {
  ...context,
  modelId: 'anthropic/claude-sonnet-4-5',
  used: 391,
  parts: { ...context.parts, correction: 49 },
  exactness: 'estimate',
  note: 'Counted with o200k_base. What the service puts around the messages is not published.',
  window: 200_000,
  cost: { input: 0.0012, atMost: 0.0072 },
};

export const fullContext: ContextFigures = {
  ...context,
  used: 1180,
  parts: { prompt: 61, history: 1078, followUp: 12, around: 29, correction: 0 },
  fit: 'too-long',
  warnings: [
    '1,180 tokens are too many for local/demo, whose window holds 1,024. Let older turns be left out or summarised, raise contextSize or choose a model with a larger window.',
  ],
};

/** The conversation `talk` of which the first turns are summarised. */
export const fitted: LaneView = {
  ...talk,
  fit: {
    fitting: { strategy: 'summary', modelId: null },
    leftOut: talk.turns.slice(0, 2).map(({ id }, index) => ({ id, tokens: 120 + index * 300 })),
    summary: {
      messageId: talk.turns[1]?.id ?? '',
      text: 'The user asked what a token is: a piece of text, often a word or a part of one.',
    },
    pending: null,
  },
};
