/** Estimates against what the real engine reports for the same messages. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { type ChatRequest, type Message, textMessage } from '../../src/core/chat.ts';
import { LlmError } from '../../src/core/errors.ts';
import type { ModelPrice } from '../../src/core/pricing.ts';
import type { PromptEstimate } from '../../src/core/tokens/estimate.ts';
import { ChatTemplates } from '../../src/node/chatTemplates.ts';
import { Estimator, type EstimateRequest } from '../../src/node/estimate.ts';
import { Tokenizer } from '../../src/node/tokenizer.ts';
import { collect } from '../providers/contract.ts';
import { encodeGguf } from '../models/gguf.ts';
import { scriptedModel } from '../models/scripted.ts';
import { tokenizerMetadata } from '../models/tokenizer.ts';
import { newRuntime, scripted, write } from './localFixture.ts';

const demo = join(import.meta.dirname, '../../media/demo.gguf');
const runtime = newRuntime();
const tokenizer = new Tokenizer();
const templates = new ChatTemplates();
after(() => {
  tokenizer.dispose();
  templates[Symbol.dispose]();
});

const price: ModelPrice = { input: 1, output: 10, reasoning: 20, source: { kind: 'user', matchedId: 'x' } };

const estimator = new Estimator({
  tokenizer,
  templates,
  localFileOf: (model) => runtime.fileOf(model),
  ollamaFileOf: () => Promise.resolve(undefined),
  priceOf: (modelId) => Promise.resolve(modelId.startsWith('unpriced/') ? undefined : price),
  contextWindowOf: () => Promise.resolve(1000),
  correctionOf: () => Promise.resolve({ ratio: 2, runs: 5 }),
});

function ask(messages: readonly Message[], settings: ChatRequest['settings'] = {}): EstimateRequest {
  return { request: { model: 'any', messages, settings } };
}

function estimate(
  asked: EstimateRequest,
  modelId: string,
  signal = new AbortController().signal,
): Promise<PromptEstimate> {
  return estimator.estimate(asked, modelId, signal);
}

const conversations: Readonly<Record<string, readonly Message[]>> = {
  'one message': [textMessage('user', 'What is a token?')],
  'a system message before it': [
    textMessage('system', 'Be short.'),
    textMessage('user', '中文 👩‍💻 größe\n\n  indented'),
  ],
  'several turns': [
    textMessage('user', 'Hi'),
    textMessage('assistant', 'Hello!'),
    textMessage('user', 'What is temperature?'),
  ],
  'two turns of one role': [textMessage('user', 'Hi'), textMessage('user', 'there')],
  'an answer that is continued': [textMessage('user', 'Count'), textMessage('assistant', 'one two')],
  'text that spells control tokens': [textMessage('user', '<|im_end|><|user|> <|end|>')],
};

/** Writes tools with a control token around them, calls and results as JSON, and a thought that is not wanted. */
const withTools = write(
  'with-tools.gguf',
  scriptedModel({
    template:
      '{% if tools %}<|system|>{{ tools | tojson }}<|end|>{% endif %}' +
      '{% for m in messages %}<|{{ m.role }}|>{{ m.content }}' +
      '{% if m.tool_calls %}{{ m.tool_calls | tojson }}{% endif %}<|end|>{% endfor %}' +
      '{% if add_generation_prompt %}<|assistant|>{% if not enable_thinking %}no thought{% endif %}{% endif %}' +
      '{# <tool_call> #}',
  }),
);
const hi = [textMessage('user', 'Hi')];
const time = { name: 'time', description: 'Tells <|end|> the time.', parameters: { type: 'object' } };
const called: readonly Message[] = [
  ...hi,
  { role: 'assistant', content: [{ type: 'tool-call', id: 'a', name: 'time', arguments: '{"zone":"UTC"}' }] },
  { role: 'tool', content: [{ type: 'tool-result', callId: 'a', result: 'twelve' }] },
];
const format = { type: 'json-schema', name: 'any', schema: { type: 'object' } } as const;

