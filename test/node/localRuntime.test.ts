import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  textMessage,
  type ChatEvent,
  type ChatRequest,
  type GenerationSettings,
  type TokenAlternative,
} from '../../src/core/chat.ts';
import { writeRandomModel } from '../models/random.ts';
import { defaultAnswer, scriptedModel } from '../models/scripted.ts';
import { firstByteToken } from '../models/tokenizer.ts';
import {
  collect,
  errorOf,
  logprobsOf,
  providerContract,
  textOfAnswer,
  usageOf,
} from '../providers/contract.ts';
import { answer, ask, endless, folder, newRuntime, scripted, write } from './localFixture.ts';

const random = join(folder, 'random.gguf');
writeRandomModel(random);

const runtime = newRuntime();

providerContract('the local runtime', {
  answer: () => ({ provider: runtime, request: ask('scripted') }),
  endless: () => ({ provider: runtime, request: ask(endless) }),
  // A window of another size has to wait until every lane has left, so a call that asks for one shows whether any runs.
  isBusy: async () => {
    const outcome = await errorOrAnswer(
      runtime.stream(ask(endless, { maxOutputTokens: 1, contextSize: 256 }), AbortSignal.timeout(500)),
    );
    return outcome !== 'answered';
  },
  notTaken: {
    subject: 'reasoningEffort',
    cause: () => ({ provider: runtime, request: ask('scripted', { reasoningEffort: 'low' }) }),
  },
  cutShort: { cannot: 'the process and its messages end together, and its end is an error of the provider' },
  provoke: {
    auth: { cannot: 'the runtime needs no key' },
    'rate-limit': { cannot: 'calls wait for their turn instead' },
    'context-overflow': () => ({
      provider: runtime,
      request: {
        ...ask('scripted', { contextSize: 256 }),
        messages: [textMessage('user', 'word '.repeat(500))],
      },
    }),
    'bad-request': () => ({ provider: runtime, request: ask('/no/such/file.gguf') }),
    network: { cannot: 'there is no network between the host and its child' },
    provider: () => {
      const broken = newRuntime({ execPath: '/no/such/node' });
      return { provider: broken, request: ask('scripted') };
    },
  },
});

