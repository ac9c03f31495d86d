import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { waitForUpdate } from '@pydantic/genai-prices';
import type { Usage } from '../../src/core/chat.ts';
import { costOf, type PriceTable } from '../../src/core/pricing.ts';
import { Prices } from '../../src/node/prices.ts';
import { tableDate } from '../../src/node/priceTable.ts';

const noon = new Date('2026-11-24T12:00:00Z');
const prices = new Prices({ own: () => ({}) });

/** What 1,000 tokens of input and 100 of output cost, unless a usage is given; rounded to a millionth of a cent. */
async function dollars(modelId: string, usage?: Usage, at = noon): Promise<number | undefined> {
  const price = await prices.priceOf(modelId, at);
  const cost = costOf(usage ?? { inputTokens: 1_000, outputTokens: 100 }, price);
  return cost && Number(cost.total.toFixed(8));
}

/** The table's name for the model whose price is taken; `undefined` when there is none. */
async function matched(modelId: string): Promise<string | undefined> {
  const source = (await prices.priceOf(modelId, noon))?.source;
  return source?.kind === 'table' ? source.matchedId : source?.kind;
}

describe('the table', () => {
  /** Worked out by hand: 1,000 × input + 100 × output, both per million. */
  const costs: readonly (readonly [modelId: string, usd: number])[] = [
    ['openai/gpt-5', 0.00225], // 1.25, 10
    ['openai/gpt-4o-mini', 0.00021], // 0.15, 0.60
    ['openai/o3', 0.0028], // 2, 8
    ['openai/gpt-4o-2024-05-13', 0.0065], // 5, 15: a snapshot that costs twice what its model costs
    ['anthropic/claude-sonnet-4-5', 0.0045], // 3, 15
    ['anthropic/claude-opus-4-1', 0.0225], // 15, 75
    ['gemini/gemini-2.5-flash', 0.00055], // 0.30, 2.50
    ['gemini/gemini-2.5-pro', 0.00225], // 1.25, 10
    ['groq/llama-3.3-70b-versatile', 0.000669], // 0.59, 0.79
    ['mistral/mistral-large-2512', 0.00065], // 0.50, 1.50
    ['openrouter/openai/gpt-5', 0.00225], // 1.25, 10
    ['together/meta-llama/Llama-3.3-70B-Instruct-Turbo', 0.000968], // 0.88, 0.88
    ['xai/grok-4', 0.0045], // 3, 15
    ['cohere/command-r7b', 0.0000525], // 0.0375, 0.15
    ['azure/gpt-4.1', 0.0028], // 2, 8: sold at OpenAI's price
  ];
  for (const [modelId, usd] of costs) {
    test(`has ${modelId}`, async () => assert.equal(await dollars(modelId), usd));
  }

  test('has caches of Anthropic: reads, writes for five minutes and writes for an hour', async () => {
    const usage = {
      inputTokens: 10_000,
      cachedTokens: 4_000,
      cacheWriteTokens: 3_000,
      cacheWriteHourTokens: 1_000,
      outputTokens: 0,
    };
    // 3,000 at 3, 4,000 at 0.30, 2,000 at 3.75, 1,000 at 6
    assert.equal(await dollars('anthropic/claude-sonnet-4-5', usage), 0.0237);
  });

  test('has the cache hits of DeepSeek', async () => {
    const usage = { inputTokens: 1_000, cachedTokens: 600, outputTokens: 100 };
    // 400 at 0.27, 600 at 0.07, 100 at 1.10
    assert.equal(await dollars('deepseek/deepseek-chat', usage), 0.00026);
  });

  test('charges all of a request by its length', async () => {
    const pro = (inputTokens: number): Promise<number | undefined> =>
      dollars('gemini/gemini-2.5-pro', { inputTokens, outputTokens: 1_000 });
    assert.equal(await pro(200_000), 0.26); // at 1.25 and 10
    assert.equal(await pro(200_001), 0.5150025); // at 2.50 and 15
    const claude = { inputTokens: 300_000, cachedTokens: 100_000, outputTokens: 1_000 };
    // 200,000 at 6, 100,000 at 0.60, 1,000 at 22.50
    assert.equal(await dollars('anthropic/claude-sonnet-4-5', claude), 1.2825);
  });

  test('has a limit that belongs to the higher price as the token before it', async () => {
    const grok = (inputTokens: number): Promise<number | undefined> =>
      dollars('xai/grok-4.3', { inputTokens, outputTokens: 0 });
    assert.deepEqual([await grok(199_999), await grok(200_000)], [0.24999875, 0.5]);
  });

  test('has prices that change on a day', async () => {
    const o3 = (day: string): Promise<number | undefined> => dollars('openai/o3', undefined, new Date(day));
    assert.equal(await o3('2025-06-09T23:59:59.999Z'), 0.014); // 10, 40
    assert.equal(await o3('2025-06-10T00:00:00Z'), 0.0028); // 2, 8
  });

  test('has prices that change with the time of day, in UTC, the end exclusive', async () => {
    const at = (time: string): Promise<number | undefined> =>
      dollars('deepseek/deepseek-chat', undefined, new Date(`2026-11-24T${time}Z`));
    const [high, low] = [0.00038, 0.00019]; // 0.27, 1.10 and 0.135, 0.55
    assert.deepEqual(
      [await at('00:29:59.999'), await at('00:30:00'), await at('16:29:59.999'), await at('16:30:00')],
      [low, high, high, low],
    );
  });

  test('has free models only where the service itself calls them so', async () => {
    assert.equal(await dollars('openrouter/deepseek/deepseek-chat:free'), 0);
    // Entries without a rate, free or never found.
    assert.equal(await dollars('cerebras/qwen-3-coder-480b'), undefined);
    assert.equal(await dollars('openai/moderation'), undefined);
  });

  test('has no price for what it prices in part: fees for requests, no rate for output', async () => {
    assert.equal(await dollars('perplexity/sonar'), undefined);
    assert.equal(await dollars('openai/text-embedding-3-small'), undefined);
  });

  test('has context windows where it knows them, and the longest answers come from a table beside it', async () => {
    const limits = async (id: string): Promise<unknown> => {
      const { contextWindow, maxOutputTokens } = await prices.limitsOf(id);
      return [contextWindow, maxOutputTokens];
    };
    assert.deepEqual(await limits('openai/gpt-5'), [400_000, 128_000]);
    assert.deepEqual(await limits('openai/gpt-5-mini-2025-08-07'), [400_000, 128_000]);
    assert.deepEqual(await limits('openai/gpt-5-chat-latest'), [128_000, 16_384]);
    assert.deepEqual(await limits('openai/gpt-4o-mini'), [128_000, 16_384]);
    assert.deepEqual(await limits('openai/o3'), [200_000, 100_000]);
    assert.deepEqual(await limits('gemini/gemini-2.5-pro'), [1_048_576, 65_536]);
    assert.deepEqual(await limits('anthropic/claude-sonnet-4-5'), [200_000, undefined]);
    assert.deepEqual(await limits('openai/gpt-5.9'), [undefined, undefined]);
  });

  test('is of the day on which its installed version was published', () => {
    const { version } = JSON.parse(
      readFileSync('node_modules/@pydantic/genai-prices/package.json', 'utf8'),
    ) as { version: string };
    assert.deepEqual({ version, tableDate }, { version: '0.1.8', tableDate: '2026-09-23' });
  });

  test('has only what is understood here: conditions of two kinds, times in UTC', async () => {
    const constraints = ((await waitForUpdate()) ?? [])
      .flatMap(({ models }) => models)
      .flatMap((model) => (Array.isArray(model.prices) ? model.prices : []))
      .flatMap(({ constraint }) => constraint ?? []);
    const strange = constraints.filter((constraint) =>
      constraint.type === 'start_date'
        ? !/^\d{4}-\d{2}-\d{2}$/.test(constraint.start_date)
        : ![constraint.start_time, constraint.end_time].every((time) => /^\d{2}:\d{2}:\d{2}Z$/.test(time)),
    );
    assert.deepEqual(strange, []);
    assert.ok(constraints.length > 20);
  });
});

