/** What the real engine says of given texts and of places in an answer. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { textMessage } from '../../src/core/chat.ts';
import { writeRandomModel } from '../models/random.ts';
import { defaultAnswer, scriptedModel } from '../models/scripted.ts';
import { collect, logprobsOf, textOfAnswer, usageOf } from '../providers/contract.ts';
import { answer, ask, folder, newRuntime, write } from './localFixture.ts';

const random = join(folder, 'random.gguf');
writeRandomModel(random);
const story = write(
  'story.gguf',
  scriptedModel({ answer: ['Once', ' upon', ' a', ' time', '.'], template: null }),
);

const runtime = newRuntime();
const never = new AbortController().signal;
const messages = [textMessage('user', 'Who are you?')];

describe('the score of a text', () => {
  test('is high for what the model would say, and low for anything else', async () => {
    const said = await runtime.score(story, { text: 'Once upon a time.', alternatives: 1 }, never);
    assert.equal(said.unscored, 'Once');
    assert.deepEqual(
      said.tokens.map(({ token }) => token),
      [' upon', ' a', ' time', '.'],
    );
    assert.ok((said.perplexity ?? NaN) < 1.01, String(said.perplexity));
    const other = await runtime.score(story, { text: 'Once a time', alternatives: 1 }, never);
    assert.ok((other.perplexity ?? NaN) > 10, `${other.perplexity}`);
    assert.equal(other.tokens[0]?.alternatives[0]?.token, ' upon');
  });

  test('as an answer is what the answer itself was given', async () => {
    const events = await answer(runtime, ask(random, { temperature: 0, logprobs: 3, maxOutputTokens: 70 }));
    const text = textOfAnswer(events);
    const scored = await runtime.score(random, { text, after: messages, alternatives: 3 }, never);
    assert.equal(scored.unscored, '');
    const own = logprobsOf(events);
    // Where the text is cut into the same tokens again, they are as likely as when they were generated.
    let same = 0;
    while (same < own.length && own[same]?.id === scored.tokens[same]?.id) same++;
    assert.ok(same >= 1);
    for (let index = 0; index < same; index++)
      assert.ok(Math.abs((own[index]?.logprob ?? NaN) - (scored.tokens[index]?.logprob ?? NaN)) < 1e-2);
  });

  test('takes texts longer than one piece, none, and none that is longer than the window', async () => {
    const long = await runtime.score(
      'scripted',
      { text: defaultAnswer, after: messages, alternatives: 0 },
      never,
    );
    assert.equal(long.tokens.map(({ token }) => token).join(''), defaultAnswer);
    assert.ok(Number.isFinite(long.perplexity));
    assert.deepEqual(await runtime.score(story, { text: '', alternatives: 0 }, never), {
      tokens: [],
      unscored: '',
    });
    await assert.rejects(runtime.score(story, { text: 'word '.repeat(5000), alternatives: 0 }, never), {
      kind: 'context-overflow',
    });
  });

  test('does not disturb an answer beside it, and can be cancelled', async () => {
    const alone = textOfAnswer(await answer(runtime, ask(random, { seed: 1, maxOutputTokens: 40 })));
    const call = new AbortController();
    const beside = answer(runtime, ask(random, { seed: 1, maxOutputTokens: 40 }));
    const cancelled = runtime.score(random, { text: 'word '.repeat(800), alternatives: 1 }, call.signal);
    setTimeout(() => call.abort(), 30);
    await assert.rejects(cancelled, { kind: 'cancelled' });
    assert.equal(textOfAnswer(await beside), alone);
  });
});

describe('a place in an answer', () => {
  test('has a distribution of its own', async () => {
    const events = await answer(runtime, ask(random, { temperature: 0, logprobs: 5, maxOutputTokens: 6 }));
    const own = logprobsOf(events);
    const place = 4;
    const next = await runtime.nextToken(
      random,
      { messages, answer: own.slice(0, place).map(({ id = NaN }) => id), alternatives: 5 },
      never,
    );
    assert.deepEqual(
      next.alternatives.map(({ id }) => id),
      own[place]?.alternatives.map(({ id }) => id),
    );
    assert.ok(next.entropy[0] <= next.entropy[1]);
  });

  test('can be left another way, without evaluating what was there before', async () => {
    const settings = { temperature: 0, logprobs: 2, maxOutputTokens: 20 };
    const own = logprobsOf(await answer(runtime, ask(random, settings)));
    const ids = own.map(({ id = NaN }) => id);
    const same = await collect(runtime.streamFrom(ask(random, settings), ids.slice(0, 10), never));
    assert.deepEqual(
      logprobsOf(same)
        .slice(0, 5)
        .map(({ id }) => id),
      ids.slice(10, 15),
    );
    const { inputTokens, cachedTokens } = usageOf(same);
    assert.equal(cachedTokens, inputTokens - 1);
    const forced = own[5]?.alternatives[1]?.id ?? NaN;
    const other = await collect(
      runtime.streamFrom(ask(random, settings), [...ids.slice(0, 5), forced], never),
    );
    assert.notDeepEqual(logprobsOf(other)[0]?.id, ids[6]);
  });

  test('is refused where a token is none of the model’s', async () => {
    await assert.rejects(collect(runtime.streamFrom(ask(random), [1e6], never)), { kind: 'bad-request' });
  });
});

test('a model that is warmed is in memory before its first answer', async () => {
  const own = newRuntime();
  await own.warm('scripted', never);
  own.askState();
  for (let tries = 0; tries < 100 && !own.state?.models.length; tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(own.state?.models.length, 1);
  assert.equal(textOfAnswer(await answer(own, ask('scripted'))), defaultAnswer);
});
