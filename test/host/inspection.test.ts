import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { LlmError } from '../../src/core/errors.ts';
import { freePrice, ownPriceOf, type PriceTable } from '../../src/core/pricing.ts';
import { inspectedTokenizers } from '../../src/host/inspectedTokenizers.ts';
import { Inspection } from '../../src/host/inspection.ts';
import { inspectorRequestOf } from '../../src/host/inspectorRequest.ts';
import { emptyInspector, foldInspector, type InspectorMessage } from '../../src/inspectorProtocol.ts';
import { Tokenizer } from '../../src/node/tokenizer.ts';
import { scriptedModel } from '../models/scripted.ts';

const folder = mkdtempSync(join(tmpdir(), 'inspection-'));
const gguf = join(folder, 'model.gguf');
writeFileSync(gguf, scriptedModel({ answer: 'Hello world' }));
const tokenizer = new Tokenizer();
after(() => {
  tokenizer.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const subject = { name: 'a.txt', what: 'the selection' };
const always = new AbortController().signal;
const table: PriceTable = {
  'openai/gpt-5': { input: 2, output: 8, source: { kind: 'user', matchedId: 'openai/gpt-5' } },
};
const surroundings = {
  tokenizer,
  localFileOf: (model: string) => {
    if (model === 'none.gguf') throw new LlmError('bad-request', 'There is no local model "none.gguf".');
    return gguf;
  },
  priceOf: (modelId: string) =>
    Promise.resolve(modelId.startsWith('local/') ? freePrice : ownPriceOf(table, modelId)),
};
const compared = (ofFile: string, ...added: readonly string[]) =>
  inspectedTokenizers({ ofFile, added }, surroundings, always);
const { tokenizers } = await compared('openai/gpt-5');

test('the encodings and the vocabulary of a model are compared, and the one that counts is known', async () => {
  const namesFor = async (modelId: string) =>
    (await compared(modelId)).tokenizers.map(({ name, model, reason }) =>
      model && reason === 'file' ? `${name}: ${model.exactness}` : name,
    );
  assert.deepEqual(await namesFor('openai/gpt-4'), [
    'o200k_base',
    'cl100k_base: exact',
    'p50k_base',
    'r50k_base',
    'demo',
  ]);
  assert.equal((await namesFor('anthropic/claude-sonnet-5'))[0], 'o200k_base: estimate');
  assert.equal((await namesFor('local//models/qwen.gguf'))[4], 'qwen.gguf: exact');
});

test('models that were added stand behind them, each with its own price, which may be unknown', async () => {
  const { tokenizers: all } = await compared('openai/gpt-5', 'anthropic/claude-sonnet-5', 'openai/gpt-5');
  assert.deepEqual(
    all.map(({ id, source, reason, model }) => [
      id,
      typeof source === 'string' ? source : 'file',
      reason,
      model && (model.price?.input ?? 'unknown'),
    ]),
    [
      ['o200k_base', 'o200k_base', 'file', 2],
      ['cl100k_base', 'cl100k_base', 'standard', undefined],
      ['p50k_base', 'p50k_base', 'standard', undefined],
      ['r50k_base', 'r50k_base', 'standard', undefined],
      ['model', 'file', 'standard', 0],
      ['added:anthropic/claude-sonnet-5', 'o200k_base', 'added', 'unknown'],
      ['added:openai/gpt-5', 'o200k_base', 'added', 2],
    ],
  );
});

test('a model that was added and is not there says so in its row, and the others are counted', async () => {
  const { tokenizers: all } = await compared('openai/gpt-5', 'local/none.gguf');
  const { inspection } = started();
  await inspection.inspect('Hello', subject, all);
  const [first, last] = [inspection.state.tokenizers[0], inspection.state.tokenizers.at(-1)];
  assert.deepEqual(first?.count, { status: 'counted', tokens: 1 });
  assert.deepEqual(last?.count, {
    status: 'failed',
    message: 'There is no local model "none.gguf".',
  });
});

test('the column of a model that was added is shown at first, and again when it is added once more', async () => {
  const { tokenizers: all } = await compared('openai/gpt-5', 'openai/gpt-5');
  const { inspection } = started();
  const isShown = () => inspection.state.tokenizers.at(-1)?.tokens !== undefined;
  await inspection.inspect('Hello', subject, all);
  assert.equal(isShown(), true);
  await inspection.show('added:openai/gpt-5', false);
  assert.equal(isShown(), false);
  inspection.forget('added:openai/gpt-5');
  await inspection.inspect('Hello', subject, all);
  assert.equal(isShown(), true);
});

test('a short text is told once, with all its counts and the tokens of what is shown', async () => {
  // Reading the tables takes longer than a new text waits.
  await started().inspection.inspect('Hello', subject, tokenizers);
  const { inspection, told } = started();
  await inspection.inspect('Hello world', subject, tokenizers);
  assert.deepEqual(
    told.map(({ type }) => type),
    ['change'],
  );
  assert.deepEqual(
    inspection.state.tokenizers.map(({ name, isShown, count, tokens }) => [
      name,
      isShown,
      count,
      tokens?.ids,
    ]),
    [
      ['o200k_base', true, { status: 'counted', tokens: 2 }, [13225, 2375]],
      ['cl100k_base', true, { status: 'counted', tokens: 2 }, [9906, 1917]],
      ['p50k_base', false, { status: 'counted', tokens: 2 }, undefined],
      ['r50k_base', false, { status: 'counted', tokens: 2 }, undefined],
      ['demo', true, { status: 'counted', tokens: 2 }, [263, 268]],
    ],
  );
  assert.deepEqual(inspection.state.tokenizers[0]?.tokens, {
    ids: [13225, 2375],
    ends: [5, 11],
    bytes: '48656c6c6f20776f726c64',
    byteEnds: [5, 11],
  });
});

test('a column that is added gets its tokens, and one that is taken away loses them, also for the next text', async () => {
  const { inspection } = started();
  await inspection.inspect('Hello', subject, tokenizers);
  await inspection.show('r50k_base', true);
  await inspection.show('o200k_base', false);
  const shown = () => inspection.state.tokenizers.filter(({ tokens }) => tokens).map(({ name }) => name);
  assert.deepEqual(shown(), ['cl100k_base', 'r50k_base', 'demo']);
  await inspection.inspect('world', subject, tokenizers);
  assert.deepEqual(shown(), ['cl100k_base', 'r50k_base', 'demo']);
});

test('of a long text the first 20,000 tokens are shown and all are counted, with progress', async () => {
  const { inspection, told } = started();
  await inspection.inspect('the quick brown fox '.repeat(600_000), subject, tokenizers);
  const [o200k] = inspection.state.tokenizers;
  assert.deepEqual(
    [o200k?.tokens?.ids.length, o200k?.count],
    [20_000, { status: 'counted', tokens: 2_400_001 }],
  );
  const isProgress = (message: InspectorMessage) =>
    message.type === 'tokenizer' && message.tokenizer.count.status === 'counting';
  assert.ok(told.some(isProgress));
});

test('another text ends the count of the one before', async () => {
  const { inspection } = started();
  const first = inspection.inspect('word '.repeat(2_000_000), subject, tokenizers);
  await inspection.inspect('Hello', subject, tokenizers);
  await first;
  assert.deepEqual(inspection.state.subject, { ...subject, text: 'Hello', length: 5 });
  assert.deepEqual(inspection.state.tokenizers[0]?.count, { status: 'counted', tokens: 1 });
});

test('a model file that cannot be read is said beside its name, and the others are counted', async () => {
  const { inspection } = started();
  const missing = tokenizers.map((one) =>
    one.id === 'model' ? { ...one, source: { gguf: 'none.gguf' } } : one,
  );
  await inspection.inspect('Hello', subject, missing);
  const { count } = inspection.state.tokenizers[4] ?? {};
  assert.match(count?.status === 'failed' ? count.message : '', /none\.gguf.*cannot be read/);
  assert.deepEqual(inspection.state.tokenizers[3]?.count, { status: 'counted', tokens: 1 });
});

test('the merges of a word are answered by their number, and so is why there are none', async () => {
  const { inspection, told } = started();
  await inspection.inspect('Hello', subject, tokenizers);
  const ask = { type: 'steps', id: 'o200k_base', isStart: true } as const;
  await inspection.steps({ ...ask, request: 1, word: 'ab' });
  await inspection.steps({ ...ask, request: 2, word: 'a'.repeat(300) });
  assert.deepEqual(told.slice(1), [
    {
      type: 'steps',
      request: 1,
      steps: [
        {
          parts: [
            { id: 64, bytes: '61' },
            { id: 65, bytes: '62' },
          ],
        },
        { merged: 0, parts: [{ id: 378, bytes: '6162' }] },
      ],
    },
    { type: 'no-steps', request: 2, message: 'The word has 300 bytes; steps are shown for up to 256.' },
  ]);
});

test('what is told leads to the state, message by message', async () => {
  const { inspection, told } = started();
  await inspection.inspect('Hello', subject, tokenizers);
  inspection.follow(false);
  await inspection.show('p50k_base', true);
  assert.deepEqual(told.reduce(foldInspector, emptyInspector), inspection.state);
  await inspection.inspect('', subject, tokenizers);
  assert.deepEqual([inspection.state.subject, inspection.state.isFollowing], [null, false]);
});

test('what is no request of the page is none', () => {
  const known = { type: 'show', id: 'model', isShown: true };
  assert.deepEqual(inspectorRequestOf(known), known);
  const strange = [
    undefined,
    'show',
    { type: 'show', id: 1, isShown: true },
    { type: 'run' },
    { type: 'follow' },
    { type: 'remove' },
  ];
  assert.deepEqual(
    strange.map(inspectorRequestOf),
    strange.map(() => undefined),
  );
});

function started(): { readonly inspection: Inspection; readonly told: InspectorMessage[] } {
  const told: InspectorMessage[] = [];
  return { inspection: new Inspection(tokenizer, (message) => told.push(message)), told };
}
