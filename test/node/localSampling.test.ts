/** What the samplers of the real engine do, and what is told of each token's distribution. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ChatEvent, ChatRequest, GenerationSettings, TokenLogprob } from '../../src/core/chat.ts';
import { writeRandomModel } from '../models/random.ts';
import { scriptedModel } from '../models/scripted.ts';
import { errorOf, textOfAnswer } from '../providers/contract.ts';
import { answer, ask, folder, newRuntime, write } from './localFixture.ts';

const random = join(folder, 'random.gguf');
writeRandomModel(random);

const runtime = newRuntime();

/** Cuts nothing. */
const open = { temperature: 1, topK: 0, topP: 1, minP: 0, seed: 1 } as const;

describe('each token tells', () => {
  test('the entropy of its distribution: exactly where all tokens are known, else between two values', async () => {
    const [first] = await tokensOf(random, { ...open, logprobs: 0, maxOutputTokens: 1 });
    const exact = await wholeEntropy(random);
    const [least = NaN, most = NaN] = first?.entropy ?? [];
    assert.ok(least <= exact + 1e-3 && exact <= most + 1e-3, `${least} ${exact} ${most}`);
    const [sure] = await tokensOf('scripted', { logprobs: 0, maxOutputTokens: 1 });
    assert.ok((sure?.entropy?.[1] ?? NaN) < 0.02, `${sure?.entropy?.join(' ')}`);
  });

  test('how much the sampler cut', async () => {
    const cutOf = async (settings: GenerationSettings): Promise<number> => {
      const [first] = await tokensOf(random, { ...open, logprobs: 100, maxOutputTokens: 1, ...settings });
      return first?.cut ?? NaN;
    };
    const [first] = await tokensOf(random, { ...open, logprobs: 100, maxOutputTokens: 1 });
    const shares = (first?.alternatives ?? []).map(({ logprob }) => Math.exp(logprob));
    const sum = (count: number): number => shares.slice(0, count).reduce((total, share) => total + share, 0);
    const near = (actual: number, expected: number): void =>
      assert.ok(Math.abs(actual - expected) < 1e-3, `${actual} and not ${expected}`);

    assert.equal(await cutOf({}), 0);
    near(await cutOf({ topK: 5 }), 1 - sum(5));
    near(await cutOf({ topK: 5, temperature: 2 }), 1 - sum(5));
    near(await cutOf({ topK: 5, temperature: 0.3 }), 1 - sum(5));
    near(await cutOf({ minP: 0.9999 }), 1 - sum(1));
    const nucleus = shares.findIndex((_, index) => sum(index + 1) >= 0.05) + 1;
    near(await cutOf({ topP: 0.05 }), 1 - sum(nucleus));
    const [greedy] = await tokensOf(random, { logprobs: 1, temperature: 0, maxOutputTokens: 1 });
    near(greedy?.cut ?? NaN, 1 - sum(1));
  });

  test('its number in the model', async () => {
    const [token] = await tokensOf(random, { temperature: 0, logprobs: 2, maxOutputTokens: 1 });
    const [, second] = token?.alternatives ?? [];
    assert.equal(typeof second?.id, 'number');
    const forced = await tokensOf(random, {
      temperature: 0,
      logprobs: 0,
      maxOutputTokens: 1,
      logitBias: { [String(second?.id)]: 100 },
    });
    assert.equal(forced[0]?.id, second?.id);
  });

  test('the same text with and without', async () => {
    const settings = { seed: 5, temperature: 1.5, topK: 30, maxOutputTokens: 30 };
    const plain = textOfAnswer(await answer(runtime, ask(random, settings)));
    assert.equal(textOfAnswer(await answer(runtime, ask(random, { ...settings, logprobs: 3 }))), plain);
  });
});

describe('an answer', () => {
  test('is drawn from all tokens with top-k 0', async () => {
    const tokens = await tokensOf(random, { ...open, logprobs: 100, maxOutputTokens: 60 });
    const below40 = tokens.filter(
      ({ id, alternatives }) => alternatives.findIndex((one) => one.id === id) >= 40,
    );
    const among1 = await tokensOf(random, { ...open, topK: 1, logprobs: 1, maxOutputTokens: 10 });
    assert.ok(
      below40.length +
        tokens.filter(({ id, alternatives }) => !alternatives.some((one) => one.id === id)).length >
        0,
    );
    assert.ok(among1.every(({ id, alternatives }) => alternatives[0]?.id === id));
  });

  test('leaves out the likeliest tokens with XTC', async () => {
    const settings = { ...open, topK: 2, logprobs: 2, maxOutputTokens: 10 };
    const tokens = await tokensOf(random, { ...settings, xtcProbability: 1, xtcThreshold: 0 });
    assert.ok(tokens.every(({ id, alternatives }) => alternatives[1]?.id === id));
    assert.ok((tokens[0]?.cut ?? 0) > 0);
  });

  test('leaves its circle with DRY', async () => {
    const circle = write('circle.gguf', scriptedModel({ answer: ['round', ' and '], endless: true }));
    const textWith = async (settings: GenerationSettings): Promise<string> =>
      textOfAnswer(await answer(runtime, ask(circle, { temperature: 0, maxOutputTokens: 40, ...settings })));
    assert.equal(await textWith({}), 'round and '.repeat(20));
    assert.notEqual(await textWith({ dryMultiplier: 5, dryBase: 3 }), 'round and '.repeat(20));
    assert.equal(
      await textWith({ dryMultiplier: 5, dryBase: 3, dryAllowedLength: 100 }),
      'round and '.repeat(20),
    );
  });

  test('is held to a grammar, and says what is wrong with one that cannot be read', async () => {
    const held = (grammar: string): ChatRequest => ({
      ...ask(random, { seed: 1, logprobs: 1 }),
      responseFormat: { type: 'gbnf', grammar },
    });
    const events = await answer(runtime, held('root ::= "yes" | "no"'));
    assert.match(textOfAnswer(events), /^(yes|no)$/);
    for (const grammar of ['root ::= (', 'answer ::= "yes"', 'root ::= missing']) {
      const error = await errorOf(runtime.stream(held(grammar), new AbortController().signal));
      assert.equal(error.kind, 'bad-request');
      assert.match(error.message, /^The grammar cannot be read/);
    }
    assert.match(textOfAnswer(await answer(runtime, held('root ::= "yes"'))), /^yes$/);
  });
});

/** From the log-probabilities of every token there is. */
async function wholeEntropy(model: string): Promise<number> {
  const [first] = await tokensOf(model, { ...open, logprobs: 100_000, maxOutputTokens: 1 });
  return (first?.alternatives ?? []).reduce((sum, { logprob }) => sum - Math.exp(logprob) * logprob, 0);
}

async function tokensOf(model: string, settings: GenerationSettings): Promise<readonly TokenLogprob[]> {
  const events: readonly ChatEvent[] = await answer(runtime, ask(model, settings));
  return events.flatMap((event) => (event.type === 'text' ? (event.logprobs ?? []) : []));
}