describe('an answer of the local runtime', () => {
  test('is the model’s text, exactly', async () => {
    const events = await answer(runtime, ask('scripted'));
    assert.equal(textOfAnswer(events), defaultAnswer);
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop', rawReason: 'eos' });
  });

  test('comes with the probability of every token, whose bytes make up the text', async () => {
    const events = await answer(runtime, ask('scripted', { logprobs: 3 }));
    const tokens = logprobsOf(events);
    assert.equal(usageOf(events).outputTokens, tokens.length);
    assert.equal(Buffer.from(tokens.flatMap(({ bytes = [] }) => bytes)).toString(), defaultAnswer);
    for (const { token, logprob, alternatives } of tokens) {
      assert.ok(Math.abs(Math.exp(logprob) - 0.999) < 1e-4, `${token}: ${Math.exp(logprob)}`);
      assert.equal(alternatives[0]?.token, token);
      const shares = alternatives.map((alternative) => Math.exp(alternative.logprob));
      assert.deepEqual(
        shares,
        shares.toSorted((a, b) => b - a),
      );
      assert.equal(alternatives.length, 3);
      assert.ok(shares.reduce((sum, share) => sum + share) <= 1);
    }
  });

  test('names the end of the answer among the alternatives', async () => {
    const events = await answer(runtime, ask('scripted', { logprobs: 4, maxOutputTokens: 1 }));
    assert.deepEqual(
      alternativesOf(events).map(({ token }) => token),
      ['##', ' a', ' a ', '<|end|>'],
    );
  });

  test('gives probabilities before the sampler, the same at every temperature', async () => {
    const cold = await answer(runtime, ask(random, { logprobs: 5, temperature: 0, maxOutputTokens: 1 }));
    const hot = await answer(
      runtime,
      ask(random, { logprobs: 5, temperature: 2, topK: 0, topP: 1, minP: 0, seed: 3, maxOutputTokens: 1 }),
    );
    assert.deepEqual(alternativesOf(hot).map(rounded), alternativesOf(cold).map(rounded));
  });

  test('is the same for the same seed, and another for another', async () => {
    const settings = { temperature: 1, topK: 0, topP: 1, minP: 0, maxOutputTokens: 30 };
    const [first, second, other] = [
      textOfAnswer(await answer(runtime, ask(random, { ...settings, seed: 7 }))),
      textOfAnswer(await answer(runtime, ask(random, { ...settings, seed: 7 }))),
      textOfAnswer(await answer(runtime, ask(random, { ...settings, seed: 8 }))),
    ];
    assert.equal(second, first);
    assert.notEqual(other, first);
  });

  test('names the seed that was drawn for it, which repeats it', async () => {
    const settings = { temperature: 1, topK: 0, topP: 1, minP: 0, maxOutputTokens: 30 };
    const drawn = await answer(runtime, ask(random, settings));
    const seed = seedOf(drawn);
    assert.ok(Number.isInteger(seed));
    const repeated = await answer(runtime, ask(random, { ...settings, seed: seed ?? 0 }));
    assert.equal(textOfAnswer(repeated), textOfAnswer(drawn));
    assert.equal(seedOf(repeated), undefined);
    assert.notEqual(seedOf(await answer(runtime, ask(random, settings))), seed);
    assert.equal(
      seedOf(await answer(runtime, ask(random, { temperature: 0, maxOutputTokens: 1 }))),
      undefined,
    );
  });

  test('leaves its circle when repetition is penalized', async () => {
    const circle = write('circle.gguf', scriptedModel({ answer: ['round', ' and '], endless: true }));
    const textOf = async (model: string, penalty: GenerationSettings): Promise<string> =>
      textOfAnswer(await answer(runtime, ask(model, { temperature: 0, maxOutputTokens: 40, ...penalty })));
    assert.equal(await textOf(circle, {}), 'round and '.repeat(20));
    assert.notEqual(await textOf(circle, { frequencyPenalty: 1 }), await textOf(circle, {}));
    assert.notEqual(await textOf(circle, { presencePenalty: 20 }), await textOf(circle, {}));
    assert.notEqual(await textOf(random, { repeatPenalty: 5 }), await textOf(random, {}));
  });

  test('is what its response format asks for, in several lanes at once', async () => {
    const schema = {
      type: 'object',
      properties: {
        color: { enum: ['red', 'green'] },
        sizes: { type: 'array', items: { type: 'boolean' }, maxItems: 3 },
      },
      required: ['color', 'sizes'],
    };
    const answers = await Promise.all(
      [1, 2, 3].map((seed) =>
        answer(runtime, {
          ...ask(random, { seed, temperature: 1, topK: 0, topP: 1, minP: 0 }),
          responseFormat: { type: 'json-schema', name: 'thing', schema },
        }),
      ),
    );
    for (const events of answers) {
      const { color, sizes } = JSON.parse(textOfAnswer(events)) as { color: string; sizes: unknown[] };
      assert.match(color, /^(red|green)$/);
      assert.ok(sizes.length <= 3 && sizes.every((size) => typeof size === 'boolean'));
      assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop', rawReason: 'eos' });
    }
  });

  test('takes a bias on tokens by their ids', async () => {
    const idOf = (letter: string): string => String(firstByteToken + letter.charCodeAt(0));
    const first = async (settings: GenerationSettings): Promise<string> =>
      textOfAnswer(await answer(runtime, ask(random, { temperature: 0, maxOutputTokens: 1, ...settings })));
    assert.equal(await first({ logitBias: { [idOf('A')]: 100 } }), 'A');
    assert.equal(await first({ logitBias: { [idOf('A')]: 90, [idOf('B')]: 100 } }), 'B');
  });

  test('never splits a character', async () => {
    const fox = Buffer.from('🦊');
    const path = write(
      'fox.gguf',
      scriptedModel({ answer: ['A ', fox.subarray(0, 1), fox.subarray(1, 3), fox.subarray(3), '!'] }),
    );
    const events = await answer(runtime, ask(path));
    assert.deepEqual(textsOf(events), ['A ', '🦊', '!']);
    const withLogprobs = await answer(runtime, ask(path, { logprobs: 0 }));
    assert.deepEqual(textsOf(withLogprobs), ['A ', '', '', '🦊', '!']);
    const cut = await answer(runtime, ask(path, { maxOutputTokens: 3 }));
    assert.equal(textOfAnswer(cut), 'A ');
  });

  test('stops before a stop text that spans tokens, and shows what only began like one', async () => {
    const path = write(
      'stop.gguf',
      scriptedModel({ answer: ['one', ' <', 'two', '> ', '<e', 'nd', '> three'] }),
    );
    const events = await answer(runtime, ask(path, { stop: ['<end>'], logprobs: 0 }));
    assert.equal(textOfAnswer(events), 'one <two> ');
    assert.deepEqual(events.at(-1), { type: 'finish', reason: 'stop', rawReason: 'word' });
    assert.deepEqual(
      logprobsOf(events).map(({ token }) => token),
      ['one', ' <', 'two', '> '],
    );
    const unstopped = await answer(runtime, ask(path, { stop: ['> threepenny'] }));
    assert.equal(textOfAnswer(unstopped), 'one <two> <end> three');
  });

  test('ends with length at maxOutputTokens, and where the context is full', async () => {
    const limited = await answer(runtime, ask('scripted', { maxOutputTokens: 5, logprobs: 0 }));
    assert.equal(usageOf(limited).outputTokens, 5);
    assert.equal(logprobsOf(limited).length, 5);
    assert.deepEqual(limited.at(-1), { type: 'finish', reason: 'length', rawReason: 'limit' });
    const full = await answer(runtime, ask(endless, { contextSize: 256 }));
    assert.equal(usageOf(full).inputTokens + usageOf(full).outputTokens, 256);
    assert.deepEqual(full.at(-1), { type: 'finish', reason: 'length', rawReason: 'context' });
  });

  test('does not evaluate the common beginning of two calls twice', async () => {
    await answer(runtime, ask('scripted'));
    const { inputTokens, cachedTokens } = usageOf(await answer(runtime, ask('scripted')));
    assert.equal(cachedTokens, inputTokens - 1);
  });

  test('is not steered by control tokens spelled out in a message', async () => {
    const inputTokens = async (text: string): Promise<number> => {
      const request = { ...ask('scripted', { maxOutputTokens: 1 }), messages: [textMessage('user', text)] };
      return usageOf(await answer(runtime, request)).inputTokens;
    };
    // The seven characters stay at least four tokens; the control token of that name would be one.
    assert.ok((await inputTokens('<|end|>')) >= (await inputTokens('x')) + 3);
  });
});