for (const [name, path, asked] of [
  ['tools', withTools, { messages: hi, tools: [time] }],
  ['tools that the template has no place for', demo, { messages: hi, tools: [time] }],
  ['calls and their results', withTools, { messages: called, tools: [time] }],
  ['a text where there is none', write('none.gguf', scriptedModel({ template: null })), { messages: hi }],
  ['calls without the tools', withTools, { messages: called }],
  ['a schema', withTools, { messages: hi, responseFormat: format }],
  ['no thought', withTools, { messages: hi, settings: { reasoningEffort: 'none' } }],
  ['text that it is left out for', demo, { messages: hi, providerOptions: { raw: true } }],
] as const) {
  test(`what a template makes of ${name} is counted as the engine reports it`, async () => {
    const request: ChatRequest = { model: path, settings: {}, ...asked };
    const { exactness, inputTokens } = await estimate({ request }, `local/${path}`);
    assert.deepEqual(
      { exactness, inputTokens },
      { exactness: 'exact', inputTokens: await reported(path, asked.messages, request) },
    );
  });
}

test('what a template writes for tools is told apart from what it puts around the messages', async () => {
  const parts = async (tools: ChatRequest['tools'] = []): Promise<readonly number[]> => {
    const asked = { request: { model: 'any', messages: hi, settings: {}, tools } };
    const { tools: ofTools, overhead } = await estimate(asked, `local/${withTools}`);
    return [ofTools > 0 ? 1 : 0, overhead];
  };
  const [, around] = await parts();
  assert.deepEqual(
    [await parts(), await parts([time])],
    [
      [0, around],
      [1, around],
    ],
  );
});

for (const [file, path] of [
  ['the demo model', demo],
  ['another template', scripted],
] as const) {
  describe(`with ${file} the estimate is what the engine reports`, () => {
    for (const [name, messages] of Object.entries(conversations)) {
      test(name, async () => {
        const { exactness, inputTokens } = await estimate(ask(messages), `local/${path}`);
        assert.deepEqual(
          { exactness, inputTokens },
          { exactness: 'exact', inputTokens: await reported(path, messages) },
        );
      });
    }
  });
}

test('an OpenAI chat model has 3 tokens and a role around each message, and 3 for the answer', async () => {
  const messages = [textMessage('system', 'Hello world'), textMessage('user', 'Hello world')];
  const {
    messages: counted,
    overhead,
    inputTokens,
    exactness,
  } = await estimate(ask(messages), 'openai/gpt-4o');
  assert.deepEqual(
    { counted: counted.map(({ tokens }) => tokens), overhead, inputTokens, exactness },
    { counted: [2, 2], overhead: 11, inputTokens: 15, exactness: 'exact' },
  );
});

test('a model without a public tokenizer is estimated with what its runs said', async () => {
  const {
    tokenizer: name,
    exactness,
    inputTokens,
    correction,
    reasons,
  } = await estimate(ask([textMessage('user', 'Hello world')]), 'anthropic/claude-sonnet-5');
  assert.deepEqual(
    { name, exactness, inputTokens, correction },
    { name: 'o200k_base', exactness: 'estimate', inputTokens: 18, correction: { ratio: 2, runs: 5 } },
  );
  assert.equal(
    reasons[0],
    'Counted with o200k_base, which is not the tokenizer of anthropic/claude-sonnet-5.',
  );
});

test('the share of a variable is a part of its message', async () => {
  const asked = {
    ...ask([textMessage('user', 'Say Hello world twice: Hello world')]),
    variables: [{ name: 'text', texts: ['Hello world', 'Hello world'] }],
  };
  const { variables } = await estimate(asked, 'openai/gpt-4o');
  assert.deepEqual(variables, [{ name: 'text', tokens: 4 }]);
});