describe('a model', () => {
  const cases: readonly (readonly [fact: string, modelId: string, matchedId: string | undefined])[] = [
    ['is found by its own id', 'openai/gpt-5', 'gpt-5'],
    ['is found by a dated snapshot', 'openai/gpt-5-2025-08-07', 'gpt-5'],
    [
      'is found by a dated snapshot of Anthropic',
      'anthropic/claude-sonnet-4-5-20250929',
      'claude-sonnet-4-5',
    ],
    ['is found by a dated snapshot of Vertex', 'gemini/claude-sonnet-4@20250514', 'claude-4-sonnet'],
    ['is found by a numbered version', 'gemini/gemini-2.0-flash-001', 'gemini-2.0-flash'],
    ['is found by a month', 'mistral/magistral-medium-2509', 'magistral-medium'],
    ['is found by its newest snapshot', 'anthropic/claude-3-5-sonnet-latest', 'claude-3-5-sonnet'],
    ['is found by another name that the table gives it', 'xai/grok-4-latest', 'grok-4-0709'],
    [
      'is found whatever the case',
      'together/META-LLAMA/llama-3.3-70b-instruct-turbo',
      'meta-llama/Llama-3.3-70B-Instruct-Turbo',
    ],
    [
      'is found by the id of Bedrock',
      'bedrock/us.anthropic.claude-opus-4-5-20251101-v1:0',
      'regional.anthropic.claude-opus-4-5-v1:0',
    ],
    ['that is not in the table is unknown', 'openai/gpt-5.9', undefined],
    ['of a provider that is not in the table is unknown', 'acme/gpt-5', undefined],
    ['of a provider whose name holds another is unknown', 'my-anthropic/claude-opus-5', undefined],
    ['of the editor is unknown', 'vscode/gpt-5', undefined],
    ['without a provider is unknown', 'gpt-5', undefined],
    // The table's rule for claude-sonnet-5 is a prefix.
    ['is not its sibling of a higher number', 'anthropic/claude-sonnet-5-5', undefined],
    ['is not its sibling of another kind', 'gemini/gemini-2.5-pro-experimental', undefined],
    ['is not a smaller sibling', 'gemini/gemini-2.0-flash-lite-001', 'gemini-2.0-flash-lite'],
    // Both were dearer than the model whose name they begin with.
    ['is not a snapshot that the table does not give it', 'cohere/command-r-plus-04-2024', undefined],
    ['is not a snapshot that the table has apart', 'openai/gpt-4o-2024-05-13', 'gpt-4o-2024-05-13'],
  ];
  for (const [fact, modelId, matchedId] of cases) {
    test(`${fact}: ${modelId}`, async () => assert.equal(await matched(modelId), matchedId));
  }

  test('carries the table’s name for it and the table’s date', async () => {
    assert.deepEqual((await prices.priceOf('openai/gpt-5-2025-08-07', noon))?.source, {
      kind: 'table',
      matchedId: 'gpt-5',
      date: '2026-09-23',
    });
  });

  test('of a server on this machine costs nothing', async () => {
    for (const modelId of ['local/demo', 'ollama/qwen3:8b', 'lmstudio/qwen3']) {
      assert.equal(await matched(modelId), 'local', modelId);
    }
  });

  test('of a provider with a name of the user’s own is that of its service', async () => {
    const named = new Prices({ own: () => ({}), serviceOf: (id) => ({ lab: 'ollama', work: 'openai' })[id] });
    assert.equal((await named.priceOf('lab/qwen3', noon))?.source.kind, 'local');
    assert.equal((await named.priceOf('work/gpt-5', noon))?.input, 1.25);
    assert.equal(await named.priceOf('mine/gpt-5', noon), undefined);
  });

  test('of such a server elsewhere, or passed on to a cloud, is unknown', async () => {
    const at = (address: string) => new Prices({ own: () => ({}), addressOf: () => address });
    assert.ok(await at('http://[::1]:11434').priceOf('ollama/qwen3', noon));
    assert.ok(await at('http://127.0.0.1:11434').priceOf('ollama/qwen3', noon));
    assert.equal(await at('https://ollama.com').priceOf('ollama/qwen3', noon), undefined);
    assert.equal(await at('http://127.0.0.1.example.com').priceOf('ollama/qwen3', noon), undefined);
    assert.equal(await matched('ollama/gpt-oss:120b-cloud'), undefined);
  });
});