describe('calls on the local runtime', () => {
  test('run at the same time, each with its own whole answer', async () => {
    const events = await Promise.all([
      answer(runtime, ask('scripted')),
      answer(runtime, ask('scripted')),
      answer(runtime, ask(scripted)),
    ]);
    assert.deepEqual(events.map(textOfAnswer), [defaultAnswer, defaultAnswer, defaultAnswer]);
  });
});

describe('what the local runtime cannot do it says', () => {
  const whole = scriptedModel();
  const damages = {
    'cut in its weights': { bytes: whole.slice(0, whole.length / 2), says: /not within the file bounds/ },
    'cut in its metadata': { bytes: whole.slice(0, 3000), says: /failed to read key-value pairs/ },
    'not GGUF': { bytes: Buffer.from('<html>404</html>'), says: /is not a GGUF file/ },
  };
  for (const [what, { bytes, says }] of Object.entries(damages)) {
    test(`a file that is ${what}`, async () => {
      const error = await errorOf(stream(ask(write('damaged.gguf', bytes))));
      assert.deepEqual([error.kind, error.retryable], ['bad-request', false]);
      assert.match(error.message, says);
    });
  }

  test('a file that is missing', async () => {
    const error = await errorOf(stream(ask('/no/such/model.gguf')));
    assert.equal(
      error.message,
      'There is no model file "/no/such/model.gguf". Correct the path after "local/" in the model id.',
    );
  });

  test('a model that is unknown, with those that there are', async () => {
    const error = await errorOf(stream(ask('skripted')));
    assert.equal(error.kind, 'bad-request');
    assert.match(
      error.message,
      /no local model "skripted". Choose "local\/scripted", or give the path of a GGUF/,
    );
  });

  test('a context that is larger than memory', async () => {
    const wide = join(folder, 'wide.gguf');
    writeRandomModel(wide, { width: 512, layers: 8, heads: 8 });
    const error = await errorOf(stream(ask(wide, { contextSize: 16_000_000 })));
    assert.equal(error.kind, 'bad-request');
    assert.match(
      error.message,
      /^"wide.gguf" with a context of 16,000,000 tokens needs \d+ GB of memory, and [\d.]+ GB are free. Set "contextSize" to \d+ or less/,
    );
  });

  test('an image', async () => {
    const image = { type: 'image', url: 'data:image/png;base64,AA==' } as const;
    const error = await errorOf(
      stream({ ...ask('scripted'), messages: [{ role: 'user', content: [image] }] }),
    );
    assert.deepEqual(
      [error.kind, error.message.slice(0, 35)],
      ['bad-request', 'The local runtime reads text only. '],
    );
  });

  test('tools, and what of a schema it does not hold the answer to, as warnings', async () => {
    const [first] = await answer(runtime, {
      ...ask(random, { maxOutputTokens: 1 }),
      tools: [{ name: 'now', parameters: {} }],
      responseFormat: { type: 'json-schema', name: 'code', schema: { type: 'string', pattern: '^x' } },
    });
    assert.equal(first?.type, 'start');
    assert.deepEqual(
      first.warnings.map(({ subject }) => subject),
      ['tools', 'responseFormat'],
    );
  });

  test('a bias on a token that the model does not have', async () => {
    const error = await errorOf(stream(ask(random, { logitBias: { '5000': 1 } })));
    assert.deepEqual(
      [error.kind, error.message.slice(0, 38)],
      ['bad-request', '"logitBias" names the token "5000". Na'],
    );
  });
});

function stream(request: ChatRequest): AsyncGenerator<ChatEvent> {
  return runtime.stream(request, new AbortController().signal);
}

function textsOf(events: readonly ChatEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'text' ? [event.text] : []));
}

/** The alternatives of the first token. */
function alternativesOf(events: readonly ChatEvent[]): readonly TokenAlternative[] {
  return logprobsOf(events)[0]?.alternatives ?? [];
}

function seedOf([first]: readonly ChatEvent[]): number | undefined {
  return first?.type === 'start' ? first.seed : undefined;
}

/** Without the last digits, in which two evaluations of one prompt differ. */
function rounded({ token, logprob }: TokenAlternative): [string, string] {
  return [token, logprob.toFixed(4)];
}

async function errorOrAnswer(events: AsyncIterable<ChatEvent>): Promise<string> {
  try {
    await collect(events);
    return 'answered';
  } catch (error) {
    return error instanceof Error && 'kind' in error ? String(error.kind) : 'failed';
  }
}
