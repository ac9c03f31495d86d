/** Tokens that are guessed ahead, and adapters over the weights: what they change, and what they must not. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ChatEvent, ChatRequest } from '../../src/core/chat.ts';
import { outputAdapter } from '../models/adapter.ts';
import { writeRandomModel } from '../models/random.ts';
import { scriptedModel } from '../models/scripted.ts';
import { errorOf, textOfAnswer, usageOf } from '../providers/contract.ts';
import { answer, ask, folder, newRuntime, scripted, write } from './localFixture.ts';

const random = join(folder, 'random.gguf');
writeRandomModel(random);
const other = join(folder, 'other.gguf');
writeRandomModel(other, { layers: 1, seed: 9 });
const song = 'Row, row, row your boat, row, row, row your boat, row, row, row your boat.';
const singer = write('singer.gguf', scriptedModel({ answer: ['Row', ' the', ' boat', ', '], endless: true }));

const runtime = newRuntime();

function asking(model: string, speculative: unknown, settings: ChatRequest['settings']): ChatRequest {
  return { ...ask(model, settings), providerOptions: { speculative } };
}

describe('tokens are guessed ahead', () => {
  test('where the text comes again, and most guesses are right', async () => {
    const settings = { maxOutputTokens: 200, temperature: 0 };
    const plain = await answer(runtime, asking(singer, false, settings));
    const ahead = await answer(runtime, asking(singer, true, settings));
    assert.equal(textOfAnswer(ahead), textOfAnswer(plain));
    assert.equal(usageOf(plain).draftTokens, undefined);
    const { draftTokens = 0, acceptedDraftTokens = 0, outputTokens } = usageOf(ahead);
    assert.equal(outputTokens, 200);
    assert.ok(acceptedDraftTokens > 150, `${acceptedDraftTokens} of ${draftTokens}`);
    assert.ok(acceptedDraftTokens / draftTokens > 0.9, `${acceptedDraftTokens} of ${draftTokens}`);
  });

  test('and a wrong guess changes nothing, with every sampler and probabilities', async () => {
    for (const settings of [
      { temperature: 0, maxOutputTokens: 120 },
      { temperature: 1.2, topK: 20, seed: 4, maxOutputTokens: 120 },
      { temperature: 1, seed: 4, repeatPenalty: 1.3, frequencyPenalty: 0.5, maxOutputTokens: 120 },
      { temperature: 0.7, seed: 2, logprobs: 3, maxOutputTokens: 60 },
    ]) {
      // A text that repeats itself invites guesses that the model does not follow.
      const asked = (speculative: boolean): ChatRequest => ({
        ...asking(random, speculative, settings),
        messages: [{ role: 'user', content: [{ type: 'text', text: song.repeat(4) }] }],
      });
      const plain = await answer(runtime, asked(false));
      const ahead = await answer(runtime, asked(true));
      assert.equal(textOfAnswer(ahead), textOfAnswer(plain), JSON.stringify(settings));
      const tokensOf = (events: readonly ChatEvent[]) =>
        events.flatMap((event) => (event.type === 'text' ? (event.logprobs ?? []).map(({ id }) => id) : []));
      assert.deepEqual(tokensOf(ahead), tokensOf(plain));
    }
  });

  test('by a smaller model, whose guesses are right where it is the same one', async () => {
    const settings = { temperature: 0, maxOutputTokens: 60 };
    const copy = join(folder, 'copy.gguf');
    writeRandomModel(copy);
    const plain = await answer(runtime, asking(random, false, settings));
    const ahead = await answer(runtime, asking(random, copy, settings));
    assert.equal(textOfAnswer(ahead), textOfAnswer(plain));
    const { draftTokens = 0, acceptedDraftTokens = 0 } = usageOf(ahead);
    assert.ok(acceptedDraftTokens / draftTokens > 0.9, `${acceptedDraftTokens} of ${draftTokens}`);
    const wrong = await answer(runtime, asking(random, other, settings));
    assert.equal(textOfAnswer(wrong), textOfAnswer(plain));
  });

  test('not by a model with other tokens, or one that is not there', async () => {
    const settings = { maxOutputTokens: 5 };
    const { message } = await errorOf(runtime.stream(asking(random, scripted, settings), always));
    assert.match(message, /has other tokens than the one that answers/);
    const missing = await errorOf(
      runtime.stream(asking(random, join(folder, 'none.gguf'), settings), always),
    );
    assert.match(missing.message, /There is no model file/);
    const relative = await errorOf(runtime.stream(asking(random, 'small.gguf', settings), always));
    assert.match(relative.message, /"speculative" of the local runtime is true, false, or the absolute path/);
  });

  test('and the next turn knows what was said all the same', async () => {
    const settings = { temperature: 0, maxOutputTokens: 40 };
    const cachedIn = async (speculative: boolean): Promise<number> => {
      const first = textOfAnswer(await answer(runtime, asking(singer, speculative, settings)));
      const said = { role: 'assistant' as const, content: [{ type: 'text' as const, text: first }] };
      const messages = [...ask(singer).messages, said, ...ask(singer).messages];
      const events = await answer(runtime, { ...asking(singer, speculative, settings), messages });
      return usageOf(events).cachedTokens ?? 0;
    };
    assert.equal(await cachedIn(true), await cachedIn(false));
  });
});

describe('an adapter', () => {
  const settings = { temperature: 0, maxOutputTokens: 8 };
  const withLora = (lora: unknown): ChatRequest => ({ ...ask(random, settings), providerOptions: { lora } });
  const size = 1024;
  const wanted = 300;
  const path = write('adapter.gguf', outputAdapter(128, new Float32Array(size).fill(0).with(wanted, 1e4)));

  test('changes what the model says, as strongly as it is told to, and only where it is named', async () => {
    const plain = textOfAnswer(await answer(runtime, ask(random, settings)));
    const ids = async (lora: unknown): Promise<readonly (number | undefined)[]> => {
      const asked = { ...withLora(lora), settings: { ...settings, logprobs: 0 } };
      const events = await answer(runtime, asked);
      return events
        .flatMap((event) => (event.type === 'text' ? (event.logprobs ?? []) : []))
        .map(({ id }) => id);
    };
    const both = [...(await ids(path)), ...(await ids([{ path, scale: -1 }]))];
    assert.ok(both.includes(wanted), both.join());
    assert.equal(textOfAnswer(await answer(runtime, withLora({ path, scale: 0 }))), plain);
    assert.equal(textOfAnswer(await answer(runtime, ask(random, settings))), plain);
  });

  test('that is missing, no GGUF or for another model says so', async () => {
    const messageOf = async (lora: unknown): Promise<string> =>
      (await errorOf(runtime.stream(withLora(lora), always))).message;
    assert.match(
      await messageOf(join(folder, 'none.gguf')),
      /There is no adapter .* in the provider option "lora"/,
    );
    assert.match(await messageOf(write('text.gguf', 'no adapter at all')), /is not a GGUF file/);
    assert.match(await messageOf(random), /cannot be applied/);
    const narrow = write('narrow.gguf', outputAdapter(64, new Float32Array(size)));
    assert.match(await messageOf(narrow), /cannot be applied\. Name one that was made for this very model/);
    assert.match(await messageOf('adapter.gguf'), /"lora" of the local runtime is the absolute path/);
    assert.equal(textOfAnswer(await answer(runtime, ask(random, settings))).length > 0, true);
  });
});

const always = new AbortController().signal;