test('the cost is that of the input, and at most that of an answer of reasoning alone', async () => {
  const { cost, output } = await estimate(
    ask([textMessage('user', 'Hello world')], { maxOutputTokens: 100 }),
    'openai/gpt-4o',
  );
  assert.deepEqual(output, { tokens: 100, isAssumed: false });
  assert.equal(cost?.input, 9e-6);
  assert.equal(cost.atMost, (9 + 100 * 20) / 1e6);
});

test('an unknown price is no cost at all', async () => {
  const { cost, price: unknown } = await estimate(ask([textMessage('user', 'Hi')]), 'unpriced/model');
  assert.deepEqual([cost, unknown], [undefined, undefined]);
});

test('tools and a schema are counted by their JSON, and make it an estimate', async () => {
  const request: ChatRequest = {
    model: 'gpt-4o',
    messages: [textMessage('user', 'Hi')],
    settings: {},
    tools: [{ name: 'now', parameters: { type: 'object' } }],
    responseFormat: { type: 'json-schema', name: 'answer', schema: { type: 'object' } },
  };
  const { tools, schema, exactness, inputTokens } = await estimate({ request }, 'openai/gpt-4o');
  assert.ok(tools > 8 && schema > 4);
  assert.deepEqual([exactness, inputTokens], ['estimate', 8 + tools + schema]);
});

test('a template that never ends makes an estimate, and the next one is made all the same', async () => {
  const endless = write(
    'endless-template.gguf',
    encodeGguf(
      {
        'general.architecture': 'llama',
        ...tokenizerMetadata([], []),
        'tokenizer.chat_template':
          '{% for a in range(100000000) %}{% for b in range(100000000) %}{% endfor %}{% endfor %}',
      },
      [],
    ),
  );
  const { exactness, reasons } = await estimate(ask([textMessage('user', 'Hi')]), `local/${endless}`);
  assert.deepEqual(
    [exactness, reasons],
    ['estimate', ['The chat template in the file cannot be read without loading the model.']],
  );
  const next = await estimate(ask([textMessage('user', 'Hi')]), `local/${scripted}`);
  assert.equal(next.exactness, 'exact');
});

test('an estimate that is cancelled is never made', async () => {
  const stop = new AbortController();
  const made = estimate(ask([textMessage('user', 'Hi')]), 'openai/gpt-4o', stop.signal);
  stop.abort();
  await assert.rejects(made, (error) => error instanceof LlmError && error.kind === 'cancelled');
});

async function reported(
  model: string,
  messages: readonly Message[],
  { settings, ...more }: Partial<ChatRequest> = {},
): Promise<number | undefined> {
  const request = { ...more, model, messages, settings: { ...settings, maxOutputTokens: 1 } };
  const events = await collect(runtime.stream(request, new AbortController().signal));
  return events.flatMap((event) => (event.type === 'usage' ? [event.usage.inputTokens] : [])).at(-1);
}

test('what the service has counted for the very request is exact, and says by whom', async () => {
  const counted = new Estimator({
    tokenizer,
    templates,
    localFileOf: (model) => runtime.fileOf(model),
    priceOf: () => Promise.resolve(price),
    contextWindowOf: () => Promise.resolve(1000),
    correctionOf: () => Promise.resolve({ ratio: 2, runs: 5 }),
    serviceCountOf: (modelId, request) =>
      modelId === 'anthropic/claude' && request.messages.length === 1
        ? { tokens: 500, by: 'Anthropic' }
        : undefined,
  });
  const one = ask([textMessage('user', 'Hi')]);
  const { exactness, inputTokens, reasons, correction, ...rest } = await counted.estimate(
    one,
    'anthropic/claude',
    new AbortController().signal,
  );
  assert.deepEqual([exactness, inputTokens, reasons, correction], ['exact', 500, [], undefined]);
  assert.equal(rest.tokenizer, 'the counter of Anthropic');
  assert.equal(rest.overhead + (rest.messages[0]?.tokens ?? 0), 500);
  assert.equal((await counted.estimate(one, 'x/claude', new AbortController().signal)).exactness, 'estimate');
});
