import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ChatEvent, TokenLogprob } from '../../src/core/chat.ts';
import { type ChatFormat, chatFormatOf } from '../../src/core/template/chatFormat.ts';
import { AnswerEvents } from '../../src/runtime/answerEvents.ts';
import type { AnswerToken } from '../../src/runtime/answerToken.ts';

const tools = [{ name: 'now', parameters: {} }];
const think = chatFormatOf('<think></think>');
const tagged = chatFormatOf('tools <tool_call> <think> </think>');
const channels = chatFormatOf('tools <|channel|>');

/** What an answer in these tokens becomes: kind and text of each stretch, and calls with their arguments. */
function partsOf(
  tokens: readonly string[],
  format: ChatFormat,
  options: { isThinking?: boolean; isContinued?: boolean; noTools?: boolean } = {},
): readonly (readonly string[])[] {
  const { isThinking = false, isContinued = false, noTools = false } = options;
  const events = new AnswerEvents({ format, isThinking, isContinued, tools: noTools ? [] : tools });
  const all: ChatEvent[] = [];
  for (const text of tokens) all.push(...events.of([{ text, logprob: undefined }]));
  all.push(...events.end([]));
  const parts: string[][] = [];
  for (const event of all) {
    if (event.type === 'tool-call') parts.push(['call', event.name ?? '', event.arguments]);
    else if (event.type === 'warning') parts.push(['warning', event.warning.subject]);
    else if (event.type === 'text' || event.type === 'reasoning') {
      const last = parts.at(-1);
      if (last?.[0] === event.type) last[1] = `${last[1]}${event.text}`;
      else parts.push([event.type, event.text]);
    }
  }
  return parts;
}

/** The same whole, character by character, and cut in every place. */
function cutEverywhere(text: string): string[][] {
  const cuts = Array.from({ length: text.length - 1 }, (_, at) => [
    text.slice(0, at + 1),
    text.slice(at + 1),
  ]);
  return [[text], text.split(''), ...cuts];
}