describe('the user’s own price', () => {
  const entry = (matchedId: string, input: number) =>
    ({ input, output: 0, source: { kind: 'user', matchedId } }) as const;
  const own: PriceTable = {
    'openai/gpt-5': entry('openai/gpt-5', 7),
    'acme/*': entry('acme/*', 8),
    'ollama/*': entry('ollama/*', 9),
  };
  const mine = new Prices({ own: () => own });

  test('wins over the table and over free', async () => {
    assert.equal(await mine.priceOf('openai/gpt-5', noon), own['openai/gpt-5']);
    assert.equal(await mine.priceOf('ollama/qwen3', noon), own['ollama/*']);
  });

  test('prices what the table does not have', async () => {
    assert.equal(await mine.priceOf('acme/anything', noon), own['acme/*']);
  });

  test('leaves other models to the table', async () => {
    assert.equal((await mine.priceOf('openai/gpt-5-mini', noon))?.input, 0.25);
  });
});

test('the table is not loaded for a model of this machine', () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    const { Prices } = await import('./src/node/prices.ts');
    const prices = new Prices({ own: () => ({}) });
    const isLoaded = () => loaded.some((url) => url.includes('genai-prices'));
    await prices.priceOf('local/demo', new Date());
    const before = isLoaded();
    await prices.priceOf('openai/gpt-5', new Date());
    console.log(before, isLoaded());
  `;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.equal(stdout.trim(), 'false true');
});