describe('an answer is cut into its parts wherever its tokens end', () => {
  const cases: readonly (readonly [
    what: string,
    text: string,
    format: ChatFormat,
    options: Parameters<typeof partsOf>[2],
    parts: readonly (readonly string[])[],
  ])[] = [
    [
      'a thought before the answer',
      '<think>\nHm, 1 < 2.\n</think>\n\nTwo.',
      think,
      {},
      [
        ['reasoning', 'Hm, 1 < 2.'],
        ['text', 'Two.'],
      ],
    ],
    [
      'a thought that the prompt has opened',
      'Hm.\n</think>\n\nTwo.',
      think,
      { isThinking: true },
      [
        ['reasoning', 'Hm.'],
        ['text', 'Two.'],
      ],
    ],
    ['a thought that does not end', '<think>Hm', think, {}, [['reasoning', 'Hm']]],
    ['an empty thought', '<think>\n\n</think>\n\nTwo.', think, {}, [['text', 'Two.']]],
    ['what only begins like a thought', 'a <thin', think, {}, [['text', 'a <thin']]],
    [
      'marks of a model that has none',
      '<think>x</think>',
      { hasChannels: false },
      {},
      [['text', '<think>x</think>']],
    ],
    [
      'two calls behind a thought and a text',
      '<think>t</think>Wait.<tool_call>\n{"name": "now", "arguments": {"a": "</x>"}}\n</tool_call>\n' +
        '<tool_call>{"name":"now","arguments":{}}</tool_call>',
      tagged,
      {},
      [
        ['reasoning', 't'],
        ['text', 'Wait.'],
        ['call', 'now', '{"a":"</x>"}'],
        ['call', 'now', '{}'],
      ],
    ],
    [
      'a call that is cut off',
      '<tool_call>{"name": "now", "argum',
      tagged,
      {},
      [
        ['text', '<tool_call>{"name": "now", "argum'],
        ['warning', 'tools'],
      ],
    ],
    [
      'a call in an answer that has no tools',
      '<tool_call>{"name":"now","arguments":{}}</tool_call>',
      tagged,
      { noTools: true },
      [['text', '<tool_call>{"name":"now","arguments":{}}</tool_call>']],
    ],
    [
      'a call of a model of the Mistral kind',
      'Wait.[TOOL_CALLS][{"name": "now", "arguments": {"b": 1}}]',
      chatFormatOf('tools [TOOL_CALLS]'),
      {},
      [
        ['text', 'Wait.'],
        ['call', 'now', '{"b":1}'],
      ],
    ],
    [
      'two newer calls of that kind',
      '[TOOL_CALLS]now[ARGS]{"b": 1}[TOOL_CALLS]now[ARGS]{}',
      chatFormatOf('tools [TOOL_CALLS]'),
      {},
      [
        ['call', 'now', '{"b":1}'],
        ['call', 'now', '{}'],
      ],
    ],
    [
      'a call of the Llama 3 kind',
      '{"name": "now", "parameters": {"c": true}}',
      chatFormatOf('tools'),
      {},
      [['call', 'now', '{"c":true}']],
    ],
    [
      'a call of that kind with its tag',
      '<|python_tag|>{"name": "now", "parameters": {}}',
      chatFormatOf('tools'),
      {},
      [['call', 'now', '{}']],
    ],
    [
      'JSON that calls nothing',
      '{"name": "Ann", "parameters": {}}',
      chatFormatOf('tools'),
      {},
      [['text', '{"name": "Ann", "parameters": {}}']],
    ],
    [
      'a call of the Qwen 3 Coder kind',
      '<tool_call>\n<function=now>\n<parameter=zone>\nEurope/Berlin\n</parameter>\n<parameter=n>\n2\n</parameter>\n</function>\n</tool_call>',
      tagged,
      {},
      [['call', 'now', '{"zone":"Europe/Berlin","n":2}']],
    ],
    [
      'channels',
      '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Two.',
      channels,
      {},
      [
        ['reasoning', 'Hm.'],
        ['text', 'Two.'],
      ],
    ],
    [
      'a call in a channel',
      '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>commentary to=functions.now <|constrain|>json<|message|>{"d":null}',
      channels,
      {},
      [
        ['reasoning', 'Hm.'],
        ['call', 'now', '{"d":null}'],
      ],
    ],
  ];
  for (const [what, text, format, options, parts] of cases) {
    test(what, () => {
      for (const tokens of cutEverywhere(text)) assert.deepEqual(partsOf(tokens, format, options), parts);
    });
  }
});

test('text comes as soon as it can be no mark', () => {
  const events = new AnswerEvents({ format: think, isThinking: false, isContinued: false, tools: [] });
  const of = (text: string): readonly string[] =>
    [...events.of([{ text, logprob: undefined }])].map((event) =>
      event.type === 'text' ? event.text : event.type,
    );
  assert.deepEqual([of('One '), of('<'), of('th'), of('ree')], [['One '], [], [], ['<three']]);
});

test('the log-probabilities of a text are those of its tokens, also where a mark ends within one', () => {
  const token = (text: string): AnswerToken => ({ text, logprob: logprobOf(text) });
  const events = new AnswerEvents({ format: think, isThinking: true, isContinued: false, tools: [] });
  const all = [
    ...events.of([token('Hm'), token('.</think'), token('>\n\nT')]),
    ...events.of([token('wo')]),
    ...events.end([token('.')]),
  ];
  assert.deepEqual(all, [
    { type: 'reasoning', text: 'Hm.' },
    { type: 'text', text: 'T', logprobs: [logprobOf('T')] },
    { type: 'text', text: 'wo', logprobs: [logprobOf('wo')] },
    { type: 'text', text: '.', logprobs: [logprobOf('.')] },
  ]);
  assert.equal(events.reasoningTokens, 2);
});

function logprobOf(token: string): TokenLogprob {
  return { token, logprob: -1, bytes: [...new TextEncoder().encode(token)], alternatives: [] };
}
